package dev.coffer.engine.event;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.event.Event;
import dev.coffer.core.event.Notice;
import dev.coffer.core.vault.VaultEvent;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultNotifications;
import dev.coffer.engine.EngineBench;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VaultNoticesTest {
    private static final Arn POINT = Arn.ofRecoveryPoint(ADMIN.scope(), "rp");
    private static final Arn TOPIC = new Arn("aws", "sns", "eu-central-1", "111122223333", "topic");

    private static VaultNotifications of(VaultEvent... events) {
        return new VaultNotifications(ADMIN.scope(), new VaultName("prod"), TOPIC, Arrays.asList(events));
    }

    private static Event event(String type, Map<String, Object> more) {
        var detail = new TreeMap<String, Object>(Map.of(
                "creationDate", "2026-03-01T10:00:00.000Z",
                "backupVaultArn", "arn:aws:backup:eu-central-1:111122223333:backup-vault:prod",
                "resourceArn", "arn:resource",
                "backupJobId", "job-1",
                "restoreJobId", "restore-1",
                "recoveryPointArn", POINT.toString(),
                "createdResourceArn", "arn:created"));
        detail.putAll(more);
        return new Event(new UUID(1, 1), type, ADMIN.scope(), START, List.of(POINT), detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RUNNING   | BACKUP_JOB_STARTED    | An AWS Backup job was started. Resource ARN : arn:resource. BackupJob ID : job-1",
                "COMPLETED | BACKUP_JOB_COMPLETED  | An AWS Backup job was completed successfully. Recovery point ARN: POINT. Resource ARN : arn:resource. BackupJob ID : job-1",
                "COMPLETED | BACKUP_JOB_SUCCESSFUL | An AWS Backup job was completed successfully. Recovery point ARN: POINT. Resource ARN : arn:resource. BackupJob ID : job-1",
                "FAILED    | BACKUP_JOB_COMPLETED  | An AWS Backup job failed. Resource ARN : arn:resource. BackupJob ID : job-1",
                "FAILED    | BACKUP_JOB_FAILED     | An AWS Backup job failed. Resource ARN : arn:resource. BackupJob ID : job-1",
                "EXPIRED   | BACKUP_JOB_COMPLETED  | An AWS Backup job failed to complete in time. Resource ARN : arn:resource. BackupJob ID : job-1",
                "EXPIRED   | BACKUP_JOB_EXPIRED    | An AWS Backup job failed to complete in time. Resource ARN : arn:resource. BackupJob ID : job-1",
                "ABORTED   | BACKUP_JOB_COMPLETED  | An AWS Backup job was stopped. Resource ARN : arn:resource. BackupJob ID : job-1",
                "RUNNING   | BACKUP_JOB_COMPLETED  |",
                "PENDING   | BACKUP_JOB_STARTED    |",
                "COMPLETED | BACKUP_JOB_FAILED     |",
                "FAILED    | BACKUP_JOB_SUCCESSFUL |",
                "ABORTED   | BACKUP_JOB_FAILED     |"
            })
    void backupJobsAreToldInAwsWords(String state, VaultEvent wanted, String message) {
        var notice = VaultNotices.of(of(wanted), event("Backup Job State Change", Map.of("state", state)));
        assertThat(notice.map(Notice::message))
                .isEqualTo(Optional.ofNullable(message).map(text -> text.replace("POINT", POINT.toString())));
        notice.ifPresent(told -> {
            assertThat(told.subject()).isEqualTo("Notification from AWS Backup");
            assertThat(told.attributes())
                    .isEqualTo(Map.of(
                            "EventType", "BACKUP_JOB",
                            "State", state,
                            "AccountId", "111122223333",
                            "Id", "job-1",
                            "StartTime", "2026-03-01T10:00:00.000Z"));
        });
    }

    @ParameterizedTest
    @CsvSource({
        "RUNNING,   RESTORE_JOB_STARTED,    true",
        "COMPLETED, RESTORE_JOB_COMPLETED,  true",
        "COMPLETED, RESTORE_JOB_SUCCESSFUL, true",
        "FAILED,    RESTORE_JOB_COMPLETED,  true",
        "FAILED,    RESTORE_JOB_FAILED,     true",
        "FAILED,    RESTORE_JOB_SUCCESSFUL, false",
        "PENDING,   RESTORE_JOB_STARTED,    false",
        "RUNNING,   RESTORE_JOB_COMPLETED,  false"
    })
    void restoreJobsAreToldByTheirStatus(String status, VaultEvent wanted, boolean told) {
        var notice = VaultNotices.of(of(wanted), event("Restore Job State Change", Map.of("status", status)));
        assertThat(notice.isPresent()).isEqualTo(told);
        notice.ifPresent(sent -> assertThat(sent.attributes())
                .containsEntry("EventType", "RESTORE_JOB")
                .containsEntry("State", status)
                .containsEntry("Id", "restore-1"));
    }

    @ParameterizedTest
    @CsvSource({
        "ACTIVE,  RECOVERY_POINT_INDEX_COMPLETED,  RECOVERY_POINT_INDEXING_COMPLETED, job was completed",
        "DELETED, RECOVERY_POINT_INDEX_DELETED,    RECOVERY_POINT_INDEX_DELETED,      was deleted",
        "FAILED,  RECOVERY_POINT_INDEXING_FAILED,  RECOVERY_POINT_INDEXING_FAILED,    job failed"
    })
    void indexesAreToldWithAttributesOfTheirOwn(String status, VaultEvent wanted, String type, String what) {
        var event =
                event("Recovery Point Index State Change", Map.of("indexStatus", status, "isIndexingContinuous", true));
        assertThat(VaultNotices.of(of(wanted), event)).hasValueSatisfying(notice -> {
            assertThat(notice.message())
                    .isEqualTo("An AWS Backup backup index " + what + ". Indexed recovery point arn: " + POINT);
            assertThat(notice.attributes())
                    .isEqualTo(Map.of(
                            "EventType",
                            type,
                            "AccountId",
                            "111122223333",
                            "IndexStatus",
                            status,
                            "IsIndexingContinuous",
                            "true",
                            "RecoveryPointArn",
                            POINT.toString()));
        });
        var others = EnumSet.allOf(VaultEvent.class);
        others.remove(wanted);
        assertThat(VaultNotices.of(of(others.toArray(VaultEvent[]::new)), event))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "RUNNING,   COPY_JOB_STARTED,    true",
        "COMPLETED, COPY_JOB_SUCCESSFUL, true",
        "FAILED,    COPY_JOB_FAILED,     true",
        "CREATED,   COPY_JOB_STARTED,    false",
        "FAILED,    COPY_JOB_SUCCESSFUL, false",
        "COMPLETED, COPY_JOB_FAILED,     false"
    })
    void copyJobsAreToldToBothVaultsByTheirState(String state, VaultEvent wanted, boolean told) {
        var prod = "arn:aws:backup:eu-central-1:111122223333:backup-vault:prod";
        var far = "arn:aws:backup:us-east-1:444455556666:backup-vault:prod";
        for (var vaults : List.of(List.of(prod, far), List.of(far, prod))) {
            var notice = VaultNotices.of(
                    of(wanted),
                    event(
                            "Copy Job State Change",
                            Map.of(
                                    "state",
                                    state,
                                    "copyJobId",
                                    "copy-1",
                                    "sourceBackupVaultArn",
                                    vaults.getFirst(),
                                    "destinationBackupVaultArn",
                                    vaults.getLast())));
            assertThat(notice.isPresent()).isEqualTo(told);
            notice.ifPresent(sent -> assertThat(sent.attributes())
                    .containsEntry("EventType", "COPY_JOB")
                    .containsEntry("State", state)
                    .containsEntry("Id", "copy-1"));
        }
        var elsewhere = event(
                "Copy Job State Change",
                Map.of("state", state, "sourceBackupVaultArn", far, "destinationBackupVaultArn", far));
        assertThat(VaultNotices.of(of(wanted), elsewhere)).isEmpty();
    }

    @Test
    void ofCopiesFromAnotherAccountOnlyThoseThatHaveArrivedAreTold() {
        for (var state : List.of("RUNNING", "COMPLETED", "FAILED")) {
            var mine = event(
                    "Copy Job State Change",
                    Map.of(
                            "state", state,
                            "sourceBackupVaultArn", "arn:aws:backup:us-east-1:444455556666:backup-vault:prod",
                            "destinationBackupVaultArn", "arn:aws:backup:eu-central-1:111122223333:backup-vault:prod"));
            var strangers = new Event(
                    mine.id(), mine.detailType(), EngineBench.STRANGER.scope(), START, mine.resources(), mine.detail());
            assertThat(VaultNotices.of(of(VaultEvent.values()), strangers).isPresent())
                    .as(state)
                    .isEqualTo(state.equals("COMPLETED"));
        }
    }

    @Test
    void otherVaultsOtherScopesAndOtherEventsAreNotTold() {
        var completed = event("Backup Job State Change", Map.of("state", "COMPLETED"));
        var elsewhere = event(
                "Backup Job State Change", Map.of("state", "COMPLETED", "backupVaultArn", "arn:x:backup-vault:other"));
        var stranger = new Event(
                completed.id(),
                completed.detailType(),
                EngineBench.STRANGER.scope(),
                START,
                completed.resources(),
                completed.detail());
        var created = new Event(
                new UUID(1, 2), "Backup Job State Change", ADMIN.scope(), START, List.of(), Map.of("state", "CREATED"));
        var missed = new Event(
                new UUID(1, 3),
                Event.COFFER,
                "Backup Plan Run Missed",
                ADMIN.scope(),
                START,
                List.of(POINT),
                completed.detail());
        var wanted = of(VaultEvent.values());
        assertThat(VaultNotices.of(wanted, missed)).isEmpty();
        assertThat(VaultNotices.of(wanted, completed)).isPresent();
        assertThat(VaultNotices.of(wanted, elsewhere)).isEmpty();
        assertThat(VaultNotices.of(wanted, stranger)).isEmpty();
        assertThat(VaultNotices.of(wanted, created)).isEmpty();
        assertThat(VaultNotices.of(wanted, event("Backup Vault State Change", Map.of("state", "CREATED"))))
                .isEmpty();
    }

    @Test
    void aNewLifecycleIsToldToTheTopicAlone(@TempDir Path folder) throws Exception {
        try (var bench = new EngineBench(folder)) {
            var events = new EventBench(bench);
            var vault = bench.vault("prod");
            var point = bench.point(vault, "fs-1", START);
            bench.write(tx -> {
                tx.vaultNotifications().put(of(VaultEvent.RECOVERY_POINT_MODIFIED));
                tx.outbox()
                        .put(dev.coffer.core.event.SinkState.at(
                                "vault/111122223333/eu-central-1/prod",
                                tx.outbox().last()));
            });
            bench.points.updateLifecycle(
                    ADMIN,
                    "prod",
                    point.arn().toString(),
                    Optional.of(
                            dev.coffer.engine.lifecycle.LifecycleRequest.ofDays(Optional.empty(), Optional.of(90L))));
            bench.points.delete(ADMIN, "prod", point.arn().toString());
            try (var pump = events.pump()) {
                pump.tick();
            }
            assertThat(events.notices)
                    .extracting(Notice::message)
                    .hasSize(2)
                    .allMatch(message -> message.startsWith(
                            "An AWS Backup recovery point was modified. Recovery point ARN: " + point.arn()));
            assertThat(events.notices)
                    .extracting(notice -> notice.attributes().get("State"))
                    .containsExactly("COMPLETED", "DELETING");
        }
    }
}
