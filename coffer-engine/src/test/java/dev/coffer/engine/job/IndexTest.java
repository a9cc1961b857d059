package dev.coffer.engine.job;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.ROLE;
import static dev.coffer.engine.EngineBench.STRANGER;
import static dev.coffer.engine.EngineBench.refusal;
import static dev.coffer.engine.job.IndexWorld.VAULT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.IndexJobRows;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.job.IndexJob;
import dev.coffer.core.job.IndexState;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.resource.ResourceType;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Indexes of recovery points, from the request to the event. */
final class IndexTest {
    private IndexWorld world;

    @BeforeEach
    void open(@TempDir Path folder) throws InterruptedException {
        world = new IndexWorld(folder);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private IndexJob details(RecoveryPoint point) {
        return world.indexes.details(ADMIN, VAULT, point.arn().toString());
    }

    @Test
    void aBackupThatAsksForItMakesAPointThatIsPendingAndActiveWhenAllItemsWereWalked() throws InterruptedException {
        var job = world.startBackup(Optional.of("ENABLED"));
        world.step();
        var point = world.point(job);
        assertThat(point.status()).isEqualTo(RecoveryPointStatus.COMPLETED);
        assertThat(details(point).state().wireName()).isEqualTo("PENDING");
        assertThat(world.told(point)).isEmpty();

        world.engine.clock.advance(Duration.ofSeconds(5));
        world.step();
        var index = details(point);
        assertThat(index.state())
                .isEqualTo(new IndexState.Active(
                        new IndexState.Walk(world.engine.clock.instant(), 2, new SessionId(point.sessionId()))));
        assertThat(world.engine
                        .points
                        .describe(ADMIN, VAULT, point.arn().toString(), Optional.empty())
                        .index())
                .contains(index);
        assertThat(world.told(point))
                .singleElement()
                .satisfies(event -> assertThat(event.detail())
                        .isEqualTo(Map.ofEntries(
                                Map.entry("recoveryPointArn", point.arn().toString()),
                                Map.entry("accountId", "111122223333"),
                                Map.entry("indexStatus", "ACTIVE"),
                                Map.entry("iamRoleArn", ROLE.toString()),
                                Map.entry("resourceType", "S3"),
                                Map.entry(
                                        "backupVaultArn",
                                        Arn.ofVault(ADMIN.scope(), VAULT).toString()),
                                Map.entry("indexCreationTime", "2026-03-01T10:00:00.000Z"),
                                Map.entry("isIndexingContinuous", false),
                                Map.entry("sourceResourceArn", FollowWorld.BUCKET.toString()),
                                Map.entry("backupCreationTime", "2026-03-01T10:00:00.000Z"),
                                Map.entry(
                                        "indexStatusMessage",
                                        "An AWS Backup recovery point index was successfully completed. Indexed recovery point arn : "
                                                + point.arn()),
                                Map.entry("indexCompletionTime", "2026-03-01T10:00:05.000Z"))));
    }

    @Test
    void aBackupThatDoesNotAskForItMakesNone() throws InterruptedException {
        var job = world.startBackup(Optional.of("DISABLED"));
        world.step();
        world.step();
        assertThat(world.status(world.point(job))).isEqualTo("none");
        assertThat(refusal(() -> world.startBackup(Optional.of("YES"))).kind())
                .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
    }

    @Test
    void aRuleIndexesThePointsOfTheTypesThatItNames() throws InterruptedException {
        world.follow.plan("plan", FollowWorld.rule("daily", VAULT, 30, false, List.of(List.of("S3"))));
        world.follow.runPlans();
        assertThat(world.status(world.follow.point())).isEqualTo("ACTIVE");
        assertThat(world.index(world.follow.point()).orElseThrow().role()).isEqualTo(ROLE);
    }

    @Test
    void aRuleThatNamesAnotherTypeIndexesNothing() throws InterruptedException {
        world.follow.plan("plan", FollowWorld.rule("daily", VAULT, 30, false, List.of(List.of("EBS"))));
        world.follow.runPlans();
        assertThat(world.status(world.follow.point())).isEqualTo("none");
        assertThat(refusal(() -> world.follow.plan(
                                "other", FollowWorld.rule("daily", VAULT, 30, false, List.of(List.of("EFS")))))
                        .message())
                .isEqualTo("Error in rule daily : Invalid index actions. Only EBS and S3 can be indexed");
    }

    @Test
    void whatCannotBeIndexedIsRefused() throws InterruptedException {
        var vault = world.engine.catalog.read(view -> view.vaults().all()).getFirst();
        var files = world.engine.point(vault, "fs-1", Instant.EPOCH);
        var creating = world.engine.point(
                vault, ResourceType.S3, FollowWorld.BUCKET, Instant.EPOCH, RecoveryPointStatus.CREATING);
        var volume = world.engine.point(
                vault,
                ResourceType.EBS,
                Arn.parse("r", "arn:aws:ec2:eu-central-1:111122223333:volume/vol-1"),
                Instant.EPOCH,
                RecoveryPointStatus.COMPLETED);
        for (var point : List.of(files, creating, volume)) {
            assertThat(refusal(() -> world.enable(point)).kind()).isEqualTo(Problem.Kind.INVALID_REQUEST);
            assertThat(world.set(point, "DISABLED").index()).isEmpty();
            assertThat(refusal(() -> details(point)).kind()).isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
        }
        assertThat(world.all()).isEmpty();
        var missing = Arn.ofRecoveryPoint(ADMIN.scope(), "missing").toString();
        assertThat(refusal(() -> world.indexes.update(ADMIN, VAULT, missing, "ENABLED", Optional.empty()))
                        .kind())
                .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
        assertThat(refusal(() -> world.indexes.update(
                                ADMIN,
                                VAULT,
                                files.arn().toString(),
                                "ENABLED",
                                Optional.of("arn:aws:iam::111122223333:user/none")))
                        .kind())
                .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
    }

    @Test
    void anotherAccountSeesAndChangesNothing() throws InterruptedException {
        var point = world.backedUp();
        world.enable(point);
        assertThat(world.indexes
                        .list(STRANGER, IndexJobRows.Filter.none(), PageRequest.first(10))
                        .rows())
                .isEmpty();
        assertThat(refusal(() -> world.indexes.details(
                                STRANGER, VAULT, point.arn().toString()))
                        .kind())
                .isEqualTo(Problem.Kind.ACCESS_DENIED);
        assertThat(refusal(() -> world.indexes.update(
                                STRANGER, VAULT, point.arn().toString(), "DISABLED", Optional.empty()))
                        .kind())
                .isEqualTo(Problem.Kind.ACCESS_DENIED);
        assertThat(world.all())
                .singleElement()
                .satisfies(index -> assertThat(index.recoveryPoint()).isEqualTo(point.arn()));
    }

    @Test
    void anIndexThatWaitsIsNotMadeTwiceAndOneThatIsActiveIsRefused() throws InterruptedException {
        var point = world.backedUp();
        var first = world.enable(point).index();
        assertThat(world.enable(point).index()).isEqualTo(first);
        world.step();
        assertThat(world.status(point)).isEqualTo("ACTIVE");
        assertThat(refusal(() -> world.enable(point)).message()).contains("has an ACTIVE index already");
        assertThat(world.toldStatuses(point)).containsExactly("ACTIVE");
    }

    @Test
    void aDisabledIndexIsDeletingAndThenGone() throws InterruptedException {
        var point = world.backedUp();
        world.enable(point);
        world.step();
        var disabled = world.set(point, "DISABLED").index();
        assertThat(disabled).contains(details(point));
        assertThat(details(point).state()).isEqualTo(new IndexState.Deleting(world.engine.clock.instant()));
        assertThat(refusal(() -> world.enable(point)).message()).contains("is being deleted");
        assertThat(world.set(point, "DISABLED").index()).isEqualTo(disabled);
        world.engine.clock.advance(Duration.ofSeconds(1));
        world.step();
        assertThat(world.status(point)).isEqualTo("none");
        assertThat(world.toldStatuses(point)).containsExactly("ACTIVE", "DELETED");
        assertThat(world.told(point).getLast().detail())
                .containsEntry("indexDeletionTime", "2026-03-01T10:00:01.000Z")
                .containsEntry(
                        "indexStatusMessage",
                        "An AWS Backup recovery point index was deleted. Indexed recovery point arn : " + point.arn());
    }

    @Test
    void aDeletedPointTakesItsIndexWithIt() throws InterruptedException {
        var point = world.backedUp();
        world.enable(point);
        world.step();
        world.engine.points.delete(ADMIN, VAULT, point.arn().toString());
        assertThat(world.status(point)).isEqualTo("DELETING");
        world.engine.deletion.tick();
        world.step();
        assertThat(world.all()).isEmpty();
        assertThat(world.toldStatuses(point)).containsExactly("ACTIVE", "DELETED");
    }

    @Test
    void anExpiredPointTakesItsIndexWithItAlsoWhileItWaits() throws InterruptedException {
        var point = world.engine.keptFor(world.backedUp(), OptionalLong.of(1));
        world.enable(point);
        world.engine.clock.advance(Duration.ofDays(2));
        world.engine.trusted.tick();
        world.engine.expiry.tick();
        assertThat(world.status(point)).isEqualTo("DELETING");
        world.step();
        assertThat(world.status(point)).isEqualTo("none");
        assertThat(world.toldStatuses(point)).containsExactly("DELETED");
    }
}
