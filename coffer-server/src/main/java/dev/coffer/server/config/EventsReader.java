package dev.coffer.server.config;

import dev.coffer.core.access.Secret;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.event.AddressPolicy;
import dev.coffer.core.event.TargetDraft;
import dev.coffer.core.event.TargetSettings;
import dev.coffer.core.event.TargetSpec.AwsPlace;
import dev.coffer.core.event.TargetType;
import dev.coffer.core.problem.Refused;
import dev.coffer.engine.event.EventRuleService;
import dev.coffer.server.config.EventsConfig.SnsEndpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Reads the section {@code events}. */
final class EventsReader {
    private static final long MOST_HOURS = 24 * 365;

    private final List<Scope> scopes;

    /**
     * @param scopes all accounts in all regions; the first is the default of rules
     */
    EventsReader(List<Scope> scopes) {
        this.scopes = scopes;
    }

    EventsConfig read(YamlObject root) {
        return root.object("events", Set.of("allow", "deadAfterHours", "sns", "rules"))
                .map(this::section)
                .orElse(EventsConfig.NONE);
    }

    private EventsConfig section(YamlObject events) {
        var allow = refusing(events, "allow", () -> AddressPolicy.of(events.texts("allow")));
        var deadAfter =
                events.text("deadAfterHours").map(text -> hours(events, text)).orElse(EventsConfig.NONE.deadAfter());
        var sns = new ArrayList<SnsEndpoint>();
        for (var node : events.list("sns")) {
            var object = events.element("events.sns[" + sns.size() + "]", node)
                    .allowing(Set.of("region", "endpoint", "accessKeyId", "secretAccessKey"));
            var endpoint = sns(object);
            if (sns.stream()
                    .anyMatch(other ->
                            other.place().region().equals(endpoint.place().region()))) {
                throw object.error("region", "region " + endpoint.place().region() + " stands twice");
            }
            sns.add(endpoint);
        }
        return new EventsConfig(allow, deadAfter, sns, rules(events));
    }

    private static Duration hours(YamlObject events, String text) {
        if (!text.matches("[0-9]{1,5}") || Long.parseLong(text) < 1 || Long.parseLong(text) > MOST_HOURS) {
            throw events.error("deadAfterHours", "deadAfterHours is a whole number from 1 to " + MOST_HOURS);
        }
        return Duration.ofHours(Long.parseLong(text));
    }

    private static SnsEndpoint sns(YamlObject object) {
        var region = refusing(object, "region", () -> new Region(object.required("region")));
        var endpoint = object.text("endpoint")
                .map(text -> refusing(object, "endpoint", () -> TargetSettings.url("endpoint", text)));
        return new SnsEndpoint(
                new AwsPlace(region.value(), endpoint, object.required("accessKeyId")),
                new Secret(object.required("secretAccessKey")));
    }

    private List<EventRuleService.Draft> rules(YamlObject events) {
        var rules = new ArrayList<EventRuleService.Draft>();
        var names = new HashSet<String>();
        for (var node : events.list("rules")) {
            var object = events.element("events.rules[" + rules.size() + "]", node)
                    .allowing(Set.of("name", "account", "region", "pattern", "enabled", "targets"));
            var rule = rule(object);
            if (!names.add(rule.scope() + "/" + rule.name())) {
                throw object.error("name", "rule " + rule.name() + " stands twice");
            }
            rules.add(rule);
        }
        return rules;
    }

    private EventRuleService.Draft rule(YamlObject object) {
        var enabled = object.text("enabled").orElse("true");
        if (!enabled.equals("true") && !enabled.equals("false")) {
            throw object.error("enabled", "enabled is true or false");
        }
        var targets = new ArrayList<TargetDraft>();
        for (var node : object.list("targets")) {
            targets.add(target(object.element("target " + (targets.size() + 1), node)));
        }
        return new EventRuleService.Draft(
                scope(object), object.required("name"), object.json("pattern"), enabled.equals("true"), targets);
    }

    private Scope scope(YamlObject object) {
        var first = scopes.getFirst();
        var scope = new Scope(
                refusing(
                        object,
                        "account",
                        () -> object.text("account").map(AccountId::new).orElse(first.account())),
                refusing(
                        object,
                        "region",
                        () -> object.text("region").map(Region::new).orElse(first.region())));
        if (!scopes.contains(scope)) {
            throw object.error(
                    object.has("account") ? "account" : "region", scope + " is not in 'accounts' and 'regions'");
        }
        return scope;
    }

    private static TargetDraft target(YamlObject object) {
        var type = TargetType.of(object.required("type"))
                .orElseThrow(() -> object.error("type", "unknown type. Known types: " + TargetType.names()));
        var keys = new TreeSet<>(type.settings());
        keys.add("id");
        keys.add("type");
        object.allowing(keys);
        var settings = new LinkedHashMap<String, String>();
        for (var key : type.settings()) {
            if (key.equals("to") && object.isList(key)) {
                settings.put(key, String.join(",", object.texts(key)));
            } else {
                object.text(key).ifPresent(value -> settings.put(key, value));
            }
        }
        return refusing(object, "type", () -> TargetSettings.draft(object.required("id"), type, settings));
    }

    private static <T> T refusing(YamlObject object, String key, Supplier<T> make) {
        try {
            return make.get();
        } catch (Refused wrong) {
            throw object.error(key, wrong.problem().message().replaceFirst("\\.$", ""));
        }
    }
}
