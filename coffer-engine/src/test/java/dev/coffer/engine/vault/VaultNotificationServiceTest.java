package dev.coffer.engine.vault;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.STRANGER;
import static dev.coffer.engine.EngineBench.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Problem.Kind;
import dev.coffer.core.vault.VaultEvent;
import dev.coffer.engine.EngineBench;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VaultNotificationServiceTest {
    private static final String TOPIC = "arn:aws:sns:eu-central-1:111122223333:backups";

    private final EngineBench bench;
    private final AtomicInteger changes = new AtomicInteger();
    private final VaultNotificationService notifications;

    VaultNotificationServiceTest(@TempDir Path folder) {
        bench = new EngineBench(folder);
        notifications = new VaultNotificationService(bench.catalog, bench.gate, changes::incrementAndGet);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void whatWasPutIsGotReplacedAndDeleted() throws Exception {
        bench.vault("prod");
        notifications.put(ADMIN, "prod", TOPIC, List.of("BACKUP_JOB_COMPLETED", "BACKUP_JOB_COMPLETED"));
        notifications.put(ADMIN, "prod", TOPIC, List.of("RESTORE_JOB_FAILED", "BACKUP_JOB_FAILED"));
        var found = notifications.get(ADMIN, "prod");
        assertThat(found.topic()).hasToString(TOPIC);
        assertThat(found.events()).containsExactly(VaultEvent.RESTORE_JOB_FAILED, VaultEvent.BACKUP_JOB_FAILED);

        notifications.delete(ADMIN, "prod");
        notifications.delete(ADMIN, "prod");
        var none = refusal(() -> notifications.get(ADMIN, "prod"));
        assertThat(none.kind()).isEqualTo(Kind.RESOURCE_NOT_FOUND);
        assertThat(none.code()).isEqualTo(Optional.of("ERROR_2106"));
        assertThat(none.message()).isEqualTo("Failed reading notifications from database for Backup vault prod");
        assertThat(changes).hasValue(4);
    }

    @Test
    void everyNameOfTheModelIsAccepted() throws Exception {
        bench.vault("prod");
        notifications.put(
                ADMIN,
                "prod",
                TOPIC,
                Arrays.stream(VaultEvent.values()).map(Enum::name).toList());
        assertThat(notifications.get(ADMIN, "prod").events()).hasSize(24);
    }

    @ParameterizedTest
    @CsvSource({
        "arn:aws:sns:eu-central-1:111122223333:backups.fifo, SNSTopicArn names a FIFO topic.",
        "arn:aws:sqs:eu-central-1:111122223333:backups,      SNSTopicArn is not the ARN of an SNS topic.",
        "arn:aws:sns::111122223333:backups,                  SNSTopicArn is not the ARN of an SNS topic.",
        "arn:aws:sns:eu-central-1:111122223333:a:b,          SNSTopicArn is not the ARN of an SNS topic.",
        "arn:aws:sns:eu-central-1:444455556666:backups,      SNSTopicArn names a topic of another account.",
        "backups,                                            SNSTopicArn is not a valid ARN."
    })
    void aTopicThatCannotBeIsRefused(String topic, String why) throws Exception {
        bench.vault("prod");
        var refused = refusal(() -> notifications.put(ADMIN, "prod", topic, List.of("BACKUP_JOB_COMPLETED")));
        assertThat(refused.kind()).isEqualTo(Kind.INVALID_PARAMETER_VALUE);
        assertThat(refused.message()).startsWith(why);
        assertThat(changes).hasValue(0);
    }

    @Test
    void eventsThatCannotBeAreRefusedWithAwsText() throws Exception {
        bench.vault("prod");
        assertThat(refusal(() -> notifications.put(ADMIN, "prod", TOPIC, List.of("backup_job_completed")))
                        .message())
                .startsWith("Please select from the following list of notifications BACKUP_JOB_STARTED,");
        assertThat(refusal(() -> notifications.put(ADMIN, "prod", TOPIC, List.of()))
                        .kind())
                .isEqualTo(Kind.MISSING_PARAMETER_VALUE);
    }

    @Test
    void anUnknownVaultAndOneOfOthersAreNotFound() throws Exception {
        bench.vault("prod");
        var strangersTopic = "arn:aws:sns:eu-central-1:444455556666:backups";
        var events = List.of("BACKUP_JOB_COMPLETED");
        for (Problem refused : List.of(
                refusal(() -> notifications.put(ADMIN, "other", TOPIC, events)),
                refusal(() -> notifications.get(ADMIN, "other")),
                refusal(() -> notifications.delete(ADMIN, "other")),
                refusal(() -> notifications.put(STRANGER, "prod", strangersTopic, events)),
                refusal(() -> notifications.get(STRANGER, "prod")))) {
            assertThat(refused.kind()).isEqualTo(Kind.RESOURCE_NOT_FOUND);
            assertThat(refused.message()).endsWith("was not found.");
        }
    }

    @Test
    void aDeletedVaultTakesItsNotificationsWithIt() throws Exception {
        bench.vault("prod");
        notifications.put(ADMIN, "prod", TOPIC, List.of("BACKUP_JOB_COMPLETED"));
        bench.vaults.delete(ADMIN, "prod");
        bench.vault("prod");
        assertThat(refusal(() -> notifications.get(ADMIN, "prod")).code()).isEqualTo(Optional.of("ERROR_2106"));
        var sink = "vault/111122223333/eu-central-1/prod";
        assertThat(bench.catalog.<Boolean>read(view -> view.outbox().state(sink).isEmpty()))
                .isTrue();
    }
}
