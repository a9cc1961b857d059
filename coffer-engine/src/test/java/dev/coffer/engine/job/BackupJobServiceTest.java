package dev.coffer.engine.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.BackupJobRows;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.BackupState;
import dev.coffer.core.job.MessageCategory;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.settings.RegionSettings;
import dev.coffer.core.vault.VaultName;
import dev.coffer.engine.lifecycle.LifecycleRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackupJobServiceTest {
    @TempDir
    Path folder;

    private JobWorld world;

    @BeforeEach
    void open() {
        world = new JobWorld(folder);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private BackupJob start(StartBackup request) {
        return world.backups.start(JobWorld.CALLER, request);
    }

    private static StartBackup good() {
        return JobWorld.request(JobWorld.fileSystem(1));
    }

    private static StartBackup with(
            Optional<String> token, Optional<Long> start, Optional<Long> complete, Map<String, String> tags) {
        var good = good();
        return new StartBackup(
                good.vaultName(),
                good.resourceArn(),
                good.roleArn(),
                token,
                start,
                complete,
                Optional.empty(),
                tags,
                Map.of(),
                Optional.empty(),
                Optional.empty());
    }

    private static StartBackup of(String vault, String resource, String role) {
        return new StartBackup(
                vault,
                resource,
                role,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty());
    }

    private static void refused(ThrowingCallable call, Problem.Kind kind, String... parts) {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(call)
                .satisfies(refused -> assertThat(refused.problem().kind()).isEqualTo(kind))
                .satisfies(refused -> assertThat(refused.problem().message()).contains(parts));
    }

    @Test
    void aStartedJobIsStoredWithItsWindowsItsPointAndItsEventAndWakesTheRunner() {
        var job = start(good());

        assertThat(world.now(job)).isEqualTo(job);
        assertThat(job.state()).isInstanceOf(BackupState.Created.class);
        assertThat(job.startBy()).isEqualTo(JobWorld.START.plus(Duration.ofHours(8)));
        assertThat(job.completeBy()).isEqualTo(JobWorld.START.plus(Duration.ofDays(7)));
        assertThat(job.recoveryPoint().toString()).startsWith("arn:aws:backup:eu-west-1:111122223333:recovery-point:");
        assertThat(world.events())
                .singleElement()
                .satisfies(event -> assertThat(event.detail())
                        .containsEntry("state", "CREATED")
                        .containsEntry("backupJobId", job.id().value()));
        assertThat(world.wakes).hasValue(1);
    }

    @Test
    void theSameTokenWithTheSameRequestFindsTheFirstJob() {
        var first = start(with(Optional.of("t"), Optional.empty(), Optional.empty(), Map.of("a", "1")));
        var second = start(with(Optional.of("t"), Optional.empty(), Optional.empty(), Map.of("a", "1")));

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(world.events()).hasSize(1);
    }

    @Test
    void theSameTokenWithAnotherRequestIsRefused() {
        start(with(Optional.of("t"), Optional.empty(), Optional.empty(), Map.of("a", "1, b=2")));

        refused(
                () -> start(with(Optional.of("t"), Optional.empty(), Optional.empty(), Map.of("a", "1", "b", "2"))),
                Problem.Kind.INVALID_PARAMETER_VALUE,
                "IdempotencyToken",
                "different parameters");
    }

    @Test
    void aTokenIsForgottenAfterADay() {
        var first = start(with(Optional.of("t"), Optional.empty(), Optional.empty(), Map.of()));
        world.clock.advance(Duration.ofHours(24).plusSeconds(1));
        var second = start(with(Optional.of("t"), Optional.empty(), Optional.empty(), Map.of()));

        assertThat(second.id()).isNotEqualTo(first.id());
    }

    @Test
    void withoutATokenEveryRequestIsAJob() {
        assertThat(start(good()).id()).isNotEqualTo(start(good()).id());
    }

    @Test
    void windowsOutsideTheirBoundsAreRefused() {
        refused(
                () -> start(with(Optional.empty(), Optional.of(59L), Optional.empty(), Map.of())),
                Problem.Kind.INVALID_PARAMETER_VALUE,
                "StartWindowMinutes must be 60 to 52560000 minutes, and is 59.");
        refused(
                () -> start(with(Optional.empty(), Optional.of(52_560_001L), Optional.empty(), Map.of())),
                Problem.Kind.INVALID_PARAMETER_VALUE,
                "StartWindowMinutes");
        refused(
                () -> start(with(Optional.empty(), Optional.of(60L), Optional.of(60L), Map.of())),
                Problem.Kind.INVALID_PARAMETER_VALUE,
                "CompleteWindowMinutes (60) must be greater than StartWindowMinutes (60).");
        assertThat(start(with(Optional.empty(), Optional.of(60L), Optional.of(61L), Map.of())))
                .isNotNull();
    }

    @Test
    void vaultResourceAndRoleMustExist() {
        var resource = JobWorld.fileSystem(1).toString();
        var role = JobWorld.ROLE.toString();
        refused(
                () -> start(of("other", resource, role)),
                Problem.Kind.RESOURCE_NOT_FOUND,
                "Backup vault other was not found.");
        refused(() -> start(of("x", resource, role)), Problem.Kind.INVALID_PARAMETER_VALUE, "BackupVaultName");
        refused(
                () -> start(of("prod", JobWorld.fileSystem(99).toString(), role)),
                Problem.Kind.RESOURCE_NOT_FOUND,
                "fs-99");
        refused(
                () -> start(of("prod", "arn:aws:sns:eu-west-1:111122223333:topic", role)),
                Problem.Kind.INVALID_PARAMETER_VALUE,
                "Unsupported resource type: arn:aws:sns");
        refused(() -> start(of("prod", "nonsense", role)), Problem.Kind.INVALID_PARAMETER_VALUE, "ResourceArn");
        refused(
                () -> start(of("prod", resource, "arn:aws:iam::111122223333:role/Other")),
                Problem.Kind.INVALID_PARAMETER_VALUE,
                "IAM Role arn:aws:iam::111122223333:role/Other cannot be assumed by AWS Backup");
        refused(
                () -> start(of("prod", resource, "arn:aws:iam::111122223333:user/someone")),
                Problem.Kind.INVALID_PARAMETER_VALUE,
                "IamRoleArn is not the ARN of an IAM role");
        refused(
                () -> start(of("prod", "arn:aws:elasticfilesystem:eu-west-1:999988887777:file-system/fs-1", role)),
                Problem.Kind.ACCESS_DENIED,
                "Insufficient privileges");
        assertThat(world.events()).isEmpty();
    }

    @Test
    void aTypeThatIsNotOptedInIsRefused() {
        world.catalog.<Boolean>write(tx -> {
            RegionSettings before = tx.settings().of(JobWorld.SCOPE);
            tx.settings().put(JobWorld.SCOPE, before.with(Map.of(ResourceType.EFS, false), Map.of()));
            return true;
        });

        refused(() -> start(good()), Problem.Kind.INVALID_REQUEST, "EFS", "UpdateRegionSettings");
    }

    @Test
    void whatTheTypeDoesNotHaveIsRefused() {
        var good = good();
        var tags = new TreeMap<String, String>();
        for (int i = 0; i < 11; i++) {
            tags.put("k" + i, "v");
        }
        refused(
                () -> start(with(Optional.empty(), Optional.empty(), Optional.empty(), tags)),
                Problem.Kind.INVALID_PARAMETER_VALUE,
                "RecoveryPointTags has at most 10 tags.");
        refused(
                () -> start(new StartBackup(
                        good.vaultName(),
                        good.resourceArn(),
                        good.roleArn(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(LifecycleRequest.ofDays(Optional.of(10L), Optional.of(50L))),
                        Map.of(),
                        Map.of(),
                        Optional.empty(),
                        Optional.empty())),
                Problem.Kind.INVALID_PARAMETER_VALUE,
                "Invalid lifecycle. DeleteAfterDays cannot be less than 90 days apart");
        refused(
                () -> start(options(Map.of("WindowsVSS", "enabled"), Optional.empty(), Optional.empty())),
                Problem.Kind.INVALID_PARAMETER_VALUE,
                "BackupOptions has no option for resources of type EFS");
        refused(
                () -> start(options(Map.of(), Optional.of("ENABLED"), Optional.empty())),
                Problem.Kind.INVALID_PARAMETER_VALUE,
                "Index cannot be enabled for resources of type EFS");
        refused(
                () -> start(options(Map.of(), Optional.empty(), Optional.of("arn:aws:backup:::backup-vault:x"))),
                Problem.Kind.INVALID_PARAMETER_VALUE,
                "LogicallyAirGappedBackupVaultArn");
    }

    private static StartBackup options(
            Map<String, String> options, Optional<String> index, Optional<String> airGapped) {
        var good = good();
        return new StartBackup(
                good.vaultName(),
                good.resourceArn(),
                good.roleArn(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                options,
                index,
                airGapped);
    }

    @Test
    void aJobThatHasNotBegunIsAbortedByItsStop() {
        var job = start(good());
        world.backups.stop(JobWorld.CALLER, job.id().value());

        assertThat(world.now(job).state().wireName()).isEqualTo("ABORTED");
        assertThat(world.now(job).statusMessage()).contains("Backup job was stopped by user.");
        assertThat(world.ended).containsExactly("BACKUP ABORTED");
    }

    @Test
    void aJobThatHasEndedCannotBeStopped() throws InterruptedException {
        var job = world.backedUp(1);

        refused(
                () -> world.backups.stop(JobWorld.CALLER, job.id().value()),
                Problem.Kind.INVALID_REQUEST,
                "Backup job " + job.id() + " is already in a terminal state");
    }

    @Test
    void anUnknownJobIsNotFound() {
        refused(
                () -> world.backups.stop(JobWorld.CALLER, "nothing"),
                Problem.Kind.RESOURCE_NOT_FOUND,
                "Backup job nothing was not found.");
        refused(
                () -> world.backups.describe(JobWorld.CALLER, "nothing"),
                Problem.Kind.RESOURCE_NOT_FOUND,
                "Backup job nothing was not found.");
    }

    private java.util.List<String> listed(BackupJobRows.Filter filter) {
        return world.backups.list(JobWorld.CALLER, filter, Optional.empty(), PageRequest.first(100)).rows().stream()
                .map(job -> job.resource().resource())
                .toList();
    }

    private static BackupJobRows.Filter filter(
            Optional<Arn> resource,
            Optional<String> state,
            Optional<VaultName> vault,
            Optional<ResourceType> type,
            Optional<MessageCategory> category) {
        return new BackupJobRows.Filter(
                resource,
                state,
                vault,
                type,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                category);
    }

    @Test
    void everyFilterOfAListHolds() throws InterruptedException {
        world.backedUp(1);
        world.clock.advance(Duration.ofMinutes(1));
        world.startBackup(2);

        assertThat(listed(BackupJobRows.Filter.none())).containsExactly("file-system/fs-2", "file-system/fs-1");
        assertThat(listed(filter(
                        Optional.of(JobWorld.fileSystem(2)),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())))
                .containsExactly("file-system/fs-2");
        assertThat(listed(filter(
                        Optional.empty(),
                        Optional.of("COMPLETED"),
                        Optional.of(JobWorld.VAULT),
                        Optional.of(ResourceType.EFS),
                        Optional.of(MessageCategory.SUCCESS))))
                .containsExactly("file-system/fs-1");
        assertThat(listed(filter(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(VaultName.DEFAULT),
                        Optional.empty(),
                        Optional.empty())))
                .isEmpty();
        assertThat(listed(new BackupJobRows.Filter(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(JobWorld.START.plusSeconds(30)),
                        Optional.empty(),
                        Optional.of(JobWorld.START.plusSeconds(30)),
                        Optional.empty(),
                        Optional.empty())))
                .containsExactly("file-system/fs-1");
    }

    @Test
    void anUnknownStateAndAnotherAccountAreRefused() {
        refused(
                () -> listed(filter(
                        Optional.empty(), Optional.of("DONE"), Optional.empty(), Optional.empty(), Optional.empty())),
                Problem.Kind.INVALID_PARAMETER_VALUE,
                "State DONE is not known");
        refused(
                () -> world.backups.list(
                        JobWorld.CALLER,
                        BackupJobRows.Filter.none(),
                        Optional.of("999988887777"),
                        PageRequest.first(10)),
                Problem.Kind.ACCESS_DENIED,
                "Insufficient privileges");
    }

    @Test
    void jobsOfMoreThanThirtyDaysAgoAreNotListed() throws InterruptedException {
        world.backedUp(1);
        world.clock.advance(Duration.ofDays(31));

        assertThat(listed(BackupJobRows.Filter.none())).isEmpty();
    }
}
