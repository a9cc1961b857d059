package dev.coffer.server.event;

import dev.coffer.core.event.EventRule;
import dev.coffer.core.event.EventTarget;
import dev.coffer.core.event.TargetDraft;
import dev.coffer.core.event.TargetSettings;
import dev.coffer.core.event.TargetSpec;
import dev.coffer.core.event.TargetType;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.engine.event.EventRuleService;
import dev.coffer.engine.event.TargetView;
import dev.coffer.server.admin.AdminAnswer;
import dev.coffer.server.admin.AdminCall;
import dev.coffer.server.admin.AdminEndpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Rules for events, and how their targets go.
 *
 * <table>
 * <caption>Paths</caption>
 * <tr><td>GET event-rules</td><td>the rules of the account and Region</td></tr>
 * <tr><td>GET event-rules/NAME</td><td>one rule; secrets and paths of webhooks are not shown</td></tr>
 * <tr><td>PUT event-rules/NAME</td><td>{@code {"Pattern": {...}, "Enabled": true, "Targets": [{"Id": "...", "Type": "WEBHOOK", "Url": "...", "Secret": "..."}]}} adds or replaces a rule</td></tr>
 * <tr><td>DELETE event-rules/NAME</td><td>removes a rule</td></tr>
 * <tr><td>GET event-targets</td><td>targets of rules and topics of vaults: state, events that wait, last error</td></tr>
 * </table>
 */
public final class EventPaths {
    private EventPaths() {}

    public static void addTo(AdminEndpoint admin, EventRuleService rules) {
        admin.put(
                "GET",
                "event-rules",
                call -> AdminAnswer.ok(Map.of(
                        "Rules",
                        rules.list(call.caller()).stream()
                                .map(EventPaths::shown)
                                .toList())));
        admin.put(
                "GET",
                "event-rules/{rule}",
                call -> AdminAnswer.ok(shown(rules.get(call.caller(), call.named("rule")))));
        admin.put("PUT", "event-rules/{rule}", call -> AdminAnswer.ok(shown(rules.put(call.caller(), draft(call)))));
        admin.put("DELETE", "event-rules/{rule}", call -> {
            rules.delete(call.caller(), call.named("rule"));
            return AdminAnswer.ok(Map.of());
        });
        admin.put(
                "GET",
                "event-targets",
                call -> AdminAnswer.ok(Map.of(
                        "Targets",
                        rules.targets(call.caller()).stream()
                                .map(EventPaths::shown)
                                .toList())));
    }

    private static EventRuleService.Draft draft(AdminCall call) {
        call.allow("Pattern", "Enabled", "Targets");
        var pattern = call.body().get("Pattern");
        if (pattern == null || pattern.isNull()) {
            throw new Refused(Problem.missing("Pattern is missing. It is an event pattern of EventBridge."));
        }
        var enabled = call.body().get("Enabled");
        if (enabled != null && !enabled.isBoolean()) {
            throw new Refused(Problem.invalid("Enabled is true or false."));
        }
        var targets = call.body().get("Targets");
        if (targets == null || !targets.isArray()) {
            throw new Refused(Problem.missing("Targets is missing. It is a list of targets."));
        }
        var drafts = new ArrayList<TargetDraft>();
        for (var target : targets) {
            drafts.add(target(target));
        }
        return new EventRuleService.Draft(
                call.caller().scope(),
                call.named("rule"),
                pattern.isString() ? pattern.stringValue() : pattern.toString(),
                enabled == null || enabled.booleanValue(),
                drafts);
    }

    private static TargetDraft target(JsonNode target) {
        if (!target.isObject()) {
            throw new Refused(Problem.invalid("A target is an object with Id, Type and settings."));
        }
        var settings = new LinkedHashMap<String, String>();
        for (var member : target.properties()) {
            settings.put(lowerFirst(member.getKey()), scalar(member.getKey(), member.getValue()));
        }
        var id = settings.remove("id");
        var type = settings.remove("type");
        if (id == null || type == null) {
            throw new Refused(Problem.missing("A target has an Id and a Type."));
        }
        return TargetSettings.draft(
                id,
                TargetType.of(type)
                        .orElseThrow(() -> new Refused(Problem.invalid("Type is one of " + TargetType.names() + "."))),
                settings);
    }

    private static String scalar(String name, JsonNode value) {
        if (value.isArray()) {
            var texts = new ArrayList<String>();
            value.forEach(each -> texts.add(scalar(name, each)));
            return String.join(",", texts);
        }
        if (!value.isString() && !value.isNumber()) {
            throw new Refused(Problem.invalid(name + " is a string, a number, or a list of strings."));
        }
        return value.asString();
    }

    private static Map<String, Object> shown(EventRule rule) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("Name", rule.name());
        shown.put("Pattern", rule.pattern());
        shown.put("Enabled", rule.enabled());
        shown.put("Origin", rule.origin().name());
        shown.put("ChangedAt", rule.changedAt().toString());
        shown.put("Targets", rule.targets().stream().map(EventPaths::shown).toList());
        return shown;
    }

    private static Map<String, Object> shown(EventTarget target) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("Id", target.id());
        shown.put("Type", target.spec().type().name());
        TargetSettings.of(target.spec()).forEach((key, value) -> shown.put(upperFirst(key), value));
        if (target.spec() instanceof TargetSpec.Webhook(var url)) {
            shown.put("Url", origin(url));
        }
        if (target.spec() instanceof TargetSpec.DailyDigest(TargetSpec.Webhook(var url), var _, var _)) {
            shown.put("Url", origin(url));
        }
        return shown;
    }

    /** The address without its path, which is often a secret. */
    private static String origin(java.net.URI url) {
        boolean more = url.getRawPath().length() > 1 || url.getRawQuery() != null;
        return url.getScheme() + "://" + url.getRawAuthority() + (more ? "/..." : "/");
    }

    private static Map<String, Object> shown(TargetView view) {
        var shown = new LinkedHashMap<String, Object>();
        switch (view.of()) {
            case TargetView.Of.Rule(var name, var target) -> {
                shown.put("Rule", name);
                shown.put("Id", target.id());
                shown.put("Type", target.spec().type().name());
            }
            case TargetView.Of.Vault(var name, var topic) -> {
                shown.put("BackupVaultName", name.value());
                shown.put("SNSTopicArn", topic.toString());
            }
        }
        shown.put("State", view.health().name());
        view.obstacle().ifPresent(why -> shown.put("Reason", why));
        shown.put("Waiting", view.waiting());
        view.state().ifPresent(state -> {
            shown.put("Delivered", state.delivered());
            shown.put("DeadLetters", state.dead());
            shown.put("FailedAttempts", state.attempts());
            state.lastError().ifPresent(why -> shown.put("LastError", why));
            state.lastErrorAt().ifPresent(at -> shown.put("LastErrorAt", at.toString()));
            state.lastDeliveredAt().ifPresent(at -> shown.put("LastDeliveredAt", at.toString()));
            state.notBefore().ifPresent(at -> shown.put("NextAttemptAt", at.toString()));
        });
        return shown;
    }

    private static String lowerFirst(String name) {
        return name.isEmpty() ? name : name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }

    private static String upperFirst(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }
}
