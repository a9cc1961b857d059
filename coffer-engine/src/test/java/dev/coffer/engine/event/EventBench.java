package dev.coffer.engine.event;

import dev.coffer.core.access.Secret;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.event.DeliveryException;
import dev.coffer.core.event.Digest;
import dev.coffer.core.event.Event;
import dev.coffer.core.event.EventJson;
import dev.coffer.core.event.EventPatterns;
import dev.coffer.core.event.EventRule;
import dev.coffer.core.event.EventRule.Origin;
import dev.coffer.core.event.Notice;
import dev.coffer.core.event.Outlet;
import dev.coffer.core.event.Outlets;
import dev.coffer.core.event.TargetDraft;
import dev.coffer.core.event.TargetSettings;
import dev.coffer.core.event.TargetSpec;
import dev.coffer.core.event.TargetType;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.engine.EngineBench;
import dev.coffer.engine.access.SecretSealer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** What delivers events, over ways out that remember what was sent and fail when they are told to. */
final class EventBench implements Outlets, EventPatterns, SecretSealer {
    /** Hours after which an event is given up. */
    static final Duration DEAD_AFTER = Duration.ofHours(10);

    final EngineBench bench;
    final List<String> sent = new ArrayList<>();
    final List<Digest> digests = new ArrayList<>();
    final List<Notice> notices = new ArrayList<>();
    final List<String> secrets = new ArrayList<>();
    final AtomicInteger changes = new AtomicInteger();
    Optional<DeliveryException> failure = Optional.empty();
    /** Why the ways of digests to a host cannot be opened. */
    final Map<String, RuntimeException> unopenable = new HashMap<>();

    Optional<String> obstacle = Optional.empty();
    final EventRuleService rules;

    EventBench(EngineBench bench) {
        this.bench = bench;
        this.rules = new EventRuleService(
                bench.catalog, bench.gate, this, this, this, bench.clock, changes::incrementAndGet);
    }

    DeliveryRules patience() {
        return new DeliveryRules(Duration.ofSeconds(1), Duration.ofMinutes(5), DEAD_AFTER);
    }

    OutboxPump pump() {
        return new OutboxPump(
                bench.catalog,
                List.of(),
                new CatalogRecipients(bench.catalog, this, this, this),
                patience(),
                bench.duty(bench.catalog, "events"),
                bench.clock,
                new Random(1),
                Duration.ofHours(1));
    }

    DigestLoop digestLoop() {
        return new DigestLoop(
                bench.catalog,
                this,
                this,
                patience(),
                bench.duty(bench.catalog, "events"),
                bench.clock,
                new Random(1),
                Duration.ofHours(1));
    }

    static EventRuleService.Draft rule(String name, String pattern, TargetDraft... targets) {
        return new EventRuleService.Draft(EngineBench.ADMIN.scope(), name, pattern, true, List.of(targets));
    }

    static TargetDraft webhook(String id, String host) {
        return TargetSettings.draft(
                id,
                TargetType.WEBHOOK,
                Map.of("url", "https://" + host + "/hook", "secret", "a secret of " + host + " that is long"));
    }

    static TargetDraft digest(String id, String at, String zone) {
        return digest(id, at, zone, "digest.example.org");
    }

    static TargetDraft digest(String id, String at, String zone, String host) {
        return TargetSettings.draft(
                id,
                TargetType.DIGEST,
                Map.of(
                        "via",
                        "webhook",
                        "url",
                        "https://" + host + "/",
                        "secret",
                        "a secret that is long enough",
                        "at",
                        at,
                        "zone",
                        zone));
    }

    private <M> void send(List<M> box, M message) {
        if (failure.isPresent()) {
            throw failure.get();
        }
        box.add(message);
    }

    @Override
    public Outlet<Event> events(TargetSpec.OfEvents target, Optional<Secret> secret, EventRule rule) {
        secret.ifPresent(clear -> secrets.add(clear.value()));
        var name = target instanceof TargetSpec.Webhook(var url) ? url.getHost() : target.toString();
        return event -> send(sent, name + " " + event.detail().get("number"));
    }

    @Override
    public Outlet<Digest> digests(TargetSpec.Way way, Optional<Secret> secret, EventRule rule) {
        if (way instanceof TargetSpec.Webhook(var url) && unopenable.containsKey(url.getHost())) {
            throw unopenable.get(url.getHost());
        }
        return digest -> send(digests, digest);
    }

    @Override
    public Outlet<Notice> notices(Arn topic) {
        return notice -> send(notices, notice);
    }

    @Override
    public Optional<String> topicObstacle(Arn topic) {
        return obstacle;
    }

    @Override
    public Optional<Problem> objectionTo(TargetSpec target, Origin origin) {
        return target instanceof TargetSpec.Webhook(var url) && url.getHost().startsWith("forbidden")
                ? Optional.of(Problem.invalid("address not allowed by policy"))
                : Optional.empty();
    }

    /** Patterns of this bench are texts that the JSON of the event holds. */
    @Override
    public Pattern compile(String json) {
        if (json.equals("broken")) {
            throw new Refused(Problem.invalid("The event pattern is not valid."));
        }
        return event -> event.contains(json);
    }

    @Override
    public String seal(String secret) {
        return new StringBuilder(secret).reverse().toString();
    }

    @Override
    public String unseal(String text) {
        return seal(text);
    }

    /** Emits an event with a number; the JSON holds {@code "number":N}. */
    Event emit(int number) {
        var event = new Event(
                bench.ids.get(),
                "Test",
                EngineBench.ADMIN.scope(),
                bench.clock.instant(),
                List.of(),
                Map.of("number", (long) number));
        bench.write(tx -> tx.emit(event));
        if (!EventJson.of(event).contains("\"number\":" + number)) {
            throw new AssertionError(EventJson.of(event));
        }
        return event;
    }
}
