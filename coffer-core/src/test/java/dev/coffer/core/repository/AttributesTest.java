package dev.coffer.core.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class AttributesTest {
    @Test
    void equalAttributesAreEqualWhateverTheOrderInWhichTheyWerePut() {
        var one = Attributes.builder()
                .number("mode", 0644)
                .text("name", "x")
                .bytes("raw", new byte[] {1, 2})
                .build();
        var other = Attributes.builder()
                .bytes("raw", new byte[] {1, 2})
                .text("name", "x")
                .number("mode", 0644)
                .build();
        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
        assertThat(one.number("mode")).hasValue(0644);
        assertThat(one.text("name")).contains("x");
        assertThat(one.bytes("absent")).isEmpty();
    }

    @Test
    void whatIsTakenOutCannotChangeWhatIsInside() {
        var attributes = Attributes.builder().bytes("raw", new byte[] {1}).build();
        attributes.bytes("raw").orElseThrow()[0] = 9;
        assertThat(attributes.bytes("raw").orElseThrow()).containsExactly(1);
    }

    @Test
    void aNumberOfAnotherLengthIsDamage() {
        var attributes = Attributes.builder().bytes("mode", new byte[] {1}).build();
        assertThatThrownBy(() -> attributes.number("mode")).isInstanceOf(RepositoryException.Corrupt.class);
    }

    @Test
    void manyNamesInAnyOrderComeInOrderAndTheLastValueStays() {
        var random = new Random(1);
        var expected = new TreeMap<String, Long>();
        var builder = Attributes.builder();
        for (int i = 0; i < 500; i++) {
            var name = "n" + random.nextInt(100);
            builder.number(name, i);
            expected.put(name, (long) i);
        }
        var early = builder.build();
        builder.number("later", 1);
        var shown = new LinkedHashMap<String, Long>();
        early.forEach((name, _) -> shown.put(name, early.number(name).orElseThrow()));
        assertThat(shown).containsExactlyEntriesOf(expected);
        assertThat(early.size()).isEqualTo(expected.size());
        assertThat(early).isNotEqualTo(builder.build());
    }

    @Test
    void aNameIsAscii() {
        for (var name : List.of("", " ", "a b", "\u007f", "é", "x".repeat(256))) {
            assertThatThrownBy(() -> Attributes.builder().number(name, 1))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Attributes.builder().number("x".repeat(255), 1).build().size())
                .isEqualTo(1);
    }
}
