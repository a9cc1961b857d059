package dev.coffer.wire.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.coffer.wire.AwsService;
import dev.coffer.wire.error.WireError;
import dev.coffer.wire.error.WireException;
import dev.coffer.wire.route.Operation;
import dev.coffer.wire.route.OperationTable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.backup.model.ListBackupJobsRequest;

final class PageTokensTest {
    private static final Instant NOW = Instant.parse("2026-04-01T12:00:00Z");
    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final PageScope SCOPE =
            new PageScope(AwsService.BACKUP, "111122223333", "eu-central-1", "ListBackupJobs", "f1");

    private final PageTokens tokens = at(NOW);

    private static PageTokens at(Instant now) {
        return new PageTokens(KEY, InstantSource.fixed(now));
    }

    private static void refused(PageTokens tokens, PageScope scope, String token) {
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> tokens.cursor(scope, token))
                .satisfies(e -> assertThat(e.error())
                        .isEqualTo(WireError.invalidValue(scope.service(), "The pagination token is not valid here.")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1775046615123/job-17", "é日😀"})
    void aTokenGivesBackItsCursorAndSurvivesAUrl(String cursor) {
        String token = tokens.issue(SCOPE, cursor);
        assertThat(tokens.cursor(SCOPE, token)).isEqualTo(cursor);
        assertThat(token).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void aTokenHidesItsCursor() {
        byte[] bytes = Base64.getUrlDecoder().decode(tokens.issue(SCOPE, "job-of-somebody"));
        assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain("somebody");
    }

    @Test
    void everyOtherScopeRefusesTheToken() {
        String token = tokens.issue(SCOPE, "c");
        for (PageScope other : List.of(
                new PageScope(AwsService.BACKUP_SEARCH, "111122223333", "eu-central-1", "ListBackupJobs", "f1"),
                new PageScope(AwsService.BACKUP, "111122223334", "eu-central-1", "ListBackupJobs", "f1"),
                new PageScope(AwsService.BACKUP, "111122223333", "eu-central-2", "ListBackupJobs", "f1"),
                new PageScope(AwsService.BACKUP, "111122223333", "eu-central-1", "ListCopyJobs", "f1"),
                new PageScope(AwsService.BACKUP, "111122223333", "eu-central-1", "ListBackupJobs", "f2"),
                new PageScope(AwsService.BACKUP, "111122223333e", "u-central-1", "ListBackupJobs", "f1"))) {
            refused(tokens, other, token);
        }
    }

    @Test
    void everyChangedCharacterIsNoticed() {
        String token = tokens.issue(SCOPE, "cursor");
        for (int at = 0; at < token.length(); at++) {
            for (char c : "AQw_9".toCharArray()) {
                if (token.charAt(at) != c) {
                    refused(tokens, SCOPE, token.substring(0, at) + c + token.substring(at + 1));
                }
            }
            refused(tokens, SCOPE, token.substring(0, at));
        }
        refused(tokens, SCOPE, token + "A");
        refused(tokens, SCOPE, token + "=");
    }

    @Test
    void aTokenOfAnotherKeyIsRefused() {
        byte[] other = KEY.clone();
        other[0]++;
        refused(new PageTokens(other, InstantSource.fixed(NOW)), SCOPE, tokens.issue(SCOPE, "c"));
    }

    @Test
    void aTokenHoldsForADay() {
        String token = tokens.issue(SCOPE, "c");
        assertThat(at(NOW.plus(PageTokens.LIFETIME)).cursor(SCOPE, token)).isEqualTo("c");
        refused(at(NOW.plus(PageTokens.LIFETIME).plusSeconds(1)), SCOPE, token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "=", "%", "not a token", "AQ", "é", "\u0000"})
    void textThatIsNoTokenIsRefused(String token) {
        refused(tokens, SCOPE, token);
    }

    @Test
    void aTokenOfAMegabyteIsRefused() {
        refused(tokens, SCOPE, "A".repeat(1 << 20));
    }

    @Test
    void theSameCursorAndTimeMakeTheSameTokenAndOthersMakeOthers() {
        var made = new HashSet<String>();
        made.add(tokens.issue(SCOPE, "a"));
        made.add(tokens.issue(SCOPE, "a"));
        made.add(tokens.issue(SCOPE, "b"));
        made.add(at(NOW.plusSeconds(1)).issue(SCOPE, "a"));
        assertThat(made).hasSize(3);
        assertThat(made.stream().map(token -> Arrays.hashCode(nonce(token))).distinct())
                .hasSize(3);
    }

    private static byte[] nonce(String token) {
        return Arrays.copyOfRange(Base64.getUrlDecoder().decode(token), 1, 13);
    }

    @Test
    void aShortKeyAndALongCursorAreErrorsOfTheServer() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PageTokens(new byte[31], InstantSource.fixed(NOW)));
        assertThatIllegalArgumentException().isThrownBy(() -> tokens.issue(SCOPE, "x".repeat(2_049)));
        assertThat(tokens.issue(SCOPE, "x".repeat(2_048))).hasSizeLessThan(4_096);
    }

    @Test
    void theScopeOfARequestIsItsFiltersWithoutItsPage() {
        Operation operation = OperationTable.load()
                .operation(AwsService.BACKUP, "ListBackupJobs")
                .orElseThrow();
        var first = ListBackupJobsRequest.builder().byState("RUNNING").maxResults(5);
        PageScope scope = PageScope.of("1", "r", operation, first.build());
        assertThat(PageScope.of(
                        "1", "r", operation, first.nextToken("t").maxResults(9).build()))
                .isEqualTo(scope);
        assertThat(PageScope.of("1", "r", operation, first.byState("FAILED").build()))
                .isNotEqualTo(scope);
        assertThat(PageScope.of(
                        "1",
                        "r",
                        operation,
                        ListBackupJobsRequest.builder().byAccountId("RUNNING").build()))
                .isNotEqualTo(scope);
    }
}
