package dev.coffer.engine.clock;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.clock.Heartbeat;
import dev.coffer.core.clock.HeartbeatSeal;
import dev.coffer.core.clock.Suspicion;
import dev.coffer.core.clock.TimeReading;
import dev.coffer.core.clock.VaultClock;
import dev.coffer.core.job.RunnerId;
import dev.coffer.engine.loop.Loop;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The vault clock of this installation: the only one that locks, holds and expiry ask. Its record is in the catalog; a loop writes a line every few minutes, and each decision reads the last line in its own transaction
 * and counts on from there. Safe for many threads.
 *
 * <p>Of several processes that share the catalog one keeps the record, since only its own monotonic clock can count on from a line: the one that wrote the last line. The others believe the early end of that line as it stands, which
 * is late by a few minutes at most and so frees nothing too soon. When the keeper has written no line for two and a half periods, or was an earlier start of the same node, the next process takes the record over, as after a start.
 */
public final class TrustedClock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrustedClock.class);
    private static final String BEGUN = "vault-clock/begun";
    /** Of a line every ten minutes, those of about seventy days. */
    private static final int LINES_KEPT = 10_000;

    private static final long STOOD_STILL_NANOS = 1_000_000_000;

    private final Catalog catalog;
    private final InstantSource system;
    private final LongSupplier monotonic;
    private final RunnerId runner;
    private final TimeWitnesses witnesses;
    private final HeartbeatSeal seal;
    /** How old the last line of another process may be. */
    private final Duration keptFor;

    /**
     * Both clocks at one moment.
     *
     * @param monotonic nanoseconds
     */
    private record Moment(long monotonic, Instant system) {}

    private final Loop loop;

    /**
     * A clock that is to be begun before it is asked.
     *
     * @param system the host's clock; that of the database, if several hosts share the catalog
     * @param monotonic nanoseconds that nobody can set, of this process
     * @param runner this process, and no other ever
     */
    public TrustedClock(
            Catalog catalog,
            InstantSource system,
            LongSupplier monotonic,
            RunnerId runner,
            TimeWitnesses witnesses,
            HeartbeatSeal seal,
            Duration period) {
        this.catalog = catalog;
        this.system = system;
        this.monotonic = monotonic;
        this.runner = runner;
        this.keptFor = period.multipliedBy(2).plus(period.dividedBy(2));
        this.witnesses = witnesses;
        this.seal = seal;
        this.loop = new Loop("vault clock", period, this::tick);
    }

    /** Checks the record and goes on from its last line; durable on return. To be called once, before anything asks. */
    public void begin() throws InterruptedException {
        var readings = witnesses.readings();
        var clock = catalog.write(tx -> {
            var now = now();
            boolean begun = tx.settings().installation(BEGUN).isPresent();
            tx.settings().putInstallation(BEGUN, "yes");
            if (!begun && tx.clock().last().isEmpty()) {
                return append(tx, now, VaultClock.begun(now.system()), Optional.empty());
            }
            if (keptByAnother(tx)) {
                return at(tx);
            }
            var sound = seal.holds(tx.clock().newest(LINES_KEPT).reversed());
            var counted = counted(tx, now, readings);
            return append(tx, now, sound ? counted : counted.suspect(Suspicion.Reason.RECORD_BROKEN), Optional.empty());
        });
        tell(Optional.empty(), clock);
    }

    /** Starts the thread that writes the record. */
    public void start() {
        loop.start();
    }

    /** Writes a line, if this process keeps the record. */
    public void tick() throws InterruptedException {
        record Step(VaultClock before, VaultClock after) {}
        var readings = witnesses.readings();
        var step = catalog.write(tx -> {
            var before = tx.clock().last().map(Heartbeat::clock).orElseGet(() -> VaultClock.begun(system.instant()));
            if (keptByAnother(tx)) {
                return new Step(before, before);
            }
            var now = now();
            var after = append(tx, now, counted(tx, now, readings), Optional.empty());
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
        var clock = catalog.write(tx -> {
            var now = now();
            return append(
                    tx, now, counted(tx, now, readings).acknowledged(now.system(), readings), Optional.of(evidence));
        });
        LOG.atWarn()
                .addKeyValue("event", "clock.acknowledged")
                .addKeyValue("evidence", evidence)
                .addKeyValue("earliest", clock.earliest())
                .log("the vault clock was acknowledged");
        return clock;
    }

    /** The clock at this moment, as the transaction sees its record. */
    public VaultClock at(View view) {
        return counted(view, now(), List.of());
    }

    /** Reads both clocks; again, if the process stood still in between, since one that moved and one that did not would stay apart for ever. */
    private Moment now() {
        while (true) {
            long before = monotonic.getAsLong();
            var moment = new Moment(before, system.instant());
            if (monotonic.getAsLong() - before <= STOOD_STILL_NANOS) {
                return moment;
            }
        }
    }

    private VaultClock counted(View view, Moment now, List<TimeReading> readings) {
        var last = view.clock().last();
        if (last.filter(seal::holds).isPresent()) {
            return counted(last.get(), last.get().clock(), now, readings);
        }
        // What somebody wrote into the record counts for nothing, also after it has been acknowledged.
        return view.clock().newest(LINES_KEPT).stream()
                .filter(seal::holds)
                .findFirst()
                .map(line -> counted(line, line.clock().suspect(Suspicion.Reason.RECORD_BROKEN), now, readings))
                .orElseGet(() -> VaultClock.unknown(now.system()));
    }

    private VaultClock counted(Heartbeat line, VaultClock clock, Moment now, List<TimeReading> readings) {
        if (line.boot().equals(runner.toString())) {
            return clock.ran(Duration.ofNanos(Math.max(0, now.monotonic() - line.monotonic())), now.system(), readings);
        }
        return isKeeping(line) ? clock.seen(now.system()) : clock.resumed(now.system(), readings);
    }

    private boolean keptByAnother(View view) {
        return view.clock()
                .last()
                .filter(line -> !line.boot().equals(runner.toString()) && isKeeping(line))
                .isPresent();
    }

    /** Whether the process that wrote the line may still count on from it. An earlier start of this node is dead; a line without a node is of a version that knew only one. */
    private boolean isKeeping(Heartbeat line) {
        boolean ofAnotherNode = line.boot().contains("/") && !line.boot().startsWith(runner.node() + "/");
        var age = Duration.between(line.clock().system(), system.instant());
        return ofAnotherNode && age.abs().compareTo(keptFor) <= 0;
    }

    private VaultClock append(Transaction tx, Moment now, VaultClock clock, Optional<String> evidence) {
        tx.clock().append(seal.next(tx.clock().last(), runner.toString(), now.monotonic(), clock, evidence));
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
