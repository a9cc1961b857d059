package dev.coffer.engine.job;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.job.Job;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.loop.Loop;
import dev.coffer.engine.recoverypoint.PointIndexes;
import dev.coffer.engine.settings.Limits;
import dev.coffer.engine.source.Inventory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the jobs of this process. Each step ends jobs whose start window is over, removes indexes that are to go, claims what is due by a lease and starts it on a thread of its own, as many of a kind and type at once as there are places. A second loop renews the
 * leases, stores progress, and recalls jobs that were stopped, are out of time, or belong to another runner. Several dispatchers may share a catalog.
 */
public final class Dispatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final Duration RENEW_AFTER = Duration.ofSeconds(10);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Catalog catalog;
    private final InstantSource clock;
    private final BackupLine backups;
    private final IndexLine indexes;
    private final List<JobLine<?>> lines;
    private final Map<ResourceType, Integer> jobsAtMost;
    private final Map<JobId, Running<?>> runningById = new ConcurrentHashMap<>();
    private final Loop claiming = new Loop("jobs", PERIOD, this::tick);
    private final Loop watching = new Loop("job leases", PERIOD, this::watch);

    /** A job that runs in this process. */
    private record Running<J extends Job>(JobLine<J> line, J job, Stint stint, Thread thread) {
        void watch() {
            line.watch(job, stint);
        }
    }

    /** A dispatcher that does nothing before {@link #start}, and runs as many jobs of a type at once as the type's connector allows. */
    public Dispatcher(
            Catalog catalog,
            Repositories repositories,
            Inventory inventory,
            Gate gate,
            RunnerId runner,
            InstantSource clock,
            Supplier<UUID> ids,
            Limits limits,
            JobObserver observer) {
        this(catalog, repositories, inventory, gate, runner, clock, ids, limits, observer, Map.of());
    }

    /**
     * A dispatcher that does nothing before {@link #start}.
     *
     * @param runner this process; its {@code start} must differ from that of every earlier start of the node
     * @param jobsAtMost how many jobs of each kind may run at once in this process for a type, where that is less than there are places
     */
    public Dispatcher(
            Catalog catalog,
            Repositories repositories,
            Inventory inventory,
            Gate gate,
            RunnerId runner,
            InstantSource clock,
            Supplier<UUID> ids,
            Limits limits,
            JobObserver observer,
            Map<ResourceType, Integer> jobsAtMost) {
        this.catalog = catalog;
        this.clock = clock;
        this.jobsAtMost = Map.copyOf(jobsAtMost);
        var events = new Events(ids);
        var leases = new Leases(runner, clock);
        var creation = new CopyJobCreation(ids);
        this.backups = new BackupLine(
                catalog,
                new BackupRunner(
                        catalog, repositories, inventory, clock, events, creation, new PointIndexes(ids), observer),
                leases,
                inventory,
                events,
                observer);
        var restores = new RestoreLine(
                new RestoreRunner(catalog, repositories, inventory, clock, events, limits, observer),
                leases,
                inventory,
                events);
        var copies = new CopyLine(
                new CopyRunner(catalog, repositories, new CopyRules(gate), clock, events, limits, observer),
                leases,
                events);
        this.indexes = new IndexLine(
                catalog, new IndexRunner(catalog, repositories, inventory, clock, events, observer), leases, events);
        this.lines = List.of(backups, restores, copies, indexes);
    }

    /** Starts the loops. */
    public void start() {
        claiming.start();
        watching.start();
    }

    /** Says that a job was created or stopped. */
    public void wake() {
        claiming.wake();
        watching.wake();
    }

    /** One step: expires, removes, claims, starts. Called by one thread at a time. */
    public void tick() {
        backups.expire();
        indexes.remove();
        var now = clock.instant();
        lines.forEach(line -> claim(line, now));
    }

    private <J extends Job> void claim(JobLine<J> line, Instant now) {
        for (var job : catalog.read(view -> line.due(view, now))) {
            if (hasPlace(line, job)) {
                catalog.write(tx -> line.claim(tx, job)).ifPresent(claim -> begin(line, claim));
            }
        }
    }

    private <J extends Job> boolean hasPlace(JobLine<J> line, J job) {
        if (runningById.containsKey(job.id())) {
            return false;
        }
        var type = job.resourceType();
        long running = runningById.values().stream()
                .filter(one -> one.line().kind() == line.kind() && one.stint().type() == type)
                .count();
        return running < Math.min(line.places(type), jobsAtMost.getOrDefault(type, Integer.MAX_VALUE));
    }

    private <J extends Job> void begin(JobLine<J> line, JobLine.Claim<J> claim) {
        var job = claim.job();
        var stint = new Stint(job.id(), job.resourceType(), claim.lease(), claim.at(), job.progress());
        var name = line.kind().name().toLowerCase(Locale.ROOT) + " " + stint.job();
        var thread = Thread.ofVirtual().name(name).unstarted(() -> {
            try {
                line.run(job, stint);
            } catch (RuntimeException failure) {
                // The outcome could not be stored. The lease lapses, and the job is claimed again.
                LOG.atError()
                        .setCause(failure)
                        .addKeyValue("job", stint.job())
                        .log("a job's outcome could not be stored");
            } finally {
                runningById.remove(stint.job());
                claiming.wake();
            }
        });
        runningById.put(stint.job(), new Running<>(line, job, stint, thread));
        thread.start();
    }

    /** One step of the watch: renews leases, stores progress, recalls. Called by one thread at a time. */
    public void watch() {
        for (var running : List.copyOf(runningById.values())) {
            try {
                watch(running);
            } catch (RuntimeException failure) {
                // The next step comes in time for the lease.
                LOG.atWarn()
                        .setCause(failure)
                        .addKeyValue("job", running.stint().job())
                        .log("a lease could not be renewed");
            }
        }
    }

    private void watch(Running<?> running) {
        var stint = running.stint();
        var now = clock.instant();
        running.watch();
        var due = stint.due(now.minus(RENEW_AFTER), now.minus(PERIOD));
        if (due.isEmpty()) {
            return;
        }
        var longer = stint.lease().renewedUntil(now.plus(Leases.LASTING));
        boolean held = catalog.<Boolean>write(tx -> running.line().renew(tx, stint.job(), longer, due.get()));
        if (held) {
            stint.renewed(longer, due.get(), now);
        } else {
            stint.recall(Stint.Recall.LEASE_LOST);
        }
    }

    /** How many jobs run in this process. */
    public int running() {
        return runningById.size();
    }

    /** Claims nothing more, recalls what runs and waits for it. What had not published goes on with its id at the next start. */
    @Override
    public void close() {
        claiming.close();
        watching.close();
        var last = List.copyOf(runningById.values());
        last.forEach(running -> running.stint().recall(Stint.Recall.CLOSING));
        boolean interrupted = false;
        for (var running : last) {
            while (running.thread().isAlive()) {
                try {
                    running.thread().join();
                } catch (InterruptedException hurried) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the jobs that run now. */
    void join() throws InterruptedException {
        for (var running : List.copyOf(runningById.values())) {
            running.thread().join();
        }
    }
}
