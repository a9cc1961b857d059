package dev.coffer.engine.job;

import static dev.coffer.engine.EngineBench.ADMIN;

import dev.coffer.core.catalog.IndexJobRows;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.event.Event;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.IndexJob;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.engine.EngineBench;
import dev.coffer.engine.recoverypoint.IndexService;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** A bucket in memory, whose points are indexed. */
final class IndexWorld implements AutoCloseable {
    static final String VAULT = "Default";

    final FollowWorld follow;
    final EngineBench engine;
    final LogConnector connector;
    final IndexService indexes;
    final BackupJobService backups;
    private final Random random = new Random(1);

    IndexWorld(Path folder) throws InterruptedException {
        follow = new FollowWorld(folder);
        engine = follow.engine;
        connector = follow.connector;
        indexes = new IndexService(engine.catalog, follow.inventory, engine.gate, engine.clock, engine.ids, () -> {});
        backups = new BackupJobService(
                engine.catalog, follow.inventory, engine.gate, engine.clock, this::id, engine.limits, () -> {});
        engine.vault(VAULT);
        connector.change("a", Optional.of("alpha"));
        connector.change("b", Optional.of("beta"));
    }

    /** Other than those of the bench, ids that begin differently: names of points end in their beginnings. */
    private UUID id() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    BackupJob startBackup(Optional<String> index) {
        return backups.start(
                ADMIN,
                new StartBackup(
                        VAULT,
                        FollowWorld.BUCKET.toString(),
                        EngineBench.ROLE.toString(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of(),
                        Map.of(),
                        index,
                        Optional.empty()));
    }

    /** One step of a new process of the node. */
    void step() throws InterruptedException {
        var process = follow.process(engine.catalog, engine.repositories);
        process.tick();
        process.join();
    }

    /** A point without an index. */
    RecoveryPoint backedUp() throws InterruptedException {
        var job = startBackup(Optional.empty());
        step();
        return point(job);
    }

    RecoveryPoint point(BackupJob job) {
        return engine.catalog
                .read(view -> view.recoveryPoints().find(ADMIN.scope(), job.vault(), job.recoveryPoint()))
                .orElseThrow();
    }

    IndexService.Setting enable(RecoveryPoint point) {
        return set(point, "ENABLED");
    }

    IndexService.Setting set(RecoveryPoint point, String setting) {
        return indexes.update(ADMIN, VAULT, point.arn().toString(), setting, Optional.empty());
    }

    Optional<IndexJob> index(RecoveryPoint point) {
        return engine.catalog.read(view -> view.indexJobs().find(point.scope(), point.vault(), point.arn()));
    }

    String status(RecoveryPoint point) {
        return index(point).map(found -> found.state().wireName()).orElse("none");
    }

    List<IndexJob> all() {
        return indexes.list(ADMIN, IndexJobRows.Filter.none(), PageRequest.first(100))
                .rows();
    }

    /** What was told of indexes of the point. */
    List<Event> told(RecoveryPoint point) {
        return engine.catalog.read(view -> view.outbox().after(0, 10_000)).stream()
                .map(entry -> entry.event())
                .filter(event -> event.detailType().equals("Recovery Point Index State Change")
                        && event.resources().equals(List.of(point.arn())))
                .toList();
    }

    List<String> toldStatuses(RecoveryPoint point) {
        return told(point).stream()
                .map(event -> String.valueOf(event.detail().get("indexStatus")))
                .toList();
    }

    @Override
    public void close() {
        follow.close();
    }
}
