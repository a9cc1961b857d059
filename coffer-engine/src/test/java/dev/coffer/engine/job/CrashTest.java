package dev.coffer.engine.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.store.StoreException;
import dev.coffer.engine.recoverypoint.DeletionLoop;
import dev.coffer.engine.recoverypoint.PointDeletion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ends the process before and after every transaction and at every step of a write, one after the other; a new process then brings the job to its end. */
final class CrashTest {
    @TempDir
    Path folder;

    private JobWorld world;

    @BeforeEach
    void open() {
        world = new JobWorld(folder);
    }

    @AfterEach
    void close() {
        world.vaults.watch = _ -> {};
        world.close();
    }

    @Test
    void aBackupThatCrashesAtAnyStepCompletesUnderItsIdWithOnePoint() throws InterruptedException {
        int step = 0;
        boolean died;
        do {
            step++;
            var job = world.startBackup(step);
            died = Mortal.diedAt(step, world);
            world.run(world.process("a"));

            assertThat(world.now(job).state().wireName()).as("step %d", step).isEqualTo("COMPLETED");
            assertThat(world.pointsOf(job.resource()))
                    .as("step %d", step)
                    .singleElement()
                    .satisfies(point -> {
                        assertThat(point.arn()).isEqualTo(job.recoveryPoint());
                        assertThat(point.status()).isEqualTo(RecoveryPointStatus.COMPLETED);
                    });
            assertThat(world.manifestsOf(job.resource())).as("step %d", step).hasSize(1);
        } while (died);
        assertThat(step).isGreaterThan(11);
    }

    @Test
    void aStoredManifestBecomesAPointEvenIfTheResourceIsGoneAndTheWindowOver() throws InterruptedException {
        var job = world.startBackup(1);
        world.vaults.watch = at -> {
            if (at == MemoryVaults.Step.STORED) {
                throw new Mortal.Died();
            }
        };
        world.run(world.process("a"));
        world.vaults.watch = _ -> {};
        assertThat(world.now(job).state().wireName()).isEqualTo("RUNNING");
        world.connector.treeByArn.remove(job.resource());
        world.clock.advance(Duration.ofDays(8));
        world.run(world.process("a"));

        assertThat(world.now(job).state().wireName()).isEqualTo("COMPLETED");
        assertThat(world.point(job))
                .hasValueSatisfying(point -> assertThat(point.logicalBytes()).isEqualTo(9));
    }

    /** Fails at the first step of this sort with the given failure. */
    private void failAfterStoring(RuntimeException failure) {
        var once = new AtomicBoolean();
        world.vaults.watch = at -> {
            if (at == MemoryVaults.Step.STORED && once.compareAndSet(false, true)) {
                throw failure;
            }
        };
    }

    @Test
    void aJobThatIsStoppedAfterACrashBehindItsManifestLeavesNothing() throws InterruptedException {
        var job = world.startBackup(1);
        world.vaults.watch = at -> {
            if (at == MemoryVaults.Step.STORED) {
                throw new Mortal.Died();
            }
        };
        world.run(world.process("a"));
        world.vaults.watch = _ -> {};
        assertThat(world.manifestsOf(job.resource())).hasSize(1);
        world.backups.stop(JobWorld.CALLER, job.id().value());
        world.run(world.process("a"));

        assertThat(world.now(job).state().wireName()).isEqualTo("ABORTED");
        assertThat(world.manifestsOf(job.resource())).isEmpty();
        assertThat(world.pointsOf(job.resource())).isEmpty();
    }

    @Test
    void aJobThatFailsBehindItsManifestLeavesNothing() throws InterruptedException {
        failAfterStoring(new RepositoryException.Corrupt("manifest"));
        var job = world.backedUp(1);

        assertThat(job.statusMessage()).contains("The vault failed: damage in the vault's storage: manifest.");
        assertThat(world.manifestsOf(job.resource())).isEmpty();
        assertThat(world.pointsOf(job.resource())).isEmpty();
    }

    @Test
    void aPassingFaultBehindTheManifestEndsInThatManifest() throws InterruptedException {
        failAfterStoring(new StoreException.Unavailable("the disk does not answer", new RuntimeException()));
        var job = world.backedUp(1);
        assertThat(job.state().wireName()).isEqualTo("CREATED");
        world.clock.advance(Duration.ofMinutes(1));
        world.connector.treeByArn.remove(job.resource());
        world.run(world.process("a"));

        assertThat(world.now(job).state().wireName()).isEqualTo("COMPLETED");
        assertThat(world.manifestsOf(job.resource())).hasSize(1);
    }

    @Test
    void aWaitingJobWithAManifestLeavesAMarkForTheDeletionWhenItIsStopped() throws InterruptedException {
        failAfterStoring(new StoreException.Unavailable("the disk does not answer", new RuntimeException()));
        var job = world.backedUp(1);
        world.backups.stop(JobWorld.CALLER, job.id().value());
        assertThat(world.point(job))
                .hasValueSatisfying(point -> assertThat(point.status()).isEqualTo(RecoveryPointStatus.DELETING));
        new DeletionLoop(world.catalog, PointDeletion.ofUnfinished(world.catalog, world.vaults), Duration.ofMinutes(1))
                .tick();

        assertThat(world.manifestsOf(job.resource())).isEmpty();
        assertThat(world.pointsOf(job.resource())).isEmpty();
    }

    /** A catalog that cannot be written for one time. */
    private static final class FaultyCatalog implements Catalog {
        private final Catalog catalog;
        private int left;

        FaultyCatalog(Catalog catalog, int failing) {
            this.catalog = catalog;
            this.left = failing;
        }

        @Override
        public <T> T read(Function<View, T> body) {
            return catalog.read(body);
        }

        @Override
        public <T> T write(Function<Transaction, T> body) {
            if (failsNow()) {
                throw new IllegalStateException("the catalog's disk is full");
            }
            return catalog.write(body);
        }

        private synchronized boolean failsNow() {
            left--;
            return left == 0;
        }

        synchronized boolean hasFailed() {
            return left <= 0;
        }

        @Override
        public void close() {}
    }

    @Test
    void aFaultOfTheCatalogAtAnyTransactionEndsNoJob() throws InterruptedException {
        int failing = 0;
        boolean failed;
        do {
            failing++;
            var job = world.startBackup(failing);
            var catalog = new FaultyCatalog(world.catalog, failing);
            var process = world.process("a", catalog);
            try {
                process.tick();
            } catch (IllegalStateException inTheLoop) {
                assertThat(catalog.hasFailed()).isTrue();
            }
            process.join();
            failed = catalog.hasFailed();
            world.clock.advance(Duration.ofSeconds(31));
            world.run(process);

            assertThat(world.now(job).state().wireName())
                    .as("write %d", failing)
                    .isEqualTo("COMPLETED");
            assertThat(world.manifestsOf(job.resource())).hasSize(1);
        } while (failed);
        assertThat(failing).isGreaterThan(4);
    }

    @Test
    void aRestoreThatCrashesAtAnyStepCompletesUnderItsIdInOneResource() throws InterruptedException {
        var point = world.backedUp(1).recoveryPoint();
        int before = world.connector.treeByArn.size();
        int step = 0;
        boolean died;
        do {
            step++;
            var job = world.restores.start(JobWorld.CALLER, JobWorld.restoreOf(point));
            died = Mortal.diedAt(step, world);
            world.run(world.process("a"));

            assertThat(world.now(job).state().wireName()).as("step %d", step).isEqualTo("COMPLETED");
        } while (died);
        assertThat(world.connector.treeByArn).hasSize(before + step);
        var made = world.catalog.read(view -> view.resources().restoredSources());
        assertThat(made)
                .hasSize(step)
                .allSatisfy(
                        source -> assertThat(world.files(source.arn())).isEqualTo(Map.of("a", "alpha", "b", "beta")));
        assertThat(step).isGreaterThan(4);
    }
}
