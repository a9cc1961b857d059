package dev.coffer.keys.passphrase;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.coffer.core.key.KeyProvider;
import dev.coffer.core.key.WrongKey;
import dev.coffer.keys.secret.Secret;
import dev.coffer.testkit.key.KeyProviderContract;
import java.security.SecureRandom;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PassphraseKeyTest implements KeyProviderContract {
    private static final Argon2Cost SMALL = new Argon2Cost(1024, 1, 1);

    private final SecureRandom random = new SecureRandom();

    private PassphraseKey key(String name, String passphrase) {
        var seal = new PassphraseSeal(new Passphrase(Secret.of("the test", passphrase.toCharArray())), SMALL, random);
        return new PassphraseKey(name, seal);
    }

    @Override
    public KeyProvider provider() {
        return key(PassphraseKey.DEFAULT_NAME, "wooden-spoon-7");
    }

    @Override
    public KeyProvider another() {
        return key("other", "silver-spoon-8");
    }

    @Override
    public Set<String> secrets() {
        return Set.of("wooden-spoon", "silver-spoon");
    }

    @Test
    void itsIdIsTheNameThatTheOperatorChose() {
        assertThat(provider().keyId()).isEqualTo("passphrase:default");
        assertThat(key("2027", "wooden-spoon-7").keyId()).isEqualTo("passphrase:2027");
    }

    @Test
    void anotherPassphraseOfTheSameNameIsToldApartFromChangedBytes() {
        var wrapped = provider().wrap(new byte[32], "v".getBytes(US_ASCII));
        assertThatExceptionOfType(WrongKey.class)
                .isThrownBy(() ->
                        key("default", "wooden-spoon-8").unwrap("passphrase:default", wrapped, "v".getBytes(US_ASCII)))
                .withMessageContaining("the passphrase is another one")
                .withMessageContaining("passphrase:default");
        wrapped[0] = 2;
        assertThatExceptionOfType(WrongKey.class)
                .isThrownBy(() -> provider().unwrap("passphrase:default", wrapped, "v".getBytes(US_ASCII)))
                .withMessageContaining("not what a passphrase makes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "ä", "12345678901234567890123456789012345678901234567890123456789012345"})
    void aNameIsPlainText(String name) {
        assertThat(PassphraseKey.isName(name)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> key(name, "wooden-spoon-7"));
    }
}
