package dev.coffer.aws.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.event.Event;
import dev.coffer.core.event.EventJson;
import dev.coffer.core.plan.Settlement;
import dev.coffer.core.problem.Refused;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RulerPatternsTest {
    private static final String EVENT = EventJson.of(new Event(
            UUID.fromString("0b8f4f8e-94c2-4a62-9f2f-5fd3f0d8a001"),
            "Restore Job State Change",
            new Scope(new AccountId("111122223333"), new Region("eu-west-1")),
            Instant.parse("2026-03-01T05:14:09Z"),
            List.of(Arn.parse("arn:aws:rds:eu-west-1:111122223333:snapshot:awsbackup:job-1")
                    .orElseThrow()),
            Map.of(
                    "status",
                    "COMPLETED",
                    "resourceType",
                    "RDS",
                    "percentDone",
                    40L,
                    "createdBy",
                    Map.of("backupPlanId", "plan-1"))));

    private final RulerPatterns patterns = new RulerPatterns();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"source\": [\"aws.backup\"]}                                                       | true",
                "{\"detail\": {\"resourceType\": [\"RDS\"], \"status\": [\"COMPLETED\"]}}             | true",
                "{\"detail\": {\"resourceType\": [\"RDS\"], \"status\": [\"FAILED\"]}}                | false",
                "{\"detail-type\": [{\"prefix\": \"Restore\"}]}                                       | true",
                "{\"detail\": {\"status\": [{\"anything-but\": \"COMPLETED\"}]}}                      | false",
                "{\"detail\": {\"statusMessage\": [{\"exists\": false}]}}                             | true",
                "{\"detail\": {\"percentDone\": [{\"numeric\": [\">\", 30, \"<\", 50]}]}}             | true",
                "{\"detail\": {\"createdBy\": {\"backupPlanId\": [\"plan-1\"]}}}                      | true",
                "{\"resources\": [{\"wildcard\": \"arn:aws:rds:*:snapshot:awsbackup:*\"}]}            | true",
                "{\"detail\": {\"$or\": [{\"status\": [\"FAILED\"]}, {\"resourceType\": [\"RDS\"]}]}} | true",
                "{\"detail\": {\"status\": [{\"equals-ignore-case\": \"completed\"}]}}                | true",
                "{\"account\": [\"444455556666\"]}                                                    | false"
            })
    void eventsMatchAsInEventBridge(String pattern, boolean matches) {
        assertThat(patterns.compile(pattern).matches(EVENT)).isEqualTo(matches);
    }

    @Test
    void aPatternForEventsOfAwsMatchesNoneOfCoffersOwn() {
        var own = EVENT.replace("aws.backup", Event.COFFER);
        assertThat(own).isNotEqualTo(EVENT);
        assertThat(patterns.compile("{\"source\": [\"aws.backup\"]}").matches(own))
                .isFalse();
        assertThat(patterns.compile("{\"source\": [\"coffer\"]}").matches(own)).isTrue();
    }

    /** The pattern of docs/operating/events.md. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {Settlement.CAUGHT_UP + " | false", Settlement.WINDOW_OVER + " | true"})
    void earlierInstantsThatWereMissedCanBeLeftOut(String reason, boolean matches) {
        var missed = EventJson.of(new Event(
                UUID.fromString("0b8f4f8e-94c2-4a62-9f2f-5fd3f0d8a001"),
                Event.COFFER,
                "Backup Plan Run Missed",
                new Scope(new AccountId("111122223333"), new Region("eu-west-1")),
                Instant.parse("2026-03-01T05:14:09Z"),
                List.of(),
                Map.of("reason", reason)));
        var pattern = "{\"source\": [\"coffer\"], \"detail-type\": [\"Backup Plan Run Missed\"],"
                + "\"detail\": {\"reason\": [{\"anything-but\": {\"prefix\": \"The rule fired again\"}}]}}";
        assertThat(patterns.compile(pattern).matches(missed)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "no JSON",
                "{\"source\": \"aws.backup\"}",
                "{\"source\": []}",
                "{\"source\": [{\"like\": \"x\"}]}"
            })
    void whatIsNoPatternIsRefused(String text) {
        assertThatThrownBy(() -> patterns.compile(text))
                .isInstanceOf(Refused.class)
                .hasMessageStartingWith("The event pattern is not valid: ");
    }

    @Test
    void aPatternThatWouldBeExpensiveIsRefused() {
        var wildcards = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            wildcards
                    .append(i == 0 ? "" : ", ")
                    .append("{\"wildcard\": \"*a*b*c*")
                    .append(i)
                    .append("*\"}");
        }
        assertThatThrownBy(() -> patterns.compile("{\"source\": [" + wildcards + "]}"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("wildcards");
        assertThatThrownBy(() -> patterns.compile("{\"source\": [\"" + "a".repeat(5000) + "\"]}"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("longer than");
    }

    /** The library lays out every combination: sixteen pairs took 20 seconds and 600 MB. */
    @Test
    void alternativesThatCombineInTooManyWaysAreRefusedBeforeTheyAreLaidOut() {
        assertThat(patterns.compile(alternatives(9)).matches(EVENT)).isFalse();
        for (int pairs : new int[] {10, 16, 40, 70}) {
            assertThatThrownBy(() -> patterns.compile(alternatives(pairs)))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("$or");
        }
        var deep = "{\"$or\": [" + alternatives(9) + ", " + alternatives(9) + "]}";
        assertThatThrownBy(() -> patterns.compile(deep))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("$or");
    }

    @Test
    void alternativesThatOnlyTheLibraryWouldSeeAreRefused() {
        var twice = "{\"source\": [\"a\"], \"source\": [\"b\"]}";
        for (var text : List.of(alternatives(40) + " trailing", twice)) {
            assertThatThrownBy(() -> patterns.compile(text)).isInstanceOf(Refused.class);
        }
    }

    private static String alternatives(int pairs) {
        return IntStream.range(0, pairs)
                .mapToObj(i -> "\"a" + i + "\": {\"$or\": [{\"b\": [1]}, {\"c\": [1]}]}")
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
