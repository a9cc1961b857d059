package dev.coffer.server.event;

import dev.coffer.aws.event.RulerPatterns;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.access.SecretSealer;
import dev.coffer.engine.event.CatalogRecipients;
import dev.coffer.engine.event.DeliveryRules;
import dev.coffer.engine.event.DigestLoop;
import dev.coffer.engine.event.EventRuleService;
import dev.coffer.engine.event.OutboxPump;
import dev.coffer.engine.vault.VaultNotificationService;
import dev.coffer.server.config.ConfigException;
import dev.coffer.server.config.EventsConfig;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLSocketFactory;

/** Everything that tells events to the outside, put together. Its owner closes it. */
public final class EventDelivery implements AutoCloseable {
    private static final Duration EVENTS_EVERY = Duration.ofSeconds(1);
    private static final Duration DIGESTS_EVERY = Duration.ofSeconds(30);

    private final EventRuleService rules;
    private final VaultNotificationService notifications;
    private final OutboxPump pump;
    private final DigestLoop digests;

    private EventDelivery(
            EventRuleService rules, VaultNotificationService notifications, OutboxPump pump, DigestLoop digests) {
        this.rules = rules;
        this.notifications = notifications;
        this.pump = pump;
        this.digests = digests;
    }

    /**
     * Puts the parts together and makes the rules of the configuration those of the catalog. Nothing is sent before {@link #start}.
     *
     * @param logs the folder of an account's and Region's event logs, made if it is missing
     * @throws ConfigException if a rule of the configuration cannot be
     */
    public static EventDelivery of(
            EventsConfig config,
            Catalog catalog,
            Gate gate,
            SecretSealer sealer,
            Function<Scope, Path> logs,
            InstantSource clock,
            RandomGenerator random) {
        if (!(SSLSocketFactory.getDefault() instanceof SSLSocketFactory tls)) {
            throw new IllegalStateException("the JDK has no TLS");
        }
        var outlets = new ConfiguredOutlets(config, InetAddress::getAllByName, tls, logs, clock);
        var patterns = new RulerPatterns();
        var patience = new DeliveryRules(
                DeliveryRules.STANDARD.firstPause(), DeliveryRules.STANDARD.longestPause(), config.deadAfter());
        var pump = new OutboxPump(
                catalog,
                List.of(new LogSink()),
                new CatalogRecipients(catalog, patterns, outlets, sealer),
                patience,
                clock,
                random,
                EVENTS_EVERY);
        var rules = new EventRuleService(catalog, gate, patterns, outlets, sealer, clock, pump::wake);
        config.load(rules);
        return new EventDelivery(
                rules,
                new VaultNotificationService(catalog, gate, pump::wake),
                pump,
                new DigestLoop(catalog, outlets, sealer, patience, clock, random, DIGESTS_EVERY));
    }

    public EventRuleService rules() {
        return rules;
    }

    public VaultNotificationService notifications() {
        return notifications;
    }

    /** Brings events to their sinks. */
    public OutboxPump pump() {
        return pump;
    }

    /** Begins to send. */
    public void start() {
        pump.start();
        digests.start();
    }

    @Override
    public void close() {
        digests.close();
        pump.close();
    }
}
