package dev.coffer.engine.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.RestoreJobRows;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.job.RestoreJob;
import dev.coffer.core.job.RestoreState;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.recoverypoint.StorageClass;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RestoreTest {
    @TempDir
    Path folder;

    private JobWorld world;
    private Arn point;

    @BeforeEach
    void open() throws InterruptedException {
        world = new JobWorld(folder);
        point = world.backedUp(1).recoveryPoint();
        world.ended.clear();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private RestoreJob start(StartRestore request) {
        return world.restores.start(JobWorld.CALLER, request);
    }

    private StartRestore request(
            Map<String, String> metadata,
            Optional<String> role,
            Optional<String> token,
            Optional<String> type,
            boolean copyTags) {
        return new StartRestore(point.toString(), metadata, role, token, type, copyTags);
    }

    private StartRestore good(Optional<String> token, boolean copyTags) {
        return request(
                Map.of("NewFileSystem", "true"),
                Optional.of(JobWorld.ROLE.toString()),
                token,
                Optional.of("EFS"),
                copyTags);
    }

    private static void refused(ThrowingCallable call, Problem.Kind kind, String... parts) {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(call)
                .satisfies(refused -> assertThat(refused.problem().kind()).isEqualTo(kind))
                .satisfies(refused -> assertThat(refused.problem().message()).contains(parts));
    }

    private Arn created(RestoreJob job) {
        assertThat(world.now(job).state()).isInstanceOf(RestoreState.Completed.class);
        return ((RestoreState.Completed) world.now(job).state()).created();
    }

    @Test
    void aRestoreMakesAResourceThatIsKnownFromThenOn() throws InterruptedException {
        world.clock.advance(Duration.ofHours(1));
        var job = start(good(Optional.empty(), true));
        assertThat(world.now(job).state().wireName()).isEqualTo("PENDING");
        world.run(world.process("a"));

        var made = created(job);
        assertThat(world.files(made)).isEqualTo(Map.of("a", "alpha", "b", "beta"));
        assertThat(world.inventory.find(JobWorld.SCOPE, made)).hasValueSatisfying(source -> {
            assertThat(source.tags()).isEqualTo(Map.of("team", "a"));
            assertThat(source.settings()).containsEntry("path", "/restored");
        });
        assertThat(world.restores.metadata(JobWorld.CALLER, job.id().value()))
                .isEqualTo(Map.of("NewFileSystem", "true"));
        var restored = world.catalog.read(view -> view.recoveryPoints().find(JobWorld.SCOPE, point));
        assertThat(restored)
                .hasValueSatisfying(found -> assertThat(found.lastRestoredAt()).contains(world.clock.instant()));
        assertThat(world.events().stream()
                        .filter(event -> event.detailType().equals("Restore Job State Change"))
                        .map(event -> event.detail().getOrDefault("status", "CREATED")))
                .containsExactly("CREATED", "PENDING", "RUNNING", "COMPLETED");
        assertThat(world.ended).containsExactly("RESTORE COMPLETED");
    }

    @Test
    void aRestoreFromColdStorageSaysSo() throws InterruptedException {
        world.catalog.<Boolean>write(tx -> {
            tx.recoveryPoints()
                    .put(tx.recoveryPoints()
                            .find(JobWorld.SCOPE, point)
                            .orElseThrow()
                            .movedToCold());
            return true;
        });
        var job = start(good(Optional.empty(), false));
        world.run(world.process("a"));
        assertThat(world.now(job).state())
                .isInstanceOfSatisfying(
                        RestoreState.Completed.class,
                        done -> assertThat(done.message())
                                .contains("The recovery point was in cold storage, which takes longer to read than warm"
                                        + " storage."));
        var cold = world.catalog.read(view -> view.recoveryPoints().find(JobWorld.SCOPE, point));
        assertThat(cold).hasValueSatisfying(found -> {
            assertThat(found.storage()).isEqualTo(StorageClass.COLD);
            assertThat(found.lastRestoredAt()).isPresent();
        });
    }

    @Test
    void whatARestoreMadeCanBeBackedUp() throws InterruptedException {
        var job = start(good(Optional.empty(), false));
        world.run(world.process("a"));
        var backup = world.backups.start(JobWorld.CALLER, JobWorld.request(created(job)));
        world.run(world.process("a"));

        assertThat(world.now(backup).state().wireName()).isEqualTo("COMPLETED");
    }

    @Test
    void aTokenFindsItsJobWhileThatRunsAndIsRefusedAfterwards() throws InterruptedException {
        var first = start(good(Optional.of("t"), false));
        assertThat(start(good(Optional.of("t"), false)).id()).isEqualTo(first.id());
        refused(
                () -> start(good(Optional.of("t"), true)),
                Problem.Kind.INVALID_PARAMETER_VALUE,
                "IdempotencyToken",
                "different parameters");
        world.run(world.process("a"));

        refused(
                () -> start(good(Optional.of("t"), false)),
                Problem.Kind.INVALID_PARAMETER_VALUE,
                "Restore job " + first.id() + " already finished");
    }

    @Test
    void whatCannotBeIsRefusedBeforeAJobExists() {
        var role = Optional.of(JobWorld.ROLE.toString());
        var metadata = Map.of("newFileSystem", "true");
        refused(
                () -> start(request(metadata, Optional.empty(), Optional.empty(), Optional.empty(), false)),
                Problem.Kind.MISSING_PARAMETER_VALUE,
                "IamRoleArn is missing.");
        refused(
                () -> start(request(Map.of(), role, Optional.empty(), Optional.empty(), false)),
                Problem.Kind.MISSING_PARAMETER_VALUE,
                "newFileSystem");
        refused(
                () -> start(request(
                        Map.of("newFileSystem", "true", "NEWFILESYSTEM", "false"),
                        role,
                        Optional.empty(),
                        Optional.empty(),
                        false)),
                Problem.Kind.INVALID_PARAMETER_VALUE,
                "twice");
        refused(
                () -> start(request(
                        Map.of("newFileSystem", "x".repeat(200 * 1024)),
                        role,
                        Optional.empty(),
                        Optional.empty(),
                        false)),
                Problem.Kind.INVALID_PARAMETER_VALUE,
                "It may have at most 204800.");
        refused(
                () -> start(request(metadata, role, Optional.empty(), Optional.of("EBS"), false)),
                Problem.Kind.INVALID_PARAMETER_VALUE,
                "ResourceType is EBS, and the recovery point is of type EFS.");
        refused(
                () -> start(request(metadata, role, Optional.empty(), Optional.of("FSx"), false)),
                Problem.Kind.INVALID_PARAMETER_VALUE,
                "Unsupported resource type: FSx");
        refused(
                () -> start(request(
                        metadata,
                        Optional.of("arn:aws:iam::111122223333:role/Other"),
                        Optional.empty(),
                        Optional.empty(),
                        false)),
                Problem.Kind.INVALID_PARAMETER_VALUE,
                "cannot be assumed by AWS Backup");
        refused(
                () -> start(JobWorld.restoreOf(Arn.ofRecoveryPoint(JobWorld.SCOPE, "none"))),
                Problem.Kind.RESOURCE_NOT_FOUND,
                "was not found.");
        assertThat(world.restores
                        .list(JobWorld.CALLER, RestoreJobRows.Filter.none(), Optional.empty(), PageRequest.first(10))
                        .rows())
                .isEmpty();
    }

    @Test
    void aPointThatIsBeingDeletedCannotBeRestored() {
        world.catalog.<Boolean>write(tx -> {
            var found = tx.recoveryPoints().find(JobWorld.SCOPE, point).orElseThrow();
            tx.recoveryPoints().put(found.withStatus(RecoveryPointStatus.DELETING));
            return true;
        });

        refused(() -> start(good(Optional.empty(), false)), Problem.Kind.INVALID_REQUEST, "DELETING");
    }

    @Test
    void aPassingFaultIsTriedAgainAndALastingOneFailsTheJob() throws InterruptedException {
        world.connector.turns.add(_ -> {
            throw new SourceException.Unavailable("The file server is off.", new RuntimeException());
        });
        var job = start(good(Optional.empty(), false));
        var process = world.process("a");
        world.run(process);
        assertThat(world.now(job).state().wireName()).isEqualTo("PENDING");
        world.clock.advance(Duration.ofMinutes(1));
        world.connector.turns.add(_ -> {
            throw new SourceException.Impossible("The target exists.");
        });
        world.run(process);

        assertThat(world.now(job).state()).isInstanceOf(RestoreState.Failed.class);
        assertThat(((RestoreState.Failed) world.now(job).state()).message()).isEqualTo("The target exists.");
        assertThat(world.ended).containsExactly("RESTORE FAILED");
    }

    @Test
    void passingFaultsEndTheJobWhenItHasBeenTriedLongEnough() throws InterruptedException {
        var job = start(good(Optional.empty(), false));
        world.connector.turns.add(_ -> {
            throw new SourceException.Unavailable("The file server is off.", new RuntimeException());
        });
        world.clock.advance(Duration.ofHours(8));
        world.run(world.process("a"));

        assertThat(world.now(job).state().wireName()).isEqualTo("FAILED");
    }

    @Test
    void itemsThatCannotBeRestoredMakeACompletedJobWithAMessage() throws InterruptedException {
        world.connector.unreadable.add("b");
        var job = start(good(Optional.empty(), false));
        world.run(world.process("a"));

        assertThat(((RestoreState.Completed) world.now(job).state()).message())
                .contains("Completed with issues: 1 item was not restored as it was: /b (no owner of that name).");
    }

    @Test
    void aRestoreThatWasInterruptedByTheEndOfItsProcessGoesOnWithItsId() throws InterruptedException {
        var hold = world.hold();
        var job = start(good(Optional.empty(), false));
        var first = world.process("a");
        first.tick();
        hold.reached.await();
        first.close();
        assertThat(world.now(job).state().wireName()).isEqualTo("RUNNING");
        world.run(world.process("b"));

        assertThat(world.files(created(job))).hasSize(2);
    }

    @Test
    void everyFilterOfAListHolds() throws InterruptedException {
        var done = start(good(Optional.empty(), false));
        world.run(world.process("a"));
        world.clock.advance(Duration.ofMinutes(1));
        var waiting = start(good(Optional.empty(), false));

        var all = world.restores.listByResource(
                JobWorld.CALLER,
                JobWorld.fileSystem(1).toString(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                PageRequest.first(10));
        assertThat(all.rows()).extracting(RestoreJob::id).containsExactly(waiting.id(), done.id());
        assertThat(world.restores
                        .listByResource(
                                JobWorld.CALLER,
                                JobWorld.fileSystem(1).toString(),
                                Optional.of("COMPLETED"),
                                Optional.of(JobWorld.START.plusSeconds(1)),
                                Optional.of(JobWorld.START.minusSeconds(1)),
                                PageRequest.first(10))
                        .rows())
                .extracting(RestoreJob::id)
                .containsExactly(done.id());
        assertThat(world.restores
                        .listByResource(
                                JobWorld.CALLER,
                                JobWorld.fileSystem(2).toString(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                PageRequest.first(10))
                        .rows())
                .isEmpty();
        refused(
                () -> world.restores.listByResource(
                        JobWorld.CALLER,
                        JobWorld.fileSystem(1).toString(),
                        Optional.of("DONE"),
                        Optional.empty(),
                        Optional.empty(),
                        PageRequest.first(10)),
                Problem.Kind.INVALID_PARAMETER_VALUE,
                "Status DONE is not known");
        refused(
                () -> world.restores.describe(JobWorld.CALLER, "nothing"),
                Problem.Kind.RESOURCE_NOT_FOUND,
                "Restore job nothing was not found.");
    }

    @Test
    void metadataIsNotInTheTextOfARequestOrAJob() {
        var request = request(
                Map.of("newFileSystem", "hidden"),
                Optional.of(JobWorld.ROLE.toString()),
                Optional.empty(),
                Optional.empty(),
                false);

        assertThat(request.toString()).doesNotContain("hidden");
        assertThat(start(request).toString()).doesNotContain("hidden");
    }
}
