package dev.coffer.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DigestTextTest {
    private static final Instant TO = Instant.parse("2026-03-02T07:30:00Z");

    private static DigestText words(Digest.Failure... failures) {
        return new DigestText(
                new Digest(
                        new Scope(new AccountId("111122223333"), new Region("eu-west-1")),
                        TO.minusSeconds(86_400),
                        TO,
                        List.of(failures),
                        failures.length == 0 ? 0 : 2,
                        7,
                        1,
                        2,
                        0,
                        3_221_225_472L,
                        4),
                ZoneOffset.UTC);
    }

    @Test
    void aQuietDaySaysSo() {
        assertThat(words().text()).isEqualTo("""
                No backup problems in 111122223333 eu-west-1

                2026-03-01 07:30 Z to 2026-03-02 07:30 Z

                Backups completed: 7, 1 with issues, 3.0 GiB new
                Copies completed: 2
                Restores completed: 0
                Jobs not ended: 4
                """);
    }

    @Test
    void aFailureHasItsNameReasonAndNextStepAndCannotForgeLinesOrMarkup() {
        var words = words(new Digest.Failure(
                "Backup failed",
                "team\n* files",
                "prod",
                "<b>no & space</b>",
                "Make space.",
                TO,
                Digest.Subject.JOB,
                "job-1"));
        assertThat(words.subject()).isEqualTo("3 backup problems in 111122223333 eu-west-1");
        assertThat(words.text()).contains("""

                * Backup failed: team * files, vault prod, 2026-03-02 07:30 Z
                  Why: <b>no & space</b>
                  Next step: Make space.
                  Job: job-1

                and 2 more.
                """);
        assertThat(words.html())
                .contains("<td>&lt;b&gt;no &amp; space&lt;/b&gt;</td>")
                .doesNotContain("<b>");
        assertThat(words.json())
                .startsWith("{\"kind\":\"digest\",\"account\":\"111122223333\"")
                .contains("\"resourceName\":\"team\\n* files\"", "\"jobId\":\"job-1\"", "\"moreFailures\":2");
    }

    @Test
    void whatHasNoJobIsToldByItsOwnName() {
        var words = words(
                new Digest.Failure(
                        "Scheduled backup did not run",
                        "nightly",
                        "prod",
                        "The server was down.",
                        "Start it by hand.",
                        TO,
                        Digest.Subject.RULE,
                        "all files"),
                new Digest.Failure(
                        "Search index failed",
                        "photos",
                        "prod",
                        "Damaged.",
                        "Verify the vault.",
                        TO,
                        Digest.Subject.RECOVERY_POINT,
                        "arn:point"));
        assertThat(words.text()).contains("""

                * Scheduled backup did not run: nightly, vault prod, 2026-03-02 07:30 Z
                  Why: The server was down.
                  Next step: Start it by hand.
                  Rule: all files

                * Search index failed: photos, vault prod, 2026-03-02 07:30 Z
                  Why: Damaged.
                  Next step: Verify the vault.
                  Recovery point: arn:point
                """).doesNotContain("Job:");
        assertThat(words.html()).contains("<td>Rule all files</td>", "<td>Recovery point arn:point</td>");
        assertThat(words.json())
                .contains("\"ruleName\":\"all files\"", "\"recoveryPointArn\":\"arn:point\"")
                .doesNotContain("jobId");
    }
}
