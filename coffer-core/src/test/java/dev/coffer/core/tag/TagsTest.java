package dev.coffer.core.tag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.problem.Problem.Kind;
import dev.coffer.core.problem.Refused;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TagsTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "aws:source", "AWS:source", "Aws:x"})
    void aReservedOrEmptyKeyIsRefused(String key) {
        assertThatThrownBy(() -> Tags.of(Map.of(key, "v"))).isInstanceOf(Refused.class);
    }

    @Test
    void lengthsAreBounded() {
        assertThat(Tags.of(Map.of("k".repeat(128), "v".repeat(256))).valueByKey())
                .hasSize(1);
        assertThatThrownBy(() -> Tags.of(Map.of("k".repeat(129), "v"))).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> Tags.of(Map.of("k", "v".repeat(257)))).isInstanceOf(Refused.class);
    }

    @Test
    void keysThatDifferInCaseAloneAreRefused() {
        assertThatThrownBy(() -> Tags.of(Map.of("Team", "a", "team", "b")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("case");
    }

    @Test
    void fiftyTagsFitAndOneMoreDoesNot() {
        var fifty = new HashMap<String, String>();
        for (int i = 0; i < 50; i++) {
            fifty.put("k" + i, "v");
        }
        var tags = Tags.NONE.with(Tags.of(fifty));
        assertThat(tags.valueByKey()).hasSize(50);
        assertThat(tags.with(Tags.of(Map.of("k1", "other"))).valueByKey()).containsEntry("k1", "other");
        assertThatThrownBy(() -> tags.with(Tags.of(Map.of("one more", "v"))))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.problem().kind()).isEqualTo(Kind.LIMIT_EXCEEDED));
    }

    @Test
    void removingAKeyThatIsNotThereChangesNothing() {
        var tags = Tags.of(Map.of("a", "1", "b", "2"));
        assertThat(tags.without(Set.of("b", "c")).valueByKey()).containsExactly(Map.entry("a", "1"));
    }
}
