package dev.coffer.engine.maintenance;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.maintenance.MaintenanceRun;
import dev.coffer.core.maintenance.MaintenanceRun.Kind;
import dev.coffer.core.maintenance.MaintenanceRun.Result;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.repository.PackRange;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.VerifyReport;
import dev.coffer.core.repository.VerifyRequest;
import dev.coffer.core.repository.VerifyRequest.Depth;
import dev.coffer.core.store.StoreException;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultLock;
import dev.coffer.core.vault.VaultName;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.clock.TrustedClock;
import dev.coffer.engine.loop.Loop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maintenance of vaults. A run on demand goes on in a thread of its own. Runs are in the catalog, for every process to see; of each kind the last {@value #RUNS_KEPT} of a vault are kept. Of one kind, one run of a vault goes
 * on at a time, whichever process does it. A run whose process is gone is shown as interrupted, and ended by the next look of any process. Safe for many threads.
 */
public final class MaintenanceService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MaintenanceService.class);
    private static final int RUNS_KEPT = 20;
    private static final int POINTS_NAMED = 20_000;
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final Duration RENEW_EVERY = Duration.ofMinutes(1);

    private final Catalog catalog;
    private final Repositories repositories;
    private final Gate gate;
    private final InstantSource clock;
    private final Supplier<UUID> ids;
    private final TrustedClock trusted;
    private final AtomicReference<MaintenanceObserver> observer = new AtomicReference<>(MaintenanceObserver.NONE);
    private final RunnerId runner;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("maintenance-", 1).factory());
    private final Loop leases = new Loop("maintenance leases", RENEW_EVERY, this::tick);

    /** @param runner this process */
    public MaintenanceService(
            Catalog catalog,
            Repositories repositories,
            Gate gate,
            InstantSource clock,
            Supplier<UUID> ids,
            TrustedClock trusted,
            RunnerId runner) {
        this.catalog = catalog;
        this.repositories = repositories;
        this.gate = gate;
        this.clock = clock;
        this.ids = ids;
        this.trusted = trusted;
        this.runner = runner;
    }

    /** Whom to tell what was done. */
    public void onEnd(MaintenanceObserver listener) {
        observer.set(listener);
    }

    /** Frees what no recovery point needs. */
    public MaintenanceRun sweep(Caller caller, String vault) {
        return start(checked(caller, vault, "coffer:SweepBackupVault"), Kind.SWEEP, this::swept);
    }

    /** Looks for damage. */
    public MaintenanceRun verify(Caller caller, String vault, Depth depth) {
        var request = new VerifyRequest(depth, PackRange.ALL, Optional.empty());
        return start(
                checked(caller, vault, "coffer:VerifyBackupVault"),
                Kind.VERIFY,
                found -> new Result.Verified(verified(found, request)));
    }

    /** Wraps the vault's data key under the present wrapping key alone. */
    public MaintenanceRun rewrap(Caller caller, String vault) {
        return start(
                checked(caller, vault, "coffer:RewrapBackupVault"),
                Kind.REWRAP,
                found -> new Result.Rewrapped(repositories.rewrap(found.scope(), found.name(), found.id())));
    }

    /** The run, if it is one of the caller's. */
    public MaintenanceRun get(Caller caller, String id) {
        return catalog.read(view -> view.maintenance().find(caller.scope(), id))
                .map(run -> run.seenBy(runner, clock.instant()))
                .orElseThrow(() -> new Refused(Problem.notFound("There is no maintenance run " + id + ".")));
    }

    /** The runs of a vault, the newest first. */
    public List<MaintenanceRun> list(Caller caller, String vault) {
        var found = checked(caller, vault, "coffer:ListMaintenance");
        return catalog.read(view -> view.maintenance().of(found.id())).stream()
                .map(run -> run.seenBy(runner, clock.instant()))
                .toList();
    }

    private Vault checked(Caller caller, String name, String action) {
        gate.check(caller, action, Arn.ofVault(caller.scope(), name));
        return catalog.read(view -> view.vaults().find(caller.scope(), new VaultName(name)))
                .orElseThrow(() -> new Refused(Problem.notFound("Backup vault " + name + " does not exist.")));
    }

    private interface Work {
        Result of(Vault vault) throws InterruptedException;
    }

    private MaintenanceRun start(Vault vault, Kind kind, Work work) {
        var run = begun(vault, kind);
        threads.execute(() -> keep(ended(run, vault, work)));
        return run;
    }

    /**
     * Frees what no recovery point of the vault needs, in this thread, as a run like any other.
     *
     * @throws Refused INVALID_REQUEST while another one goes on
     */
    MaintenanceRun sweepNow(Vault vault) throws InterruptedException {
        return now(vault, Kind.SWEEP, this::swept);
    }

    /** The same for verification. */
    MaintenanceRun verifyNow(Vault vault, VerifyRequest request) throws InterruptedException {
        return now(vault, Kind.VERIFY, found -> new Result.Verified(verified(found, request)));
    }

    private MaintenanceRun now(Vault vault, Kind kind, Work work) throws InterruptedException {
        var ended = ended(begun(vault, kind), vault, work);
        keep(ended);
        if (Thread.interrupted()) {
            throw new InterruptedException("stopped during maintenance");
        }
        return ended;
    }

    /** One of a kind at a time, of whichever process: the catalog decides. */
    private MaintenanceRun begun(Vault vault, Kind kind) {
        var id = ids.get().toString();
        return catalog.write(tx -> {
            var now = clock.instant();
            for (var other : tx.maintenance().of(vault.id())) {
                if (other.kind() != kind || !other.isRunning()) {
                    continue;
                }
                if (!other.isLost(runner, now)) {
                    throw new Refused(Problem.invalidRequest("A " + kind + " of backup vault " + vault.name()
                            + " is running, as run " + other.id() + ". Wait for its end."));
                }
                tx.maintenance().put(other.seenBy(runner, now));
            }
            var run = MaintenanceRun.begun(id, vault, kind, now, runner, now.plus(LEASE));
            tx.maintenance().put(run);
            return run;
        });
    }

    private void keep(MaintenanceRun ended) {
        try {
            catalog.<Boolean>write(tx -> {
                // The vault may have been deleted meanwhile, and its runs with it.
                if (tx.maintenance().find(ended.scope(), ended.id()).isPresent()) {
                    tx.maintenance().put(ended);
                    tx.maintenance().keepNewest(ended.vaultId(), ended.kind(), RUNS_KEPT);
                }
                return true;
            });
        } catch (RuntimeException failure) {
            LOG.atError()
                    .addKeyValue("run", ended.id())
                    .addKeyValue("state", ended.state())
                    .setCause(failure)
                    .log("the end of a maintenance run could not be recorded; it will be shown as interrupted");
        }
    }

    /** Says that the runs of this process go on, and ends those of processes that are gone. */
    public void tick() {
        if (catalog.read(view -> view.maintenance().running()).isEmpty()) {
            return;
        }
        catalog.<Boolean>write(tx -> {
            var now = clock.instant();
            tx.maintenance().renew(runner, now.plus(LEASE));
            tx.maintenance().running().stream()
                    .filter(run -> run.isLost(runner, now))
                    .forEach(run -> {
                        tx.maintenance().put(run.seenBy(runner, now));
                        LOG.atWarn()
                                .addKeyValue("run", run.id())
                                .addKeyValue("vault", run.vault())
                                .addKeyValue("kind", run.kind())
                                .log("a maintenance run was interrupted");
                    });
            return true;
        });
    }

    /** Keeps the leases of runs. */
    public void start() {
        leases.start();
    }

    private MaintenanceRun ended(MaintenanceRun run, Vault vault, Work work) {
        try {
            return run.completed(clock.instant(), work.of(vault));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return run.failed(clock.instant(), "The server was stopped. Start it again.");
        } catch (Refused refused) {
            return run.failed(clock.instant(), refused.problem().message());
        } catch (RepositoryException | StoreException told) {
            LOG.atWarn()
                    .addKeyValue("vault", vault.arn())
                    .addKeyValue("kind", run.kind())
                    .setCause(told)
                    .log("maintenance failed");
            return run.failed(clock.instant(), String.valueOf(told.getMessage()));
        } catch (RuntimeException bug) {
            LOG.atError()
                    .addKeyValue("vault", vault.arn())
                    .addKeyValue("kind", run.kind())
                    .setCause(bug)
                    .log("maintenance failed");
            return run.failed(clock.instant(), "An internal error. The log has it under run " + run.id() + ".");
        }
    }

    /** @throws Refused while the vault clock is suspect: nothing is deleted then */
    Result.Swept swept(Vault vault) throws InterruptedException {
        if (!catalog.read(trusted::at).isTrusted()) {
            throw new Refused(Problem.invalidRequest(VaultLock.SUSPECT));
        }
        var report = repositories.open(vault.scope(), vault.name(), vault.id()).sweep();
        LOG.atInfo()
                .addKeyValue("event", "vault.swept")
                .addKeyValue("vault", vault.arn())
                .addKeyValue("outcome", report.outcome())
                .addKeyValue("packs", report.packsDeleted())
                .addKeyValue("bytes", report.bytesFreed())
                .log("vault swept");
        observer.get().swept(clock.instant(), report);
        return new Result.Swept(report);
    }

    VerifyReport verified(Vault vault, VerifyRequest request) throws InterruptedException {
        var report = repositories.open(vault.scope(), vault.name(), vault.id()).verify(request);
        for (var finding : report.findings()) {
            LOG.atError()
                    .addKeyValue("event", "vault.damaged")
                    .addKeyValue("vault", vault.arn())
                    .addKeyValue("blob", finding.blob())
                    .addKeyValue("points", finding.points())
                    .addKeyValue("repaired", finding.repaired())
                    .log(finding.damage());
        }
        LOG.atInfo()
                .addKeyValue("event", "vault.verified")
                .addKeyValue("vault", vault.arn())
                .addKeyValue("depth", request.depth())
                .addKeyValue("packs", report.packsRead())
                .addKeyValue("bytes", report.bytesRead())
                .addKeyValue("findings", report.findingsInAll())
                .log("vault verified");
        observer.get().verified(clock.instant(), request.depth(), report);
        return report.naming(POINTS_NAMED);
    }

    /** Interrupts what runs and waits for its end; the next run does it again. */
    @Override
    public void close() {
        leases.close();
        threads.shutdownNow();
        boolean interrupted = false;
        while (true) {
            try {
                if (threads.awaitTermination(1, TimeUnit.HOURS)) {
                    break;
                }
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
