package dev.coffer.core.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GlobTest {
    @ParameterizedTest(name = "{0} on {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
                    abc             | abc            | true
                    abc             | abcd           | false
                    abc             | ab             | false
                    abc             | ABC            | false
                    ''              | ''             | true
                    ''              | a              | false
                    *               | ''             | true
                    *               | abc            | true
                    **              | abc            | true
                    a*              | a              | true
                    a*              | abc            | true
                    a*              | ba             | false
                    *a              | a              | true
                    *a              | bca            | true
                    *a              | ab             | false
                    a*a             | a              | false
                    a*a             | aa             | true
                    a*a             | aba            | true
                    a*b*c           | abc            | true
                    a*b*c           | axxbyyc        | true
                    a*b*c           | acb            | false
                    a*b*c           | abbc           | true
                    *ab*ab*         | aab            | false
                    *ab*ab*         | abab           | true
                    *aab*           | aaab           | true
                    *abab*          | abacabab       | true
                    *abac*          | ababac         | true
                    a?c             | abc            | false
                    a?c             | a?c            | true
                    a.c             | abc            | false
                    [a]*            | a              | false
                    a+*             | aab            | false
                    prod-*-db       | prod-eu-db     | true
                    prod-*-db       | prod-db        | false
                    """)
    void anAsteriskIsAnyTextAndAllElseIsItself(String pattern, String text, boolean matches) {
        assertThat(Glob.ofArns(pattern).matches(text)).isEqualTo(matches);
        assertThat(Glob.ofValues(pattern).matches(text)).isEqualTo(matches);
    }

    @ParameterizedTest(name = "{0} on {1}: {2}, {3}")
    @CsvSource(delimiter = '|', textBlock = """
                    a*c      | 'a c'       | false | true
                    a*       | 'ab c'      | false | true
                    *c       | 'a c'       | false | true
                    *        | ' '         | false | true
                    a c*     | 'a cd'      | true  | true
                    a*b c*d  | 'axb cyd'   | true  | true
                    a*b*c    | 'ab b c'    | false | true
                    a*x y*c  | 'a x yxx yc'| false | true
                    """)
    void anAsteriskSpansNoWhiteSpaceInArnsAndAllInValues(String pattern, String text, boolean arns, boolean values) {
        assertThat(Glob.ofArns(pattern).matches(text)).isEqualTo(arns);
        assertThat(Glob.ofValues(pattern).matches(text)).isEqualTo(values);
    }

    @Test
    void everyPatternSaysWhatTheRegularExpressionOfTheSameMeaningSays() {
        var random = new Random(1);
        for (int i = 0; i < 200_000; i++) {
            var pattern = text(random, "ab *", 8);
            var text = text(random, "ab ", 12);
            assertThat(Glob.ofArns(pattern).matches(text))
                    .as(pattern + " on '" + text + "'")
                    .isEqualTo(Pattern.matches(pattern.replace("*", "\\S*"), text));
            assertThat(Glob.ofValues(pattern).matches(text))
                    .as(pattern + " on '" + text + "'")
                    .isEqualTo(Pattern.matches(pattern.replace("*", ".*"), text));
        }
    }

    /** A matcher that tries all ways would not come back from this in the lifetime of a test run. */
    @Test
    void aPatternThatIsMadeToBeSlowIsNot() {
        var pattern = "a*".repeat(900) + "b";
        assertThat(Glob.ofArns(pattern).matches("a".repeat(2_000))).isFalse();
        assertThat(Glob.ofArns("*" + "a".repeat(1_000) + "b*").matches("a".repeat(2_000)))
                .isFalse();
        assertThat(Glob.ofArns("*" + "a".repeat(1_000) + "b*").matches("a".repeat(2_000) + "bc"))
                .isTrue();
    }

    private static String text(Random random, String letters, int atMost) {
        var text = new StringBuilder();
        for (int i = random.nextInt(atMost + 1); i > 0; i--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }
}
