package dev.coffer.engine.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.RestoreJob;
import dev.coffer.core.job.RestoreState;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.resource.ResourceType;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SafetyPointTest {
    @TempDir
    Path folder;

    private JobWorld world;
    private Arn point;
    private final Arn original = JobWorld.fileSystem(1);

    @BeforeEach
    void open() throws InterruptedException {
        world = new JobWorld(folder);
        point = world.backedUp(1).recoveryPoint();
        world.files(original).put("a", "changed");
    }

    @AfterEach
    void close() {
        world.close();
    }

    private RestoreJob start() {
        return world.restores.start(
                JobWorld.CALLER,
                new StartRestore(
                        point.toString(),
                        Map.of("newFileSystem", "false", "coffer:inPlace", "true"),
                        Optional.of(JobWorld.ROLE.toString()),
                        Optional.of("token"),
                        Optional.empty(),
                        false));
    }

    private BackupJob backup(RestoreJob restore) {
        return world.backups.describe(
                JobWorld.CALLER, JobId.ofSafetyPoint(restore.id()).value());
    }

    @Test
    void aRestoreThatChangesItsResourceWaitsForASafetyPointAndNamesIt() throws InterruptedException {
        var job = start();
        assertThat(backup(job).state().wireName()).isEqualTo("CREATED");
        assertThat(start().id()).as("a repeat makes no second safety point").isEqualTo(job.id());
        assertThat(world.catalog.<Boolean>read(view -> SafetyPoint.underWay(view, job)))
                .isTrue();

        var process = world.process("a");
        world.run(process);
        assertThat(world.now(job).state().wireName()).isEqualTo("PENDING");
        assertThat(backup(job).state().wireName()).isEqualTo("COMPLETED");
        assertThat(world.files(original)).containsEntry("a", "changed");
        world.run(process);

        assertThat(world.files(original)).containsEntry("a", "alpha");
        var safety = world.point(backup(job)).orElseThrow();
        assertThat(safety.vault()).isEqualTo(JobWorld.VAULT);
        assertThat(((RestoreState.Completed) world.now(job).state()).message())
                .hasValueSatisfying(text -> assertThat(text)
                        .contains(safety.arn().toString(), backup(job).id().value()));
        assertThat(backup(job).pointTags().valueByKey())
                .containsEntry(SafetyPoint.TAG, job.id().value());
    }

    @Test
    void whatTheSafetyPointCannotHoldIsNotChanged() throws InterruptedException {
        world.connector.turns.add(_ -> {
            throw new SourceException.Impossible("the disk is on fire");
        });
        var job = start();
        var process = world.process("a");
        world.run(process);
        world.run(process);

        assertThat(((RestoreState.Failed) world.now(job).state()).message())
                .contains(
                        "nothing was changed",
                        "the disk is on fire",
                        backup(job).id().value());
        assertThat(world.files(original)).containsEntry("a", "changed");
    }

    @Test
    void aFailedRestoreNamesTheSafetyPointToo() throws InterruptedException {
        var job = start();
        var process = world.process("a");
        world.run(process);
        world.connector.turns.add(_ -> {
            throw new SourceException.Impossible("no space left");
        });
        world.run(process);

        assertThat(((RestoreState.Failed) world.now(job).state()).message())
                .startsWith("no space left")
                .contains(backup(job).recoveryPoint().toString());
    }

    private RestoreJob startAgain() {
        return world.restores.start(
                JobWorld.CALLER,
                new StartRestore(
                        point.toString(),
                        Map.of("newFileSystem", "false", "coffer:inPlace", "true"),
                        Optional.of(JobWorld.ROLE.toString()),
                        Optional.of("another token"),
                        Optional.empty(),
                        false));
    }

    @Test
    void aResourceIsBroughtBackByOneRestoreAtATimeOnWhicheverNode() throws InterruptedException {
        var first = start();
        for (int i = 0; i < 2; i++) {
            // While it waits for its safety point, and when it could be claimed.
            assertThatExceptionOfType(Refused.class)
                    .isThrownBy(this::startAgain)
                    .satisfies(refused -> assertThat(refused.problem().kind()).isEqualTo(Problem.Kind.INVALID_REQUEST))
                    .withMessageContaining(
                            "Restore job " + first.id() + " brings " + original + " back in place already");
            world.run(world.process("node " + i));
        }
        world.run(world.process("last"));
        assertThat(world.now(first).state().wireName()).isEqualTo("COMPLETED");
        assertThat(startAgain().id()).isNotEqualTo(first.id());
    }

    @Test
    void whereNoSafetyPointCanBeMadeTheRestoreIsRefused() {
        world.catalog.<Boolean>write(tx -> {
            var settings = tx.settings().of(JobWorld.SCOPE);
            tx.settings().put(JobWorld.SCOPE, settings.with(Map.of(ResourceType.EFS, false), Map.of()));
            return true;
        });

        assertThatExceptionOfType(Refused.class)
                .isThrownBy(this::start)
                .satisfies(refused -> assertThat(refused.problem().kind()).isEqualTo(Problem.Kind.INVALID_REQUEST))
                .withMessageContaining("no safety point");
    }
}
