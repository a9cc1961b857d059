package dev.coffer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PercentCodingTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "a b+c%d/e?f#g&h=i:j", "é日😀", "\u0000\n", "-._~", "!*'()", "%2F"})
    void decodingUndoesEncoding(String text) {
        String encoded = PercentCoding.encode(text);
        assertThat(encoded).matches("([A-Za-z0-9._~-]|%[0-9A-F]{2})*");
        assertThat(PercentCoding.decode(encoded)).contains(text);
    }

    @Test
    void whatIsNotEscapedStaysAsItIs() {
        assertThat(PercentCoding.decode("a+b:é%2f%2F")).contains("a+b:é//");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "a%2", "%GG", "%-1", "%c3", "%c0%af", "%ed%a0%80", "%f8%88%80%80%80"})
    void escapesThatAreNoUtf8AreNotDecoded(String encoded) {
        assertThat(PercentCoding.decode(encoded)).isEmpty();
    }
}
