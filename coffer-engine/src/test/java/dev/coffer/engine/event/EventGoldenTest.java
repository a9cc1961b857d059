package dev.coffer.engine.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.event.Event;
import dev.coffer.core.event.EventJson;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.BackupState;
import dev.coffer.core.job.CopyJob;
import dev.coffer.core.job.CopyState;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.Progress;
import dev.coffer.core.job.RestoreJob;
import dev.coffer.core.job.RestoreState;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.plan.PlannedRun;
import dev.coffer.core.plan.RunState;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.EncryptionKey;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultPlace;
import dev.coffer.testkit.catalog.PlanSamples;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The JSON of events, member by member as AWS documents it. The order of members has no meaning; here it is the written one. */
final class EventGoldenTest {
    private static final Scope SCOPE = new Scope(new AccountId("111122223333"), new Region("eu-west-1"));
    private static final UUID ID = UUID.fromString("0b8f4f8e-94c2-4a62-9f2f-5fd3f0d8a001");
    private static final Instant AT = Instant.parse("2026-03-01T05:14:09.900Z");
    private static final Instant CREATED = Instant.parse("2026-03-01T05:00:00.211Z");
    private static final Instant STARTED = Instant.parse("2026-03-01T05:00:07Z");
    private static final VaultName PROD = new VaultName("prod");
    private static final Arn ROLE = arn("arn:aws:iam::111122223333:role/CofferBackup");
    private static final Lease LEASE =
            new Lease(new RunnerId("node", "start"), 1, Instant.parse("2026-03-01T06:00:00Z"));

    private final Events events = new Events(() -> ID);

    private static Arn arn(String text) {
        return Arn.parse(text).orElseThrow();
    }

    private static BackupJob job(int attempts, Progress progress, BackupState state) {
        return new BackupJob(
                new JobId("3F0E9D62-7A11-4C0B-8B1B-0F5C2A6E9D10"),
                SCOPE,
                PROD,
                arn("arn:aws:ec2:eu-west-1:111122223333:volume/vol-0123456789abcdef0"),
                ResourceType.EBS,
                "data",
                ROLE,
                arn("arn:aws:ec2:eu-west-1::snapshot/snap-0a11b22c33d44e55f"),
                Lifecycle.NONE,
                Map.of(),
                Tags.NONE,
                Optional.empty(),
                CREATED,
                Instant.parse("2026-03-01T13:00:00Z"),
                Instant.parse("2026-03-08T05:00:00Z"),
                Optional.empty(),
                attempts,
                progress,
                state);
    }

    private void assertBackup(BackupJob job, String resources, String detail) {
        assertJson(events.backupJob(job, AT).orElseThrow(), "Backup Job State Change", "05:14:09", resources, detail);
    }

    private static void assertJson(Event event, String type, String time, String resources, String detail) {
        assertJson(event, "aws.backup", type, time, resources, detail);
    }

    private static void assertJson(
            Event event, String source, String type, String time, String resources, String detail) {
        assertThat(EventJson.of(event)).isEqualTo(squeezed("""
                {
                  "version": "0",
                  "id": "0b8f4f8e-94c2-4a62-9f2f-5fd3f0d8a001",
                  "detail-type": "%s",
                  "source": "%s",
                  "account": "111122223333",
                  "time": "2026-03-01T%sZ",
                  "region": "eu-west-1",
                  "resources": [%s],
                  "detail": {%s}
                }
                """.formatted(type, source, time, resources, detail)));
    }

    /** Without the blanks between tokens. */
    private static String squeezed(String json) {
        return json.replaceAll("\\s+(?=([^\"\\\\]|\\\\.|\"([^\"\\\\]|\\\\.)*\")*$)", "");
    }

    private static final String BASE_HEAD = """
            "backupJobId": "3F0E9D62-7A11-4C0B-8B1B-0F5C2A6E9D10",
            """;
    private static final String VAULT = """
            "backupVaultArn": "arn:aws:backup:eu-west-1:111122223333:backup-vault:prod",
            "backupVaultName": "prod",
            """;

    @Test
    void aBackupJobThatWasCreatedTellsItsIdAndDateAlone() {
        assertBackup(job(0, Progress.NONE, new BackupState.Created(CREATED, Optional.empty())), "", """
                "backupJobId": "3F0E9D62-7A11-4C0B-8B1B-0F5C2A6E9D10",
                "creationDate": "2026-03-01T05:00:00.211Z",
                "state": "CREATED"
                """);
    }

    @Test
    void aBackupJobThatIsPendingHasAnEmptyMessage() {
        assertBackup(job(1, Progress.NONE, new BackupState.Pending(LEASE)), "", BASE_HEAD + VAULT + """
                "bytesTransferred": "0",
                "creationDate": "2026-03-01T05:00:00.211Z",
                "iamRoleArn": "arn:aws:iam::111122223333:role/CofferBackup",
                "percentDone": 0,
                "resourceArn": "arn:aws:ec2:eu-west-1:111122223333:volume/vol-0123456789abcdef0",
                "resourceType": "EBS",
                "startBy": "2026-03-01T13:00:00.000Z",
                "state": "PENDING",
                "statusMessage": ""
                """);
    }

    @Test
    void aBackupJobThatRunsTellsWhenItWillBeDoneInAnOddForm() {
        var half = new Progress(4294967296L, 8589934592L, 4294967296L);
        var running = new BackupState.Running(LEASE, Instant.parse("2026-03-01T05:08:09.900Z"));
        assertBackup(job(1, half, running), "", """
                "backupJobId": "3F0E9D62-7A11-4C0B-8B1B-0F5C2A6E9D10",
                "backupSizeInBytes": "8589934592",
                """ + VAULT + """
                "bytesTransferred": "4294967296",
                "creationDate": "2026-03-01T05:00:00.211Z",
                "expectedCompletionDate": "Mar 1, 2026 5:20:09 AM",
                "iamRoleArn": "arn:aws:iam::111122223333:role/CofferBackup",
                "percentDone": 50,
                "resourceArn": "arn:aws:ec2:eu-west-1:111122223333:volume/vol-0123456789abcdef0",
                "resourceType": "EBS",
                "startBy": "2026-03-01T13:00:00.000Z",
                "state": "RUNNING"
                """);
    }

    @Test
    void aBackupJobThatHasCompletedNamesItsRecoveryPoint() {
        var all = new Progress(8589934592L, 8589934592L, 8589934592L);
        var completed = new BackupState.Completed(Instant.parse("2026-03-01T05:13:58.740Z"), Optional.empty());
        assertBackup(
                job(4, all, completed),
                "\"arn:aws:ec2:eu-west-1::snapshot/snap-0a11b22c33d44e55f\"",
                """
                "backupJobId": "3F0E9D62-7A11-4C0B-8B1B-0F5C2A6E9D10",
                "backupSizeInBytes": "8589934592",
                """ + VAULT + """
                "bytesTransferred": "8589934592",
                "completionDate": "2026-03-01T05:13:58.740Z",
                "creationDate": "2026-03-01T05:00:00.211Z",
                "iamRoleArn": "arn:aws:iam::111122223333:role/CofferBackup",
                "percentDone": 100,
                "resourceArn": "arn:aws:ec2:eu-west-1:111122223333:volume/vol-0123456789abcdef0",
                "resourceType": "EBS",
                "retryCount": 3,
                "startBy": "2026-03-01T13:00:00.000Z",
                "state": "COMPLETED"
                """);
    }

    @Test
    void aFailureIsWrappedInQuotesAndHasNoCompletionDate() {
        assertBackup(
                job(1, Progress.NONE, new BackupState.Failed(AT, "the disk is gone")), "", BASE_HEAD + VAULT + """
                "bytesTransferred": "0",
                "creationDate": "2026-03-01T05:00:00.211Z",
                "iamRoleArn": "arn:aws:iam::111122223333:role/CofferBackup",
                "percentDone": 0,
                "resourceArn": "arn:aws:ec2:eu-west-1:111122223333:volume/vol-0123456789abcdef0",
                "resourceType": "EBS",
                "retryCount": 0,
                "startBy": "2026-03-01T13:00:00.000Z",
                "state": "FAILED",
                "statusMessage": "\\"the disk is gone\\""
                """);
    }

    @Test
    void stoppedAndExpiredJobsTellWhyAndWhen() {
        for (var state :
                new BackupState[] {new BackupState.Aborted(STARTED, "why"), new BackupState.Expired(STARTED, "why")}) {
            assertBackup(job(1, Progress.NONE, state), "", BASE_HEAD + VAULT + """
                    "bytesTransferred": "0",
                    "completionDate": "2026-03-01T05:00:07.000Z",
                    "creationDate": "2026-03-01T05:00:00.211Z",
                    "iamRoleArn": "arn:aws:iam::111122223333:role/CofferBackup",
                    "percentDone": 0,
                    "resourceArn": "arn:aws:ec2:eu-west-1:111122223333:volume/vol-0123456789abcdef0",
                    "resourceType": "EBS",
                    "startBy": "2026-03-01T13:00:00.000Z",
                    "state": "%s",
                    "statusMessage": "why"
                    """.formatted(state.wireName()));
        }
    }

    private void assertCopy(CopyState state, String detail) {
        var point = arn("arn:aws:ec2:eu-west-1::snapshot/snap-0a11b22c33d44e55f");
        var job = new CopyJob(
                new JobId("9C6F1E7A-8D2B-4E55-A111-222233334444"),
                SCOPE,
                PROD,
                point,
                new VaultPlace(new Scope(SCOPE.account(), new Region("eu-central-1")), new VaultName("dr")),
                arn("arn:aws:ec2:eu-central-1::snapshot/snap-0f99e88d77c66b55a"),
                arn("arn:aws:ec2:eu-west-1:111122223333:volume/vol-0123456789abcdef0"),
                ResourceType.EBS,
                "data",
                ROLE,
                Lifecycle.NONE,
                Optional.empty(),
                Optional.empty(),
                CREATED,
                1,
                new Progress(0, 8589934592L, 0),
                state);
        assertJson(events.copyJob(job, AT), "Copy Job State Change", "05:14:09", "\"" + point + "\"", detail);
    }

    private static final String COPY_VAULTS = """
            "destinationBackupVaultArn": "arn:aws:backup:eu-central-1:111122223333:backup-vault:dr",
            """;
    private static final String COPY_TAIL = """
            "iamRoleArn": "arn:aws:iam::111122223333:role/CofferBackup",
            "resourceArn": "arn:aws:ec2:eu-west-1:111122223333:volume/vol-0123456789abcdef0",
            "resourceType": "EBS",
            "sourceBackupVaultArn": "arn:aws:backup:eu-west-1:111122223333:backup-vault:prod",
            """;

    @Test
    void aCopyJobThatWasCreatedTellsNotEvenItsId() {
        assertCopy(new CopyState.Created(CREATED, Optional.empty()), """
                "creationDate": "2026-03-01T05:00:00.211Z",
                """ + COPY_VAULTS + """
                "sourceBackupVaultArn": "arn:aws:backup:eu-west-1:111122223333:backup-vault:prod",
                "state": "CREATED"
                """);
    }

    @Test
    void aCopyJobThatRunsOrHasFailedHasAnEmptyObjectForItsCopy() {
        assertCopy(new CopyState.Running(LEASE, STARTED), """
                "backupSizeInBytes": 8589934592,
                "copyJobId": "9C6F1E7A-8D2B-4E55-A111-222233334444",
                "creationDate": "2026-03-01T05:00:00.211Z",
                """ + COPY_VAULTS + """
                "destinationRecoveryPointArn": {},
                """ + COPY_TAIL + """
                "state": "RUNNING"
                """);
        assertCopy(new CopyState.Failed(STARTED, "why"), """
                "backupSizeInBytes": 8589934592,
                "completionDate": "2026-03-01T05:00:07.000Z",
                "copyJobId": "9C6F1E7A-8D2B-4E55-A111-222233334444",
                "creationDate": "2026-03-01T05:00:00.211Z",
                """ + COPY_VAULTS + """
                "destinationRecoveryPointArn": {},
                """ + COPY_TAIL + """
                "state": "FAILED",
                "statusMessage": "why"
                """);
    }

    @Test
    void aCopyJobThatHasCompletedNamesItsCopy() {
        assertCopy(new CopyState.Completed(STARTED), """
                "backupSizeInBytes": 8589934592,
                "completionDate": "2026-03-01T05:00:07.000Z",
                "copyJobId": "9C6F1E7A-8D2B-4E55-A111-222233334444",
                "creationDate": "2026-03-01T05:00:00.211Z",
                """ + COPY_VAULTS + """
                "destinationRecoveryPointArn": "arn:aws:ec2:eu-central-1::snapshot/snap-0f99e88d77c66b55a",
                """ + COPY_TAIL + """
                "state": "COMPLETED"
                """);
    }

    @Test
    void aRestoreJobThatHasCompletedNamesWhatItMade() {
        var point = arn("arn:aws:rds:eu-west-1:111122223333:snapshot:awsbackup:job-7c0d1e2f");
        var job = new RestoreJob(
                new JobId("C0FFEE00-1234-4ABC-9DEF-0123456789AB"),
                SCOPE,
                PROD,
                point,
                CREATED,
                arn("arn:aws:rds:eu-west-1:111122223333:db:orders"),
                ResourceType.RDS,
                ROLE,
                Map.of(),
                false,
                CREATED,
                1,
                Progress.NONE,
                new RestoreState.Completed(
                        Instant.parse("2026-03-01T05:41:03.128Z"),
                        arn("arn:aws:rds:eu-west-1:111122223333:db:orders-copy"),
                        Optional.empty()));
        assertJson(events.restoreJob(job, AT), "Restore Job State Change", "05:14:09", "\"" + point + "\"", """
                "backupSizeInBytes": "0",
                "backupVaultArn": "arn:aws:backup:eu-west-1:111122223333:backup-vault:prod",
                "completionDate": "2026-03-01T05:41:03.128Z",
                "createdResourceArn": "arn:aws:rds:eu-west-1:111122223333:db:orders-copy",
                "creationDate": "2026-03-01T05:00:00.211Z",
                "iamRoleArn": "arn:aws:iam::111122223333:role/CofferBackup",
                "percentDone": 0,
                "recoveryPointArn": "arn:aws:rds:eu-west-1:111122223333:snapshot:awsbackup:job-7c0d1e2f",
                "resourceType": "RDS",
                "restoreJobId": "C0FFEE00-1234-4ABC-9DEF-0123456789AB",
                "sourceResourceArn": "arn:aws:rds:eu-west-1:111122223333:db:orders",
                "status": "COMPLETED"
                """);
    }

    @Test
    void aRecoveryPointTellsItsLifecycleInDaysAndDates() {
        var arn = arn("arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:awsbackup:job-8d9e0f1a");
        var point = new RecoveryPoint(
                SCOPE,
                PROD,
                arn,
                "session",
                arn("arn:aws:rds:eu-west-1:111122223333:cluster:ledger"),
                ResourceType.AURORA,
                "ledger",
                ROLE,
                RecoveryPointStatus.COMPLETED,
                Instant.parse("2026-03-01T05:00:00.500Z"),
                Optional.empty(),
                Optional.of(Instant.parse("2026-03-01T05:14:05.689Z")),
                0,
                0,
                new Lifecycle(OptionalLong.empty(), OptionalLong.of(100), Optional.empty()),
                Optional.empty(),
                Optional.empty());
        assertJson(events.recoveryPoint(point, AT), "Recovery Point State Change", "05:14:09", "\"" + arn + "\"", """
                "backupVaultArn": "arn:aws:backup:eu-west-1:111122223333:backup-vault:prod",
                "backupVaultName": "prod",
                "calculatedLifeCycle": {"deleteAt": "2026-06-09T05:00:00.500Z"},
                "completionDate": "2026-03-01T05:14:05.689Z",
                "creationDate": "2026-03-01T05:00:00.500Z",
                "iamRoleArn": "arn:aws:iam::111122223333:role/CofferBackup",
                "isEncrypted": "true",
                "lifecycle": {"deleteAfterDays": 100},
                "resourceArn": "arn:aws:rds:eu-west-1:111122223333:cluster:ledger",
                "resourceType": "Aurora",
                "status": "COMPLETED",
                "storageClass": "WARM"
                """);
    }

    @Test
    void aMissedRunOfAPlanIsAnEventOfCoffers() {
        var missed = new RunState.Missed(AT, "It was too late.", 200);
        var plan = PlanSamples.plan(SCOPE, "p1", CREATED, Optional.empty());
        var run = PlanSamples.run(plan, "plain", Instant.parse("2026-03-01T04:00:00Z"), missed);
        assertJson(
                events.planRunMissed(new PlannedRun(run, plan), missed),
                "coffer",
                "Backup Plan Run Missed",
                "05:14:09",
                "\"arn:aws:backup:eu-west-1:111122223333:backup-plan:p1\"",
                """
                "backupPlanId": "p1",
                "backupPlanName": "plan",
                "backupPlanVersion": "version-1",
                "fireAt": "2026-03-01T04:00:00.000Z",
                "jobs": 200,
                "reason": "It was too late.",
                "ruleId": "rule-plain",
                "ruleName": "plain",
                "windowEndsAt": "2026-03-01T05:00:00.000Z"
                """);
    }

    @Test
    void vaultsAndSettingsTellTheirNamesAndChanges() {
        var vault = new Vault(
                SCOPE,
                PROD,
                new VaultId(ID),
                EncryptionKey.managed(arn("arn:aws:kms:eu-west-1:111122223333:key/1")),
                CREATED,
                Optional.empty());
        var arn = "\"arn:aws:backup:eu-west-1:111122223333:backup-vault:prod\"";
        assertJson(events.vaultCreated(vault, AT), "Backup Vault State Change", "05:14:09", arn, """
                "backupVaultName": "prod", "state": "CREATED"
                """);
        assertJson(events.vaultDeleted(vault, AT), "Backup Vault State Change", "05:14:09", arn, """
                "backupVaultName": "prod", "state": "DELETED"
                """);
        assertJson(
                events.regionSettings(SCOPE, Map.of(ResourceType.AURORA, true), AT),
                "Region Setting State Change",
                "05:14:09",
                "",
                """
                "ResourceTypeOptInPreference": {"Aurora": true},
                "modifiedAt": "2026-03-01T05:14:09.900Z",
                "state": "MODIFIED"
                """);
    }
}
