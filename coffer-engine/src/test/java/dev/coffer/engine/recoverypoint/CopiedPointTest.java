package dev.coffer.engine.recoverypoint;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.ROLE;
import static dev.coffer.engine.EngineBench.START;
import static dev.coffer.engine.EngineBench.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.job.CopyJob;
import dev.coffer.core.job.CopyState;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.Progress;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.problem.Problem.Kind;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultPlace;
import dev.coffer.engine.EngineBench;
import dev.coffer.engine.access.Roles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a point does while it is copied, and what becomes of copies from other accounts. */
final class CopiedPointTest {
    private EngineBench bench;
    private RecoveryPoint point;

    @BeforeEach
    void open(@TempDir Path folder) throws InterruptedException {
        bench = new EngineBench(folder);
        bench.trustRole();
        point = bench.keptFor(bench.point(bench.vault("prod"), "fs-1", START), OptionalLong.of(7));
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private CopyJob job(CopyState state) {
        return new CopyJob(
                new JobId("COPY-1"),
                point.scope(),
                point.vault(),
                point.arn(),
                new VaultPlace(point.scope(), new VaultName("copies")),
                Arn.ofRecoveryPoint(point.scope(), "copy"),
                point.resource(),
                point.resourceType(),
                "home",
                ROLE,
                Lifecycle.NONE,
                Optional.empty(),
                Optional.empty(),
                START,
                1,
                Progress.NONE,
                state);
    }

    private static List<CopyState> open(EngineBench bench) {
        var lease = new Lease(new RunnerId("n", "1"), 1, bench.clock.instant().plusSeconds(30));
        return List.of(new CopyState.Created(START, Optional.empty()), new CopyState.Running(lease, START));
    }

    @Test
    void whileItIsCopiedItCannotBeDeletedAndAfterThatItCan() throws InterruptedException {
        bench.write(tx -> tx.copyJobs().insert(job(new CopyState.Failed(START, "no"))));
        for (var state : open(bench)) {
            bench.write(tx -> tx.copyJobs().update(job(state)));
            var problem =
                    refusal(() -> bench.points.delete(ADMIN, "prod", point.arn().toString()));
            assertThat(problem.kind()).isEqualTo(Kind.INVALID_RESOURCE_STATE);
            assertThat(problem.message()).contains("is being copied");
        }
        bench.write(tx -> tx.copyJobs().update(job(new CopyState.Completed(START))));
        bench.points.delete(ADMIN, "prod", point.arn().toString());
        bench.deletion.tick();
        assertThat(bench.isStored(point)).isFalse();
    }

    @Test
    void whileItIsCopiedItDoesNotExpireAndAfterThatItDoes() throws InterruptedException {
        bench.clock.advance(Duration.ofDays(8));
        bench.write(tx -> tx.copyJobs().insert(job(new CopyState.Failed(START, "no"))));
        for (var state : open(bench)) {
            bench.write(tx -> tx.copyJobs().update(job(state)));
            bench.expire();
            assertThat(bench.stored(point))
                    .hasValueSatisfying(kept -> assertThat(kept.status()).isEqualTo(RecoveryPointStatus.COMPLETED));
        }
        bench.write(tx -> tx.copyJobs().update(job(new CopyState.Failed(START, "no"))));
        bench.expire();
        assertThat(bench.stored(point)).isEmpty();
    }

    @Test
    void aCopyThatAnotherAccountMadeExpiresUnderTheRoleOfTheService() throws InterruptedException {
        var copy = bench.keptFor(
                bench.point(bench.vault("copies"), "fs-2", START)
                        .madeBy(Roles.ofService(point.scope().account()), Optional.empty()),
                OptionalLong.of(7));
        var foreign = bench.keptFor(
                bench.point(bench.vault("foreign"), "fs-3", START)
                        .madeBy(Roles.ofService(new AccountId("444455556666")), Optional.empty()),
                OptionalLong.of(7));
        bench.clock.advance(Duration.ofDays(8));
        bench.expire();
        assertThat(bench.stored(copy)).isEmpty();
        assertThat(bench.stored(foreign))
                .hasValueSatisfying(kept -> assertThat(kept.status()).isEqualTo(RecoveryPointStatus.EXPIRED));
    }

    @Test
    void copiesAreNamedAsAwsNamesThem() {
        assertThat(copyOf(ResourceType.RDS)).endsWith(":rds:eu-central-1:111122223333:snapshot:awsbackup:copyjob-abc");
        assertThat(copyOf(ResourceType.AURORA)).endsWith(":cluster-snapshot:awsbackup:copyjob-abc");
        assertThat(copyOf(ResourceType.EBS)).startsWith("arn:aws:ec2:eu-central-1::snapshot/snap-");
        for (var type : List.of(ResourceType.S3, ResourceType.EFS, ResourceType.DYNAMODB)) {
            assertThat(copyOf(type))
                    .isEqualTo("arn:aws:backup:eu-central-1:111122223333:recovery-point:" + new UUID(1, 1));
        }
    }

    private static String copyOf(ResourceType type) {
        return PointArns.copy(ADMIN.scope(), type, Arn.ofBucket("x"), "ABC", new UUID(1, 1), START)
                .toString();
    }
}
