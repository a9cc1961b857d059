package dev.coffer.engine.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.repository.RepositoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ends the process before and after every transaction, and at every item of a walk: an index ends once, whoever makes it. */
final class IndexCrashTest {
    private IndexWorld world;

    @BeforeEach
    void open(@TempDir Path folder) throws InterruptedException {
        world = new IndexWorld(folder);
    }

    @AfterEach
    void close() {
        world.close();
    }

    /** Runs what is due in a process that dies at the step; whether it got that far. */
    private boolean diedAt(int step) throws InterruptedException {
        var life = new Mortal(step);
        world.connector.search.set(item -> {
            life.step();
            return LogConnector.searched(item);
        });
        var process = world.follow.process(life.catalog(world.engine.catalog), world.engine.repositories);
        try {
            process.tick();
            process.join();
            process.tick();
        } catch (Mortal.Died inTheLoop) {
            assertThat(life.dead()).isTrue();
        }
        process.join();
        world.connector.search.set(LogConnector::searched);
        return life.dead();
    }

    private void runAll() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            world.step();
        }
    }

    @Test
    void aBackupThatAsksForAnIndexGetsOneActiveIndexWhereverItsProcessDies() throws InterruptedException {
        int step = 0;
        boolean died;
        do {
            step++;
            var job = world.startBackup(Optional.of("ENABLED"));
            died = diedAt(step);
            runAll();
            var point = world.point(job);
            assertThat(world.status(point)).as("step %d", step).isEqualTo("ACTIVE");
            assertThat(world.index(point)
                            .orElseThrow()
                            .state()
                            .walked()
                            .orElseThrow()
                            .items())
                    .as("step %d", step)
                    .isEqualTo(2);
            assertThat(world.toldStatuses(point)).as("step %d", step).containsExactly("ACTIVE");
            assertThat(world.engine.catalog.<Boolean>read(
                            view -> view.indexJobs().isWanted(job.id())))
                    .isFalse();
        } while (died);
        assertThat(step).as("every step of the backup and of the walk was hit").isGreaterThan(13);
    }

    @Test
    void aWalkThatMeetsDamageFailsOnceWhereverItsProcessDies() throws InterruptedException {
        int step = 0;
        boolean died;
        do {
            step++;
            var point = world.backedUp();
            world.enable(point);
            var life = new Mortal(step);
            world.connector.search.set(_ -> {
                life.step();
                throw new RepositoryException.Corrupt("a node");
            });
            var process = world.follow.process(life.catalog(world.engine.catalog), world.engine.repositories);
            try {
                process.tick();
            } catch (Mortal.Died inTheLoop) {
                assertThat(life.dead()).isTrue();
            }
            process.join();
            died = life.dead();
            world.connector.search.set(_ -> {
                throw new RepositoryException.Corrupt("a node");
            });
            runAll();
            assertThat(world.status(point)).as("step %d", step).isEqualTo("FAILED");
            assertThat(world.toldStatuses(point)).as("step %d", step).containsExactly("FAILED");
            world.connector.search.set(LogConnector::searched);
        } while (died);
        assertThat(step).isGreaterThan(5);
    }

    @Test
    void aDisabledIndexGoesOnceWhereverItsProcessDies() throws InterruptedException {
        int step = 0;
        boolean died;
        do {
            step++;
            var point = world.backedUp();
            world.enable(point);
            world.step();
            world.set(point, "DISABLED");
            died = diedAt(step);
            runAll();
            assertThat(world.status(point)).as("step %d", step).isEqualTo("none");
            assertThat(world.toldStatuses(point)).as("step %d", step).containsExactly("ACTIVE", "DELETED");
        } while (died);
        assertThat(step).isGreaterThan(2);
    }

    @Test
    void twoNodesWalkAPointOnceAndOneTakesOverFromTheOther() throws InterruptedException {
        var points = new RecoveryPoint[] {world.backedUp(), world.backedUp(), world.backedUp()};
        for (var point : points) {
            world.enable(point);
        }
        var one = world.follow.process("one", world.engine.catalog, world.engine.repositories);
        var other = world.follow.process("other", world.engine.catalog, world.engine.repositories);
        one.tick();
        other.tick();
        one.join();
        other.join();
        assertThat(points)
                .allSatisfy(point -> assertThat(world.toldStatuses(point)).containsExactly("ACTIVE"));

        var last = world.backedUp();
        world.enable(last);
        world.connector.search.set(_ -> {
            throw new Mortal.Died();
        });
        one.tick();
        one.join();
        world.connector.search.set(LogConnector::searched);
        other.tick();
        other.join();
        assertThat(world.status(last)).as("the lease of the dead holds").isEqualTo("PENDING");
        world.engine.clock.advance(Duration.ofSeconds(31));
        other.tick();
        other.join();
        assertThat(world.toldStatuses(last)).containsExactly("ACTIVE");
    }
}
