package dev.coffer.dist;

import static dev.coffer.dist.RunningCoffer.RESOURCE;
import static dev.coffer.dist.RunningCoffer.ROLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.BackupException;
import software.amazon.awssdk.services.backup.model.BackupJobState;
import software.amazon.awssdk.services.backup.model.DescribeBackupJobResponse;
import software.amazon.awssdk.services.backup.model.InvalidParameterValueException;
import software.amazon.awssdk.services.backup.model.InvalidRequestException;
import software.amazon.awssdk.services.backup.model.InvalidResourceStateException;
import software.amazon.awssdk.services.backup.model.LegalHoldStatus;
import software.amazon.awssdk.services.backup.model.MissingParameterValueException;
import software.amazon.awssdk.services.backup.model.ResourceNotFoundException;

/** Vault locks, legal holds, lifecycles and the vault clock, through the AWS SDK. */
final class LockTest {
    private static final String LOCKED =
            "Backup vault prod is locked. Recovery points in a locked backup vault cannot be deleted or modified.";
    private static final String HELD = "The recovery point cannot be deleted because it has active legal hold(s)";

    @TempDir
    private Path folder;

    private static <T extends BackupException> void refuses(Class<T> type, String message, ThrowingCallable call) {
        var refusal = catchThrowableOfType(type, call);
        assertThat(refusal).as(message).isNotNull();
        assertThat(refusal.awsErrorDetails().errorMessage()).contains(message);
    }

    private static DescribeBackupJobResponse backUp(BackupClient client, Long days) throws InterruptedException {
        var id = client.startBackupJob(r -> r.backupVaultName("prod")
                        .resourceArn(RESOURCE)
                        .iamRoleArn(ROLE)
                        .lifecycle(l -> l.deleteAfterDays(days)))
                .backupJobId();
        return RunningCoffer.awaitBackup(client, id, job -> RunningCoffer.ended(job.state()));
    }

    private static void lock(BackupClient client, Long min, Long max, @Nullable Long changeable) {
        client.putBackupVaultLockConfiguration(r -> r.backupVaultName("prod")
                .minRetentionDays(min)
                .maxRetentionDays(max)
                .changeableForDays(changeable));
    }

    @Test
    void aLockedVaultKeepsItsPointsAndLetsOnlyFittingOnesIn() throws IOException, InterruptedException {
        Trees.random(folder.resolve("tree"), 2, 10_000, 1);
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            client.createBackupVault(r -> r.backupVaultName("prod"));
            assertThat(client.describeBackupVault(r -> r.backupVaultName("prod"))
                            .locked())
                    .isFalse();
            var point = backUp(client, 30L).recoveryPointArn();

            refuses(
                    InvalidParameterValueException.class,
                    "MinRetentionDays cannot be greater than MaxRetentionDays",
                    () -> lock(client, 9L, 8L, null));
            refuses(
                    InvalidParameterValueException.class,
                    "ChangeableForDays must be at least 3 days",
                    () -> lock(client, 7L, 100L, 2L));
            refuses(
                    InvalidParameterValueException.class,
                    "MaxRetentionDays cannot exceed 36500 days",
                    () -> lock(client, 7L, 36_501L, null));
            refuses(
                    ResourceNotFoundException.class,
                    "Backup vault nothing was not found.",
                    () -> client.putBackupVaultLockConfiguration(r -> r.backupVaultName("nothing")));
            refuses(
                    ResourceNotFoundException.class,
                    "Backup vault nothing was not found.",
                    () -> client.deleteBackupVaultLockConfiguration(r -> r.backupVaultName("nothing")));

            lock(client, 7L, 100L, null);
            var governance = client.describeBackupVault(r -> r.backupVaultName("prod"));
            assertThat(governance.locked()).isTrue();
            assertThat(governance.minRetentionDays()).isEqualTo(7);
            assertThat(governance.maxRetentionDays()).isEqualTo(100);
            assertThat(governance.lockDate()).isNull();
            assertKept(client, point);

            lock(client, 7L, 100L, 3L);
            var compliance = client.listBackupVaults().backupVaultList().stream()
                    .filter(vault -> vault.backupVaultName().equals("prod"))
                    .findFirst()
                    .orElseThrow();
            assertThat(compliance.locked()).isTrue();
            assertThat(compliance.maxRetentionDays()).isEqualTo(100);
            assertThat(compliance.lockDate())
                    .isBetween(
                            Instant.now().plus(Duration.ofHours(71)),
                            Instant.now().plus(Duration.ofHours(73)));
            assertKept(client, point);

            var failed = backUp(client, 6L);
            assertThat(failed.state()).isEqualTo(BackupJobState.FAILED);
            assertThat(failed.statusMessage())
                    .isEqualTo("Backup job failed because the lifecycle is outside the valid range for backup vault.");
            assertThat(failed.messageCategory()).isEqualTo("INVALID_LIFECYCLE");
            assertThat(backUp(client, 100L).state()).isEqualTo(BackupJobState.COMPLETED);
            assertThat(client.listRecoveryPointsByBackupVault(r -> r.backupVaultName("prod"))
                            .recoveryPoints())
                    .hasSize(2);

            client.deleteBackupVaultLockConfiguration(r -> r.backupVaultName("prod"));
            client.deleteBackupVaultLockConfiguration(r -> r.backupVaultName("prod"));
            assertThat(client.describeBackupVault(r -> r.backupVaultName("prod"))
                            .locked())
                    .isFalse();
            client.deleteRecoveryPoint(r -> r.backupVaultName("prod").recoveryPointArn(point));
            MainJobTest.awaitGone(client, "prod", point);
        }
    }

    private static void assertKept(BackupClient client, String point) {
        refuses(
                InvalidRequestException.class,
                LOCKED,
                () -> client.deleteRecoveryPoint(r -> r.backupVaultName("prod").recoveryPointArn(point)));
        for (long days : new long[] {8, 60}) {
            refuses(
                    InvalidRequestException.class,
                    LOCKED,
                    () -> client.updateRecoveryPointLifecycle(r ->
                            r.backupVaultName("prod").recoveryPointArn(point).lifecycle(l -> l.deleteAfterDays(days))));
        }
        refuses(
                InvalidRequestException.class,
                LOCKED,
                () -> client.disassociateRecoveryPoint(
                        r -> r.backupVaultName("prod").recoveryPointArn(point)));
        refuses(
                InvalidRequestException.class,
                "Backup vault cannot be deleted because it contains recovery points.",
                () -> client.deleteBackupVault(r -> r.backupVaultName("prod")));
    }

    @Test
    void aLegalHoldKeepsItsPointsUntilItIsCancelled() throws IOException, InterruptedException {
        Trees.random(folder.resolve("tree"), 2, 10_000, 1);
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            client.createBackupVault(r -> r.backupVaultName("prod"));
            var point = backUp(client, 30L).recoveryPointArn();
            refuses(
                    InvalidParameterValueException.class,
                    "VaultNames names nothing",
                    () -> client.createLegalHold(
                            r -> r.title("t").description("d").recoveryPointSelection(s -> s.vaultNames("nothing"))));

            var to = Instant.ofEpochSecond(Instant.now().plusSeconds(60).getEpochSecond());
            var hold = client.createLegalHold(r -> r.title("case-4711")
                    .description("litigation")
                    .idempotencyToken("once")
                    .tags(Map.of("case", "4711"))
                    .recoveryPointSelection(s -> s.vaultNames("prod")
                            .resourceIdentifiers(RESOURCE)
                            .dateRange(d ->
                                    d.fromDate(to.minus(Duration.ofDays(1))).toDate(to))));
            assertThat(hold.legalHoldArn()).endsWith(":legal-hold:" + hold.legalHoldId());
            assertThat(hold.recoveryPointSelection().dateRange().toDate()).isEqualTo(to);
            assertThat(client.listTags(r -> r.resourceArn(hold.legalHoldArn())).tags())
                    .containsEntry("case", "4711");
            refuses(
                    InvalidRequestException.class,
                    HELD,
                    () -> client.deleteRecoveryPoint(
                            r -> r.backupVaultName("prod").recoveryPointArn(point)));
            await(client, hold.legalHoldId(), LegalHoldStatus.ACTIVE);
            assertThat(client.listRecoveryPointsByLegalHold(r -> r.legalHoldId(hold.legalHoldId()))
                            .recoveryPoints())
                    .singleElement()
                    .satisfies(held -> {
                        assertThat(held.recoveryPointArn()).isEqualTo(point);
                        assertThat(held.resourceArn()).isEqualTo(RESOURCE);
                        assertThat(held.resourceType()).isEqualTo("EFS");
                        assertThat(held.backupVaultName()).isEqualTo("prod");
                    });
            assertThat(client.listLegalHolds(r -> {}).legalHolds())
                    .extracting("title")
                    .containsExactly("case-4711");
            refuses(
                    InvalidRequestException.class,
                    "cannot be shortened because it has active legal hold(s)",
                    () -> client.updateRecoveryPointLifecycle(r ->
                            r.backupVaultName("prod").recoveryPointArn(point).lifecycle(l -> l.deleteAfterDays(10L))));
            client.updateRecoveryPointLifecycle(
                    r -> r.backupVaultName("prod").recoveryPointArn(point).lifecycle(l -> l.deleteAfterDays(40L)));

            refuses(
                    MissingParameterValueException.class,
                    "ancelDescription",
                    () -> client.cancelLegalHold(r -> r.legalHoldId(hold.legalHoldId())));
            refuses(
                    ResourceNotFoundException.class,
                    "Legal hold nothing was not found.",
                    () -> client.getLegalHold(r -> r.legalHoldId("nothing")));
            client.cancelLegalHold(r -> r.legalHoldId(hold.legalHoldId())
                    .cancelDescription("settled")
                    .retainRecordInDays(30L));
            refuses(
                    InvalidResourceStateException.class,
                    "cannot be cancelled again",
                    () -> client.cancelLegalHold(
                            r -> r.legalHoldId(hold.legalHoldId()).cancelDescription("again")));
            await(client, hold.legalHoldId(), LegalHoldStatus.CANCELED);
            var cancelled = client.getLegalHold(r -> r.legalHoldId(hold.legalHoldId()));
            assertThat(cancelled.cancelDescription()).isEqualTo("settled");
            assertThat(Duration.between(cancelled.cancellationDate(), cancelled.retainRecordUntil()))
                    .isEqualTo(Duration.ofDays(30));

            refuses(
                    InvalidRequestException.class,
                    "is a snapshot. Only continuous backups can be disassociated.",
                    () -> client.disassociateRecoveryPoint(
                            r -> r.backupVaultName("prod").recoveryPointArn(point)));
            refuses(
                    InvalidRequestException.class,
                    "has no parent recovery point.",
                    () -> client.disassociateRecoveryPointFromParent(
                            r -> r.backupVaultName("prod").recoveryPointArn(point)));
            client.deleteRecoveryPoint(r -> r.backupVaultName("prod").recoveryPointArn(point));
            MainJobTest.awaitGone(client, "prod", point);
        }
    }

    static void await(BackupClient client, String hold, LegalHoldStatus status) throws InterruptedException {
        long deadline = System.nanoTime() + RunningCoffer.PATIENCE.toNanos();
        while (client.getLegalHold(r -> r.legalHoldId(hold)).status() != status) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the legal hold does not become " + status);
            }
            Thread.sleep(20);
        }
    }

    @Test
    void theVaultClockIsShownAndAcknowledgedOnTheHostByTwoPeopleAlone() throws IOException, InterruptedException {
        try (var coffer = RunningCoffer.start(folder)) {
            var shown = new RawCall(coffer, "GET", "/coffer/v1/clock").send();
            assertThat(shown.status()).isEqualTo(200);
            assertThat(shown.text()).contains("\"State\":\"TRUSTED\"", "\"LagSeconds\":0");
            var refused =
                    new RawCall(coffer, "POST", "/coffer/v1/clock").body("{}").send();
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.text()).contains("coffer clock acknowledge");
            assertThat(coffer.stop()).isZero();
        }
        var data = folder.resolve("data").toString();
        assertThat(coffer("clock", "acknowledge", "--data", data, "--reason", "battery", "--approver", "ann"))
                .startsWith("30 ")
                .contains("two different people");
        assertThat(coffer(
                        "clock",
                        "acknowledge",
                        "--data",
                        data,
                        "--reason",
                        "battery",
                        "--approver",
                        "ann",
                        "--approver",
                        "ann"))
                .startsWith("30 ");
        assertThat(coffer(
                        "clock",
                        "acknowledge",
                        "--data",
                        data,
                        "--reason",
                        "battery",
                        "--approver",
                        "ann",
                        "--approver",
                        "bob"))
                .startsWith("0 ")
                .contains("before: trusted", "now: trusted");
        try (var coffer = RunningCoffer.start(folder)) {
            assertThat(new RawCall(coffer, "GET", "/coffer/v1/clock").send().text())
                    .contains("\"State\":\"TRUSTED\"");
        }
    }

    /** The exit code, a space, and all that the command says. */
    private String coffer(String... arguments) throws IOException, InterruptedException {
        var errors = Files.createTempFile(folder, "err", ".log");
        var command = new java.util.ArrayList<String>();
        command.add(Path.of(System.getProperty("coffer.home"), "bin", "coffer").toString());
        command.addAll(java.util.List.of(arguments));
        var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() + " " + out + Files.readString(errors);
    }
}
