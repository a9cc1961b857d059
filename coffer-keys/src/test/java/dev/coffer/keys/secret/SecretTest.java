package dev.coffer.keys.secret;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretTest {
    @TempDir
    private Path folder;

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("secret"), content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"geheim wörtchen", "geheim wörtchen\n", "geheim wörtchen\r\n", "geheim wörtchen\n\n"})
    void lineEndsAfterASecretInAFileDoNotCount(String content) throws IOException {
        var secret = Secret.ofFile(file(content));
        assertThat(secret.characters()).isEqualTo("geheim wörtchen".toCharArray());
        assertThat(secret.length()).isEqualTo(15);
        assertThat(secret.source()).contains(folder.toString());
    }

    @Test
    void blanksBelongToASecret() throws IOException {
        assertThat(Secret.ofFile(file(" a b \n")).characters()).isEqualTo(" a b ".toCharArray());
    }

    @Test
    void aFileThatHoldsNoSecretIsNamedWithWhatIsWrongAndNotShown() throws IOException {
        assertRefused(file(""), "is empty");
        assertRefused(file("\n\n"), "is empty");
        assertRefused(file("geheim\nnoch etwas\n"), "more than one line");
        assertRefused(file("geheim" + "x".repeat(5000)), "longer than 4096");
        assertRefused(folder.resolve("none"), "does not exist");
        assertRefused(folder, "cannot be read");
        Files.write(folder.resolve("latin"), "geheim wörtchen".getBytes(ISO_8859_1));
        assertRefused(folder.resolve("latin"), "is not text in UTF-8");
    }

    private static void assertRefused(Path file, String complaint) {
        assertThatExceptionOfType(UnusableSecret.class)
                .isThrownBy(() -> Secret.ofFile(file))
                .withMessageContaining(file.toString())
                .withMessageContaining(complaint)
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("geheim"));
    }

    @Test
    void aVariableIsASourceToo() {
        Function<String, Optional<String>> environment =
                name -> Optional.ofNullable(Map.of("PIN", "1234", "NONE", "").get(name));
        assertThat(Secret.ofEnvironment("PIN", environment).characters()).isEqualTo("1234".toCharArray());
        assertThatExceptionOfType(UnusableSecret.class)
                .isThrownBy(() -> Secret.ofEnvironment("OTHER", environment))
                .withMessageContaining("OTHER is not set");
        assertThatExceptionOfType(UnusableSecret.class)
                .isThrownBy(() -> Secret.ofEnvironment("NONE", environment))
                .withMessageContaining("NONE is empty");
    }

    @Test
    void aSecretIsACopyAndGivesCopies() {
        var typed = "geheim".toCharArray();
        var secret = Secret.of("what was typed", typed);
        typed[0] = 'x';
        secret.characters()[0] = 'y';
        assertThat(secret.characters()).isEqualTo("geheim".toCharArray());
        assertThat(secret).hasToString("Secret from what was typed");
    }
}
