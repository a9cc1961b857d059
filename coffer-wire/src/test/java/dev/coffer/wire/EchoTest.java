package dev.coffer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class EchoTest {
    @Test
    void printableAsciiStaysAndTheRestIsEscaped() {
        assertThat(Echo.quoted("a b<>'")).isEqualTo("\"a b<>'\"");
        assertThat(Echo.of("\"\\\u0000\n\u001b[é")).isEqualTo("\\\"\\\\\\u0000\\u000a\\u001b[\\u00e9");
    }

    @Test
    void noEchoIsLongerThan128Characters() {
        assertThat(Echo.of("x".repeat(128))).hasSize(128).doesNotContain(".");
        assertThat(Echo.of("x".repeat(129))).hasSize(128).endsWith("x...");
        assertThat(Echo.of("\u0000".repeat(1000))).hasSizeLessThanOrEqualTo(128).endsWith("...");
    }
}
