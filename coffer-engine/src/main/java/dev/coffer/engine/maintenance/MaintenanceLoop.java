package dev.coffer.engine.maintenance;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.maintenance.MaintenanceRun.State;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.repository.VerifyRequest;
import dev.coffer.core.vault.Vault;
import dev.coffer.engine.loop.Loop;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sweeps and verifies all vaults by themselves. What fails for one vault is logged, comes again, and keeps no other waiting. */
public final class MaintenanceLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MaintenanceLoop.class);
    private static final Duration SLICE_EVERY = Duration.ofDays(1);
    private static final Duration RETRY_AFTER = Duration.ofHours(1);

    private final Catalog catalog;
    private final MaintenanceService service;
    private final InstantSource clock;
    private final MaintenanceSchedule schedule;
    private final Loop loop;
    // When each vault was swept by this process; the thread's.
    private final Map<String, Instant> sweptAt = new HashMap<>();
    // When a verification that failed is tried again; the thread's.
    private final Map<String, Instant> retryAt = new HashMap<>();

    /** A loop that does nothing before {@link #start}. */
    public MaintenanceLoop(
            Catalog catalog,
            MaintenanceService service,
            InstantSource clock,
            MaintenanceSchedule schedule,
            Duration period) {
        this.catalog = catalog;
        this.service = service;
        this.clock = clock;
        this.schedule = schedule;
        this.loop = new Loop("maintenance", period, this::tick);
    }

    /** Starts the thread. */
    public void start() {
        loop.start();
    }

    /** Does what is due. */
    public void tick() throws InterruptedException {
        for (var vault : catalog.read(view -> view.vaults().all())) {
            try {
                sweepIfDue(vault);
                verifyIfDue(vault);
            } catch (Refused busy) {
                LOG.atDebug()
                        .addKeyValue("vault", vault.arn())
                        .setCause(busy)
                        .log("a vault is being maintained already");
            } catch (RuntimeException failure) {
                LOG.atWarn()
                        .addKeyValue("vault", vault.arn())
                        .setCause(failure)
                        .log("a vault could not be maintained; it will be tried again");
            }
        }
    }

    private void sweepIfDue(Vault vault) throws InterruptedException {
        var now = clock.instant();
        var key = vault.id().toString();
        // The first of a process comes when it has run for a while, not while it starts.
        var last = Optional.ofNullable(sweptAt.putIfAbsent(key, now)).orElse(now);
        if (!schedule.sweepEvery().isZero() && !now.isBefore(last.plus(schedule.sweepEvery()))) {
            sweptAt.put(key, now);
            service.sweepNow(vault);
        }
    }

    private void verifyIfDue(Vault vault) throws InterruptedException {
        if (schedule.verifyWithin().isZero()) {
            return;
        }
        var now = clock.instant();
        var name = "verify-rotation/" + vault.id();
        var last = catalog.read(view -> view.settings().installation(name)).flatMap(Rotation::of);
        var every = SLICE_EVERY.compareTo(schedule.verifyWithin()) < 0 ? SLICE_EVERY : schedule.verifyWithin();
        // A clock that was set back holds the next slice up by a day at most.
        boolean due = last.isEmpty()
                || !now.isBefore(last.get().at().plus(every))
                || now.isBefore(last.get().at());
        var retry = Optional.ofNullable(retryAt.get(vault.id().toString()));
        if (due && retry.filter(now::isBefore).isEmpty()) {
            var slice = Rotation.next(last, now, schedule.verifyWithin(), every);
            for (var range : slice) {
                if (service.verifyNow(vault, VerifyRequest.contentOf(range)).state() != State.COMPLETED) {
                    // It was not read, so the rotation is not further than before.
                    retryAt.put(vault.id().toString(), now.plus(RETRY_AFTER));
                    return;
                }
            }
            retryAt.remove(vault.id().toString());
            catalog.<Boolean>write(tx -> {
                tx.settings().putInstallation(name, Rotation.after(slice, now).text());
                return true;
            });
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
