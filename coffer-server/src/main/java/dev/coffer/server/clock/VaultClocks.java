package dev.coffer.server.clock;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.clock.HeartbeatSeal;
import dev.coffer.engine.clock.TimeWitnesses;
import dev.coffer.engine.clock.TrustedClock;
import dev.coffer.server.node.NodeKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/** Makes the vault clock of this host. */
public final class VaultClocks {
    private static final Duration LINE_EVERY = Duration.ofMinutes(10);

    private VaultClocks() {}

    /**
     * The clock, which its caller begins and closes. Its record is sealed under the node's key.
     *
     * @param every how often a loop looks that usually looks so often
     */
    public static TrustedClock of(
            Catalog catalog,
            InstantSource system,
            LongSupplier monotonic,
            UnaryOperator<Duration> every,
            UUID boot,
            TimeWitnesses witnesses,
            NodeKey key) {
        return new TrustedClock(
                catalog,
                system,
                monotonic,
                boot,
                witnesses,
                new HeartbeatSeal(key.derive("vault clock")),
                every.apply(LINE_EVERY));
    }
}
