package dev.coffer.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.backup.model.BackupJobState;

/** The figures of the first page, and those of the metrics page. */
final class DashboardTest {
    @TempDir
    private Path folder;

    @Test
    void theFiguresFollowWhatWasBackedUpAndRestored() throws Exception {
        Trees.random(folder.resolve("tree"), 2, 10_000, 1);
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            assertThat(dashboard(coffer))
                    .contains("\"ProtectedResources\":0", "\"UnprotectedResources\":1", "\"BackupJobs\":[]")
                    .contains("\"MissedRuns\":[]");
            var done = RunningCoffer.backUp(client, "Default");
            assertThat(dashboard(coffer))
                    .contains("\"ProtectedResources\":1", "\"NeverRestored\":1", "\"COMPLETED\":1")
                    .contains("\"BackupVaultName\":\"Default\",\"RecoveryPoints\":1")
                    .contains("\"VaultClock\":\"TRUSTED\"");
            RunningCoffer.restore(client, done.recoveryPointArn(), Map.of("newFileSystem", "true"));
            assertThat(dashboard(coffer)).contains("\"NeverRestored\":0");

            Trees.sh(folder, "mv tree gone");
            assertThat(RunningCoffer.backUp(client, "Default").state()).isEqualTo(BackupJobState.FAILED);
            assertThat(dashboard(coffer)).contains("\"FAILED\":1", "\"FailureReasons\":[{");

            assertThat(metrics(coffer))
                    .contains("coffer_jobs_in_progress{kind=\"backup\"} 0.0")
                    .contains("coffer_jobs_queued{kind=\"restore\"} 0.0")
                    .contains("coffer_resources_protected 1.0")
                    .contains("coffer_resources_never_restored 0.0")
                    .contains("coffer_vault_recovery_points 1.0")
                    .contains("coffer_legal_holds_active 0.0")
                    .contains("coffer_notifications_total{channel=\"server_log\",outcome=\"delivered\"}")
                    .contains("coffer_notification_queue{channel=\"server_log\"}")
                    .contains("coffer_storage_available_bytes{backend=\"local\"}")
                    .contains("coffer_clock_trusted 1.0");
        }
    }

    private static String dashboard(RunningCoffer coffer) throws IOException {
        var answer = new RawCall(coffer, "GET", "/coffer/v1/dashboard").send();
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.text();
    }

    private static String metrics(RunningCoffer coffer) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(coffer.url() + "/metrics"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        }
    }
}
