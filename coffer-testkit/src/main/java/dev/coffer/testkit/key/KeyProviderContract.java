package dev.coffer.testkit.key;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.coffer.core.key.KeyProvider;
import dev.coffer.core.key.WrongKey;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What every {@link KeyProvider} promises. An implementation runs it by naming itself:
 *
 * <pre>{@code
 * final class LocalKeyFileContractTest implements KeyProviderContract {
 *     @Override public KeyProvider provider() { return LocalKeyFile.openOrCreate(folder.resolve("one"), random); }
 *     @Override public KeyProvider another() { return LocalKeyFile.openOrCreate(folder.resolve("two"), random); }
 * }
 * }</pre>
 */
public interface KeyProviderContract {
    /** The key. Each call within one test gives a provider, new or not, of the same key. */
    KeyProvider provider() throws Exception;

    /** Another key of the same kind, with another id. */
    KeyProvider another() throws Exception;

    /** Texts that nothing may show: passphrases, PINs, digits of keys. */
    default Set<String> secrets() throws Exception {
        return Set.of();
    }

    /** A data key whose bytes are found in no other text. */
    private static byte[] dataKey() {
        var bytes = new byte[32];
        new Random(20260711).nextBytes(bytes);
        return bytes;
    }

    private static byte[] context(String text) {
        return text.getBytes(US_ASCII);
    }

    @Test
    default void whatIsWrappedIsUnwrappedAlsoByAnotherInstance() throws Exception {
        var provider = provider();
        for (var dataKey : List.of(dataKey(), new byte[32])) {
            var wrapped = provider.wrap(dataKey.clone(), context("vault one"));
            assertThat(provider.unwrap(provider.keyId(), wrapped, context("vault one")))
                    .isEqualTo(dataKey);
            assertThat(provider().unwrap(provider.keyId(), wrapped, context("vault one")))
                    .isEqualTo(dataKey);
        }
        assertThat(provider().keyId()).isEqualTo(provider.keyId()).isNotBlank();
    }

    @Test
    default void neitherDataKeyNorContextNorWrappedKeyIsChanged() throws Exception {
        var dataKey = dataKey();
        var context = context("vault one");
        var wrapped = provider().wrap(dataKey, context);
        var before = wrapped.clone();
        var unwrapped = provider().unwrap(provider().keyId(), wrapped, context);
        Arrays.fill(unwrapped, (byte) 0);
        assertThat(dataKey).isEqualTo(dataKey());
        assertThat(context).isEqualTo(context("vault one"));
        assertThat(wrapped).isEqualTo(before);
        assertThat(provider().unwrap(provider().keyId(), wrapped, context)).isEqualTo(dataKey());
    }

    @Test
    default void aWrappedKeyOpensInItsContextAlone() throws Exception {
        var provider = provider();
        var wrapped = provider.wrap(dataKey(), context("vault one"));
        for (var other : List.of("", "vault on", "vault one ", "Vault one", "vault two")) {
            assertThatExceptionOfType(WrongKey.class)
                    .as(other)
                    .isThrownBy(() -> provider.unwrap(provider.keyId(), wrapped, context(other)));
        }
        var inNone = provider.wrap(dataKey(), new byte[0]);
        assertThat(provider.unwrap(provider.keyId(), inNone, new byte[0])).isEqualTo(dataKey());
        assertThatExceptionOfType(WrongKey.class)
                .isThrownBy(() -> provider.unwrap(provider.keyId(), inNone, context("vault one")));
    }

    @Test
    default void anotherKeyIsRefusedAndTheExpectedOneNamed() throws Exception {
        var provider = provider();
        var another = another();
        assertThat(another.keyId()).isNotEqualTo(provider.keyId());
        var wrapped = provider.wrap(dataKey(), context("vault one"));
        assertThatExceptionOfType(WrongKey.class)
                .isThrownBy(() -> another.unwrap(provider.keyId(), wrapped, context("vault one")))
                .withMessageContaining(provider.keyId())
                .withMessageContaining(another.keyId());
        // Also if the name was changed to fit.
        assertThatExceptionOfType(WrongKey.class)
                .isThrownBy(() -> another.unwrap(another.keyId(), wrapped, context("vault one")))
                .withMessageContaining(another.keyId().replaceFirst("^[a-z0-9]+:", ""));
    }

    @Test
    default void aBitThatChangedAnywhereIsRefused() throws Exception {
        var provider = provider();
        var wrapped = provider.wrap(dataKey(), context("vault one"));
        for (int bit = 0; bit < wrapped.length * 8; bit++) {
            var changed = wrapped.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatExceptionOfType(WrongKey.class)
                    .as("bit %s", bit)
                    .isThrownBy(() -> provider.unwrap(provider.keyId(), changed, context("vault one")));
        }
    }

    @Test
    default void aWrappedKeyThatIsCutOrLongerIsRefused() throws Exception {
        var provider = provider();
        var wrapped = provider.wrap(dataKey(), context("vault one"));
        for (int length = 0; length < wrapped.length + 3; length++) {
            if (length != wrapped.length) {
                var other = Arrays.copyOf(wrapped, length);
                assertThatExceptionOfType(WrongKey.class)
                        .as("%s bytes", length)
                        .isThrownBy(() -> provider.unwrap(provider.keyId(), other, context("vault one")));
            }
        }
        var huge = Arrays.copyOf(wrapped, 1 << 20);
        assertThatExceptionOfType(WrongKey.class)
                .isThrownBy(() -> provider.unwrap(provider.keyId(), huge, context("vault one")));
    }

    @Test
    default void wrappingTwiceGivesDifferentBytesThatDoNotHoldTheKey() throws Exception {
        var provider = provider();
        var one = provider.wrap(dataKey(), context("vault one"));
        var two = provider.wrap(dataKey(), context("vault one"));
        assertThat(one).isNotEqualTo(two);
        for (var wrapped : List.of(one, two)) {
            assertThat(new String(wrapped, ISO_8859_1))
                    .doesNotContain(new String(Arrays.copyOf(dataKey(), 8), ISO_8859_1));
        }
    }

    @Test
    default void nothingShowsKeysOrSecrets() throws Exception {
        var provider = provider();
        var wrapped = provider.wrap(dataKey(), context("vault one"));
        var changed = wrapped.clone();
        changed[changed.length - 1] ^= 1;
        var said = new StringBuilder(provider.toString()).append('\n').append(provider.keyId());
        for (var failure : List.of(
                catchThrowable(() -> provider.unwrap(provider.keyId(), wrapped, context("vault two"))),
                catchThrowable(() -> provider.unwrap(provider.keyId(), changed, context("vault one"))),
                catchThrowable(() -> provider.unwrap("local:none", wrapped, context("vault one"))),
                catchThrowable(() -> another().unwrap(provider.keyId(), wrapped, context("vault one"))))) {
            assertThat(failure).isInstanceOf(WrongKey.class);
            var trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            said.append('\n').append(trace);
        }
        assertThat(provider.toString()).contains(provider.keyId());
        var start = Arrays.copyOf(dataKey(), 6);
        assertThat(said.toString())
                .doesNotContainIgnoringCase(HexFormat.of().formatHex(start))
                .doesNotContain(Base64.getEncoder().encodeToString(start))
                .doesNotContain(Arrays.toString(start).replace("[", "").replace("]", ""));
        for (var secret : secrets()) {
            assertThat(said.toString()).doesNotContain(secret);
        }
    }
}
