package dev.coffer.engine.clock;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.clock.Heartbeat;
import dev.coffer.core.clock.HeartbeatSeal;
import dev.coffer.core.clock.Suspicion;
import dev.coffer.core.clock.TimeReading;
import dev.coffer.core.clock.VaultClock;
import dev.coffer.engine.loop.Loop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The vault clock of this installation: the only one that locks, holds and expiry ask. Its record is in the catalog; a loop writes a line every few minutes, and each decision reads the last line in its own transaction
 * and counts on from there. Safe for many threads.
 */
public final class TrustedClock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrustedClock.class);
    private static final String BEGUN = "vault-clock/begun";
    /** Of a line every ten minutes, those of about seventy days. */
    private static final int LINES_KEPT = 10_000;

    private final Catalog catalog;
    private final InstantSource system;
    private final LongSupplier monotonic;
    private final String boot;
    private final TimeWitnesses witnesses;
    private final HeartbeatSeal seal;
    private final Loop loop;

    /**
     * A clock that is to be begun before it is asked.
     *
     * @param system the host's clock
     * @param monotonic nanoseconds that nobody can set, of this process
     * @param boot names this process, and no other ever
     */
    public TrustedClock(
            Catalog catalog,
            InstantSource system,
            LongSupplier monotonic,
            UUID boot,
            TimeWitnesses witnesses,
            HeartbeatSeal seal,
            Duration period) {
        this.catalog = catalog;
        this.system = system;
        this.monotonic = monotonic;
        this.boot = boot.toString();
        this.witnesses = witnesses;
        this.seal = seal;
        this.loop = new Loop("vault clock", period, this::tick);
    }

    /** Checks the record and goes on from its last line; durable on return. To be called once, before anything asks. */
    public void begin() throws InterruptedException {
        var readings = witnesses.readings();
        var clock = catalog.write(tx -> {
            boolean begun = tx.settings().installation(BEGUN).isPresent();
            tx.settings().putInstallation(BEGUN, "yes");
            if (!begun && tx.clock().last().isEmpty()) {
                return append(tx, VaultClock.begun(system.instant()), Optional.empty());
            }
            var sound = seal.holds(tx.clock().newest(LINES_KEPT).reversed());
            var counted = counted(tx, readings);
            return append(tx, sound ? counted : counted.suspect(Suspicion.Reason.RECORD_BROKEN), Optional.empty());
        });
        tell(Optional.empty(), clock);
    }

    /** Starts the thread that writes the record. */
    public void start() {
        loop.start();
    }

    /** Writes a line. */
    public void tick() throws InterruptedException {
        record Step(VaultClock before, VaultClock after) {}
        var readings = witnesses.readings();
        var step = catalog.write(tx -> {
            var before = tx.clock().last().map(Heartbeat::clock).orElseGet(() -> VaultClock.begun(system.instant()));
            var after = append(tx, counted(tx, readings), Optional.empty());
            tx.clock().last().ifPresent(line -> tx.clock().deleteBefore(line.sequence() - LINES_KEPT));
            return new Step(before, after);
        });
        tell(Optional.of(step.before()), step.after());
    }

    /**
     * Trusts the clock again because a person vouches for the host's; durable on return.
     *
     * @param evidence who and why, kept in the record
     */
    public VaultClock acknowledge(String evidence) throws InterruptedException {
        var readings = witnesses.readings();
        var clock = catalog.write(tx ->
                append(tx, counted(tx, readings).acknowledged(system.instant(), readings), Optional.of(evidence)));
        LOG.atWarn()
                .addKeyValue("event", "clock.acknowledged")
                .addKeyValue("evidence", evidence)
                .addKeyValue("earliest", clock.earliest())
                .log("the vault clock was acknowledged");
        return clock;
    }

    /** The clock at this moment, as the transaction sees its record. */
    public VaultClock at(View view) {
        return counted(view, List.of());
    }

    private VaultClock counted(View view, List<TimeReading> readings) {
        var last = view.clock().last();
        if (last.filter(seal::holds).isPresent()) {
            return counted(last.get(), last.get().clock(), readings);
        }
        // What somebody wrote into the record counts for nothing, also after it has been acknowledged.
        return view.clock().newest(LINES_KEPT).stream()
                .filter(seal::holds)
                .findFirst()
                .map(line -> counted(line, line.clock().suspect(Suspicion.Reason.RECORD_BROKEN), readings))
                .orElseGet(() -> VaultClock.unknown(system.instant()));
    }

    private VaultClock counted(Heartbeat line, VaultClock clock, List<TimeReading> readings) {
        return line.boot().equals(boot)
                ? clock.ran(
                        Duration.ofNanos(Math.max(0, monotonic.getAsLong() - line.monotonic())),
                        system.instant(),
                        readings)
                : clock.resumed(system.instant(), readings);
    }

    private VaultClock append(Transaction tx, VaultClock clock, Optional<String> evidence) {
        tx.clock().append(seal.next(tx.clock().last(), boot, monotonic.getAsLong(), clock, evidence));
        return clock;
    }

    private static void tell(Optional<VaultClock> before, VaultClock now) {
        boolean was = before.filter(clock -> !clock.isTrusted()).isPresent();
        if (!now.isTrusted() && !was) {
            now.suspicion()
                    .ifPresent(doubt -> LOG.atError()
                            .addKeyValue("event", "clock.suspect")
                            .addKeyValue("reason", doubt.reason())
                            .addKeyValue("earliest", now.earliest())
                            .addKeyValue("system", now.system())
                            .log("the vault clock is suspect: " + doubt.reason().text()
                                    + ". Nothing is deleted until it is trusted again; backups and restores go on."));
        } else if (now.isTrusted() && was) {
            LOG.atWarn()
                    .addKeyValue("event", "clock.trusted")
                    .addKeyValue("earliest", now.earliest())
                    .log("the vault clock is trusted again");
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
