package dev.coffer.engine.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.settings.Limits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DispatcherTest {
    @TempDir
    Path folder;

    private JobWorld world;

    @BeforeEach
    void open() {
        world = new JobWorld(folder, 3);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void twoDispatchersOnOneCatalogRunEachJobOnce() throws InterruptedException {
        var jobs = new ArrayList<BackupJob>();
        for (int i = 0; i < 20; i++) {
            jobs.add(world.startBackup(i));
        }
        var a = world.process("a");
        var b = world.process("b");
        for (int round = 0; round < jobs.size(); round++) {
            var other = Thread.ofVirtual().start(b::tick);
            a.tick();
            other.join();
            a.join();
            b.join();
        }

        assertThat(world.ended).hasSize(20).containsOnly("BACKUP COMPLETED");
        for (var job : jobs) {
            assertThat(world.now(job).attempts()).isEqualTo(1);
            assertThat(world.pointsOf(job.resource())).hasSize(1);
        }
    }

    @Test
    void onlyAsManyJobsOfATypeRunAtOnceAsItsConnectorAllows() throws InterruptedException {
        var holds = new ArrayList<JobWorld.Hold>();
        for (int i = 0; i < 3; i++) {
            holds.add(world.hold());
        }
        for (int i = 0; i < 5; i++) {
            world.startBackup(i);
        }
        var process = world.process("a");
        process.tick();
        for (var hold : holds) {
            hold.reached.await();
        }
        process.tick();
        assertThat(process.running()).isEqualTo(3);
        holds.forEach(hold -> hold.letGo.countDown());
        process.join();
        world.run(process);

        assertThat(world.ended).hasSize(5);
    }

    @Test
    void theConfigurationCanAllowLess() throws InterruptedException {
        var hold = world.hold();
        world.startBackup(1);
        world.startBackup(2);
        try (var process = new Dispatcher(
                world.catalog,
                world.vaults,
                world.inventory,
                new Gate(world.catalog, world.clock),
                new RunnerId("a", "once"),
                world.clock,
                world::id,
                Limits.defaults(),
                (_, _, _, _, _) -> {},
                Map.of(ResourceType.EFS, 1))) {
            process.tick();
            hold.reached.await();
            process.tick();
            assertThat(process.running()).isEqualTo(1);
        }
    }

    @Test
    void restoresAndBackupsDoNotTakeEachOthersPlaces() throws InterruptedException {
        var point = world.backedUp(10).recoveryPoint();
        var holds = new ArrayList<JobWorld.Hold>();
        for (int i = 0; i < 3; i++) {
            holds.add(world.hold());
            world.startBackup(i);
        }
        var process = world.process("a");
        process.tick();
        for (var hold : holds) {
            hold.reached.await();
        }
        var ofRestore = world.hold();
        var restore = world.restores.start(JobWorld.CALLER, JobWorld.restoreOf(point));
        process.tick();
        ofRestore.reached.await();

        assertThat(process.running()).isEqualTo(4);
        assertThat(world.now(restore).state().wireName()).isEqualTo("RUNNING");
    }

    @Test
    void jobsOfOneResourceRunOneAfterTheOther() throws InterruptedException {
        var first = world.startBackup(1);
        var second = world.startBackup(1);
        var hold = world.hold();
        var process = world.process("a");
        process.tick();
        hold.reached.await();
        process.tick();
        assertThat(world.now(second).state().wireName()).isEqualTo("CREATED");
        hold.letGo.countDown();
        process.join();
        world.run(process);

        assertThat(world.now(first).state().wireName()).isEqualTo("COMPLETED");
        assertThat(world.now(second).state().wireName()).isEqualTo("COMPLETED");
    }

    @Test
    void aClosedDispatcherLeavesItsJobToTheNextStartUnderTheSameId() throws InterruptedException {
        var hold = world.hold();
        var job = world.startBackup(1);
        var first = world.process("a");
        first.tick();
        hold.reached.await();
        first.close();
        assertThat(first.running()).isZero();
        assertThat(world.now(job).state().wireName()).isEqualTo("RUNNING");
        world.run(world.process("a"));

        assertThat(world.now(job).state().wireName()).isEqualTo("COMPLETED");
        assertThat(world.now(job).attempts()).isEqualTo(2);
        assertThat(world.pointsOf(job.resource())).hasSize(1);
    }

    @Test
    void aStartedDispatcherTakesAJobWhenItIsWoken() throws InterruptedException {
        var reached = new CountDownLatch(1);
        world.connector.turns.add(_ -> reached.countDown());
        var process = world.process("a");
        process.start();
        var job = world.startBackup(1);
        process.wake();
        reached.await();
        process.join();

        assertThat(world.now(job).state().wireName()).isEqualTo("COMPLETED");
    }
}
