package dev.coffer.keys.passphrase;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.keys.secret.Secret;
import dev.coffer.keys.secret.UnusableSecret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PassphraseTest {
    private static Passphrase of(String text) {
        return new Passphrase(Secret.of("the test", text.toCharArray()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"xq", "elevenchars", "\uD83D\uDD11\uD83D\uDD11\uD83D\uDD11\uD83D\uDD11\uD83D\uDD11\uD83D\uDD11"})
    void lessThanTwelveCharactersAreRefusedWithTheWayOut(String text) {
        assertThatExceptionOfType(UnusableSecret.class)
                .isThrownBy(() -> of(text))
                .withMessageContaining("the test")
                .withMessageContaining("fewer than 12 characters")
                .withMessageContaining("Choose a longer one")
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain(text));
    }

    @Test
    void blanksAloneAreRefused() {
        assertThatExceptionOfType(UnusableSecret.class)
                .isThrownBy(() -> of("            "))
                .withMessageContaining("nothing but blanks");
    }

    @Test
    void oneTextIsOnePassphraseHoweverItWasTyped() {
        assertThat(of("Schlu\u0308ssel heute").bytes())
                .isEqualTo(of("Schl\u00fcssel heute").bytes())
                .isEqualTo("Schl\u00fcssel heute".getBytes(UTF_8));
        assertThat(of("twelve chars").bytes()).isEqualTo("twelve chars".getBytes(UTF_8));
        assertThat(of("twelve chars\uD83D\uDD11").bytes()).isEqualTo("twelve chars\uD83D\uDD11".getBytes(UTF_8));
    }

    @Test
    void itIsNotShown() {
        assertThat(of("twelve chars")).hasToString("Passphrase from the test");
    }
}
