package dev.coffer.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "'', '', true",
        "'', a, false",
        "*, '', true",
        "?, '', false",
        "?, \ud83d\udd12, true",
        "a*, a, true",
        "a*b, ab, true",
        "a*b, abx, false",
        "*a, ba, true",
        "*ab*ab, abab, true",
        "*ab*ab, abaab, true",
        "a?c*, abcd, true",
        "***a, a, true"
    })
    void starsAndQuestionMarksStandForWhatTheySay(String pattern, String text, boolean matches) {
        assertThat(Glob.ofText(pattern).matches(text)).isEqualTo(matches);
    }

    @Test
    void aPatternThatMakesOthersTryEveryWayEnds() {
        var pattern = "*a".repeat(1_000) + "*b";
        assertThat(Glob.ofText(pattern).matches("a".repeat(2_000))).isFalse();
        assertThat(Glob.ofText(pattern).matches("a".repeat(2_000) + "b")).isTrue();
        assertThat(Glob.ofText("?".repeat(2_000) + "*x*").matches("a".repeat(4_000)))
                .isFalse();
    }

    @Test
    void actionsMatchInAnyCase() {
        assertThat(Glob.ofText("Backup:LIST*").matchesAnyCase("backup:ListTags"))
                .isTrue();
        assertThat(Glob.ofText("backup:list").matchesAnyCase("backup:Listed")).isFalse();
    }
}
