package dev.coffer.cli.continuous;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.cli.ask.AskCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What people read of answers that the server gives (ContinuousTest of coffer-dist). */
final class ContinuousOutputTest {
    private static String printed(AskCommand command, String answer) {
        var text = new StringWriter();
        command.print(JsonMapper.builder().build().readTree(answer), new PrintWriter(text, true));
        return text.toString();
    }

    @Test
    void theListShowsOneLineForEach() {
        assertThat(printed(new ContinuousListCommand(), """
                        {"ContinuousBackups": [
                          {"State": "FOLLOWING", "LagSeconds": 65, "FirstRestorableTime": "2026-03-01T05:00:00Z",
                           "LastRestorableTime": "2026-03-02T05:00:00Z", "GapCount": 0, "ResourceArn": "arn:aws:s3:::b",
                           "BackupVaultName": "Default", "RecoveryPointArn": "arn:p"},
                          {"State": "STOPPED", "GapCount": 1, "ResourceArn": "arn:t", "BackupVaultName": "v",
                           "RecoveryPointArn": "arn:q"}]}
                        """)).isEqualTo("""
                        STATE      LAG    RESTORABLE FROM       TO                    GAPS  RESOURCE        VAULT    RECOVERY POINT
                        FOLLOWING  1m 5s  2026-03-01T05:00:00Z  2026-03-02T05:00:00Z  0     arn:aws:s3:::b  Default  arn:p
                        STOPPED    -      -                     -                     1     arn:t           v        arn:q
                        """);
        assertThat(printed(new ContinuousListCommand(), "{\"ContinuousBackups\": []}"))
                .isEqualTo("There are no continuous backups.\n");
    }

    @Test
    void oneIsShownWithItsGapsAndWhatIsWrong() {
        assertThat(printed(new ShowCommand(), """
                        {"RecoveryPointArn": "arn:p", "ResourceArn": "arn:aws:s3:::b", "BackupVaultName": "Default",
                         "RetentionDays": 7, "State": "LAGGING", "Since": "2026-03-02T06:00:00Z", "LagSeconds": 7300,
                         "Message": "The endpoint does not answer.\\u001b[2J", "MarkCount": 12,
                         "LastRoundTime": "2026-03-02T06:01:00Z", "NextRoundTime": "2026-03-02T06:02:00Z",
                         "NextForgettingTime": "2026-03-08T05:00:00Z",
                         "Windows": [
                           {"From": "2026-03-01T05:00:00Z", "To": "2026-03-01T07:30:00Z"},
                           {"From": "2026-03-01T08:00:00Z", "To": "2026-03-02T08:00:05Z",
                            "CertainUntil": "2026-03-02T07:30:00Z"}],
                         "Gaps": [{"After": "2026-03-01T07:30:00Z", "Before": "2026-03-01T08:00:00Z",
                                   "Reason": "Versioning was off."}]}
                        """)).isEqualTo("""
                        arn:p
                        of arn:aws:s3:::b in the vault Default, kept for 7 days

                        LAGGING since 2026-03-02T06:00:00Z: the last restorable second is 2h 1m ago. Nothing is lost yet.
                        Why: The endpoint does not answer.?[2J

                        Every second can be restored (both ends included), but for the gaps:
                                    FROM                  TO                    FOR
                        restorable  2026-03-01T05:00:00Z  2026-03-01T07:30:00Z  2h 30m
                        gap         2026-03-01T07:30:00Z  2026-03-01T08:00:00Z  30m 0s  Versioning was off.
                        restorable  2026-03-01T08:00:00Z  2026-03-02T08:00:05Z  1d 0h   certain until 2026-03-02T07:30:00Z, then as the source has told so far

                        Last round:          2026-03-02T06:01:00Z
                        Next round:          2026-03-02T06:02:00Z
                        Marks:               12
                        Forgets, not before: 2026-03-08T05:00:00Z
                        """);
    }

    @Test
    void whetherItIsFollowedStandsAtTheTop() {
        assertThat(printed(new ShowCommand(), """
                        {"RecoveryPointArn": "arn:p", "ResourceArn": "arn:r", "BackupVaultName": "v",
                         "RetentionDays": 7, "State": "STOPPED", "StoppedForGood": false,
                         "Since": "2026-03-02T06:00:00Z", "Message": "The bucket is gone.", "MarkCount": 0,
                         "Windows": [], "Gaps": []}
                        """))
                .contains("STOPPED at 2026-03-02T06:00:00Z. The next run of its plan takes it up again, with a gap.")
                .contains("Why: The bucket is gone.")
                .contains("No second can be restored.");
        assertThat(printed(new ShowCommand(), """
                        {"RecoveryPointArn": "arn:p", "ResourceArn": "arn:r", "BackupVaultName": "v",
                         "RetentionDays": 7, "State": "FOLLOWING", "LagSeconds": 40, "MarkCount": 1,
                         "Message": "The queue is gone.",
                         "Windows": [{"From": "2026-03-01T05:00:00Z", "To": "2026-03-01T07:30:00Z"}], "Gaps": []}
                        """))
                .contains("FOLLOWING: the last restorable second is 40s ago.")
                .contains("Note: The queue is gone.");
    }
}
