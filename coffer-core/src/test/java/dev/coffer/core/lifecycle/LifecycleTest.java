package dev.coffer.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.problem.Problem.Kind;
import dev.coffer.core.problem.Refused;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LifecycleTest {
    private static final Instant CREATED = Instant.parse("2026-03-01T05:00:00Z");

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, 1",
                "-, 36500",
                "1, 91",
                "7, 97",
                "30, 120",
                "-, -1",
                "-1, -1",
                "0, 30",
                "40, -",
                "36410, 36500",
                "-1, 30"
            })
    void aLifecycleWithinTheRulesIsAccepted(Long cold, Long delete) {
        var lifecycle = Lifecycle.ofRequest(Optional.ofNullable(cold), Optional.ofNullable(delete), Optional.empty());
        assertThat(lifecycle.deleteAfterDays().isPresent()).isEqualTo(delete != null && delete > 0);
        assertThat(lifecycle.coldAfterDays().isPresent()).isEqualTo(cold != null && cold > 0);
    }

    private static Lifecycle days(Long cold, Long delete) {
        return Lifecycle.ofRequest(Optional.ofNullable(cold), Optional.ofNullable(delete), Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "7, 97, -, 30, 30",
                "-, -, -, 30, 30",
                "7, 97, -, -1, 97",
                "-, -, -, -1, -",
                "7, 97, 5, -, 97",
                "-, 400, 100, 300, 300"
            })
    void aCopyIsKeptAsLongAsItIsAskedForElseAsLongAsItsSource(
            Long sourceCold, Long sourceDelete, Long cold, Long delete, Long expected) {
        var source = days(sourceCold, sourceDelete);
        assertThat(Lifecycle.ofCopy(Optional.of(days(cold, delete)), source)).isEqualTo(days(cold, expected));
    }

    @Test
    void aCopyWithoutLifecycleHasThatOfItsSourceAndOneThatCannotBeIsRefused() {
        var source = days(7L, 97L);
        assertThat(Lifecycle.ofCopy(Optional.empty(), source)).isEqualTo(source);
        assertThatThrownBy(() -> Lifecycle.ofCopy(Optional.of(days(8L, -1L)), source))
                .isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, 0, cannot be less than 1 or more than 36500 days",
                "-, 36501, cannot be less than 1 or more than 36500 days",
                "-, -2, cannot be less than 1 or more than 36500 days",
                "-, 9223372036854775807, cannot be less than 1 or more than 36500 days",
                "-2, 100, cannot be less than 1 or more than 36500 days",
                "1, 90, cannot be less than 90 days apart from MoveToColdStorageAfterDays",
                "30, 30, cannot be less than 90 days apart from MoveToColdStorageAfterDays",
                "400, 30, cannot be less than 90 days apart from MoveToColdStorageAfterDays",
            })
    void aLifecycleOutsideTheRulesIsRefusedWithAwsText(Long cold, Long delete, String text) {
        assertThatThrownBy(() ->
                        Lifecycle.ofRequest(Optional.ofNullable(cold), Optional.ofNullable(delete), Optional.empty()))
                .isInstanceOfSatisfying(Refused.class, refused -> {
                    assertThat(refused.problem().kind()).isEqualTo(Kind.INVALID_PARAMETER_VALUE);
                    assertThat(refused.problem().code()).contains("ERROR_3015");
                    assertThat(refused.problem().message()).contains(text);
                });
    }

    @Test
    void theNinetyDayRefusalNamesBothValues() {
        assertThatThrownBy(() -> Lifecycle.ofRequest(Optional.of(30L), Optional.of(100L), Optional.empty()))
                .hasMessageContaining("DeleteAfterDays is 100")
                .hasMessageContaining("MoveToColdStorageAfterDays is 30");
    }

    @Test
    void daysCountFromTheCreation() {
        var lifecycle = Lifecycle.ofRequest(Optional.of(7L), Optional.of(100L), Optional.empty());
        assertThat(lifecycle.coldAt(CREATED)).contains(Instant.parse("2026-03-08T05:00:00Z"));
        assertThat(lifecycle.deleteAt(CREATED)).contains(Instant.parse("2026-06-09T05:00:00Z"));
        assertThat(Lifecycle.NONE.deleteAt(CREATED)).isEmpty();
        assertThat(Lifecycle.NONE.isForever()).isTrue();
    }
}
