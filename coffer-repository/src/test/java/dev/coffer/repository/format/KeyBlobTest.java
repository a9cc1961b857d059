package dev.coffer.repository.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.coffer.core.repository.RepositoryException.Corrupt;
import dev.coffer.core.repository.RepositoryException.UnknownFormat;
import dev.coffer.core.vault.VaultId;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class KeyBlobTest {
    private static final int VERSION_AT = 8;

    private final byte[] wrapped = {1, 2, 3, -4};
    private final byte[] encoded = new KeyBlob(new VaultId(new UUID(5, 6)), "local:ab", wrapped).encode();

    @Test
    void whatIsWrittenIsReadBack() {
        var read = KeyBlob.decode(encoded, "it");
        assertThat(read.vault()).isEqualTo(new VaultId(new UUID(5, 6)));
        assertThat(read.keyId()).isEqualTo("local:ab");
        assertThat(read.wrappedKey()).isEqualTo(wrapped);
    }

    @Test
    void everyChangedBitIsNoticed() {
        for (int bit = 0; bit < encoded.length * 8; bit++) {
            var changed = encoded.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            boolean version = bit / 8 == VERSION_AT || bit / 8 == VERSION_AT + 1;
            assertThat(catchThrowable(() -> KeyBlob.decode(changed, "it")))
                    .isInstanceOf(version ? UnknownFormat.class : Corrupt.class);
        }
    }

    @Test
    void everyOtherLengthIsNoticed() {
        for (int length = 0; length < encoded.length; length++) {
            var cut = Arrays.copyOf(encoded, length);
            assertThatExceptionOfType(Corrupt.class).isThrownBy(() -> KeyBlob.decode(cut, "it"));
        }
        var longer = Arrays.copyOf(encoded, encoded.length + 1);
        assertThatExceptionOfType(Corrupt.class).isThrownBy(() -> KeyBlob.decode(longer, "it"));
    }

    @Test
    void theWrappedKeyIsACopy() {
        var blob = new KeyBlob(new VaultId(new UUID(5, 6)), "k", wrapped);
        wrapped[0] = 99;
        blob.wrappedKey()[1] = 99;
        assertThat(blob.wrappedKey()).containsExactly(1, 2, 3, -4);
    }
}
