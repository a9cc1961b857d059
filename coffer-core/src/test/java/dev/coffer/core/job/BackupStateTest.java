package dev.coffer.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BackupStateTest {
    private static final Instant NOW = Instant.parse("2026-03-01T05:00:00Z");
    private static final Lease LEASE = new Lease(new RunnerId("node", "1"), 7, NOW.plusSeconds(30));

    @Test
    void aJobGoesFromCreatedToCompleted() {
        BackupState.Created created = new BackupState.Created(NOW, Optional.empty());
        var running = created.claimedBy(LEASE).started(NOW);
        var completed = running.completed(NOW.plusSeconds(9), Optional.empty());
        assertThat(completed.wireName()).isEqualTo("COMPLETED");
        assertThat(completed.statusMessage()).isEmpty();
        assertThat(running.startedAt()).isEqualTo(NOW);
    }

    @Test
    void aStoppedJobSaysThatAUserStoppedIt() {
        var aborted = new BackupState.Running(LEASE, NOW).stopAsked().aborted(NOW);
        assertThat(aborted.statusMessage()).contains("Backup job was stopped by user.");
    }

    @Test
    void aJobThatIsClaimedAgainKeepsItsStart() {
        var later = new Lease(new RunnerId("node", "2"), 8, NOW.plusSeconds(90));
        var again = new BackupState.Running(LEASE, NOW).claimedAgain(later);
        assertThat(again.startedAt()).isEqualTo(NOW);
        assertThat(again.lease().epoch()).isEqualTo(8);
    }

    @Test
    void aLeaseLapsesAtItsEnd() {
        assertThat(LEASE.lapsedAt(NOW.plusSeconds(29))).isFalse();
        assertThat(LEASE.lapsedAt(NOW.plusSeconds(30))).isTrue();
        assertThat(RunnerId.parse(LEASE.runner().toString())).isEqualTo(LEASE.runner());
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            delimiter = '|',
            value = {
                "- | SUCCESS",
                "Backup job expired before completion. | JOB_EXPIRED",
                "Backup job failed because there was a running job for the same resource. | CONCURRENT_JOB",
                "IAM Role arn:aws:iam::1:role/x cannot be assumed by AWS Backup | ACCESS_DENIED",
                "Backup job failed because backup vault arn does not exist. | RESOURCE_NOT_FOUND",
                "The resultant tag set must not have more than 50 user tags. | LIMIT_EXCEEDED",
                "ACCESS DENIED trying to list tags | ACCESS_DENIED",
                "An internal error occurred. | FATAL_ERROR",
                "Unsupported resource type: x | RESOURCE_NOT_SUPPORTED",
                "Backup job was stopped by user. | MISCELLANEOUS",
            })
    void theCategoryFollowsFromTheMessage(String message, MessageCategory category) {
        assertThat(MessageCategory.of(Optional.ofNullable(message))).isEqualTo(category);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0.0", "50, 100, 50.0", "100, 100, 99.9", "200, 100, 99.9"})
    void progressIsNeverAHundredPercentBeforeTheEnd(long done, long total, double percent) {
        assertThat(new Progress(done, total, 0).percent()).isEqualTo(percent);
    }
}
