package dev.coffer.engine.maintenance;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Catalog;
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
import dev.coffer.engine.maintenance.MaintenanceRun.Kind;
import dev.coffer.engine.maintenance.MaintenanceRun.Result;
import dev.coffer.engine.maintenance.MaintenanceRun.State;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * Maintenance of vaults on demand. A run goes on in a thread of its own; its result is kept in memory, the last {@value #RUNS_KEPT} of all vaults. Of one
 * kind, one run of a vault goes on at a time. Safe for many threads.
 */
public final class MaintenanceService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MaintenanceService.class);
    private static final int RUNS_KEPT = 200;

    private final Catalog catalog;
    private final Repositories repositories;
    private final Gate gate;
    private final InstantSource clock;
    private final Supplier<UUID> ids;
    private final TrustedClock trusted;
    private final AtomicReference<MaintenanceObserver> observer = new AtomicReference<>(MaintenanceObserver.NONE);
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("maintenance-", 1).factory());
    // By id, the oldest first; guarded by itself.
    private final Map<String, MaintenanceRun> runs = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, MaintenanceRun> eldest) {
            return size() > RUNS_KEPT;
        }
    };

    public MaintenanceService(
            Catalog catalog,
            Repositories repositories,
            Gate gate,
            InstantSource clock,
            Supplier<UUID> ids,
            TrustedClock trusted) {
        this.catalog = catalog;
        this.repositories = repositories;
        this.gate = gate;
        this.clock = clock;
        this.ids = ids;
        this.trusted = trusted;
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
        synchronized (runs) {
            return Optional.ofNullable(runs.get(id))
                    .filter(run -> run.scope().equals(caller.scope()))
                    .orElseThrow(() -> new Refused(Problem.notFound("There is no maintenance run " + id + ".")));
        }
    }

    /** The runs of a vault, the newest first. */
    public List<MaintenanceRun> list(Caller caller, String vault) {
        var found = checked(caller, vault, "coffer:ListMaintenance");
        synchronized (runs) {
            return new ArrayList<>(runs.values())
                    .reversed().stream()
                            .filter(run -> run.scope().equals(found.scope())
                                    && run.vault().equals(found.name()))
                            .toList();
        }
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
        var run = begun(vault.scope(), vault.name(), kind, clock.instant());
        threads.execute(() -> {
            var ended = ended(run, vault, work);
            synchronized (runs) {
                runs.put(ended.id(), ended);
            }
        });
        return run;
    }

    private MaintenanceRun begun(Scope scope, VaultName vault, Kind kind, Instant now) {
        var run = new MaintenanceRun(
                ids.get().toString(),
                scope,
                vault,
                kind,
                State.RUNNING,
                now,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        synchronized (runs) {
            var running = runs.values().stream()
                    .filter(other -> other.state() == State.RUNNING
                            && other.kind() == kind
                            && other.scope().equals(scope)
                            && other.vault().equals(vault))
                    .findFirst();
            if (running.isPresent()) {
                throw new Refused(Problem.invalidRequest("A " + kind + " of backup vault " + vault
                        + " is running, as run " + running.get().id() + ". Wait for its end."));
            }
            runs.put(run.id(), run);
        }
        return run;
    }

    private MaintenanceRun ended(MaintenanceRun run, Vault vault, Work work) {
        try {
            return run.completed(clock.instant(), work.of(vault));
        } catch (InterruptedException stop) {
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
        return report;
    }

    /** Interrupts what runs and waits for its end; the next run does it again. */
    @Override
    public void close() {
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
