package dev.coffer.core.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
}
