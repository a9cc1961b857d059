package dev.coffer.core.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

final class KeyRingTest {
    private static final byte[] CONTEXT = {1, 2, 3};
    private static final byte[] DATA_KEY = new byte[32];

    /** Wraps by a pad that depends on its id and the context. Says which key was used, and that is what the ring is about. */
    private record PadKey(String keyId) implements KeyProvider {
        @Override
        public byte[] wrap(byte[] dataKey, byte[] context) {
            try {
                var mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(keyId.getBytes(java.nio.charset.StandardCharsets.UTF_8), "HmacSHA256"));
                var pad = mac.doFinal(context);
                for (int i = 0; i < pad.length; i++) {
                    pad[i] ^= dataKey[i];
                }
                return pad;
            } catch (java.security.GeneralSecurityException bug) {
                throw new IllegalStateException(bug);
            }
        }

        @Override
        public byte[] unwrap(String wrappedBy, byte[] wrapped, byte[] context) {
            if (!wrappedBy.equals(keyId)) {
                throw new WrongKey(wrappedBy, keyId);
            }
            return wrap(wrapped, context);
        }
    }

    private final PadKey now = new PadKey("kms:now");
    private final PadKey before = new PadKey("local:before");
    private final PadKey longBefore = new PadKey("passphrase:default");

    @Test
    void theFirstWraps() {
        var ring = new KeyRing(now, List.of(before));
        assertThat(ring.keyId()).isEqualTo("kms:now");
        assertThat(ring.wrap(DATA_KEY, CONTEXT)).isEqualTo(now.wrap(DATA_KEY, CONTEXT));
    }

    @Test
    void eachUnwrapsWhatItHasWrapped() {
        var ring = new KeyRing(now, List.of(before, longBefore));
        assertThat(ring.keyIds()).containsExactly("kms:now", "local:before", "passphrase:default");
        for (var key : List.of(now, before, longBefore)) {
            assertThat(ring.unwrap(key.keyId(), key.wrap(DATA_KEY, CONTEXT), CONTEXT))
                    .isEqualTo(DATA_KEY);
        }
    }

    @Test
    void aKeyThatIsNotOnTheRingIsNamedBesideThoseThatAre() {
        var ring = new KeyRing(now, List.of(before));
        assertThatExceptionOfType(WrongKey.class)
                .isThrownBy(() -> ring.unwrap(longBefore.keyId(), longBefore.wrap(DATA_KEY, CONTEXT), CONTEXT))
                .withMessageContaining("passphrase:default")
                .withMessageContaining("kms:now, local:before")
                .withMessageContaining("formerKeys");
    }

    @Test
    void aKeyStandsOnTheRingOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeyRing(now, List.of(before, new PadKey("kms:now"))))
                .withMessageContaining("kms:now");
    }

    @Test
    void theRingNamesItsKeys() {
        assertThat(new KeyRing(now, List.of(before))).hasToString("KeyRing [kms:now, local:before]");
    }
}
