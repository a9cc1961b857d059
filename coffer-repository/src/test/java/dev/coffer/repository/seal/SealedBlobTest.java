package dev.coffer.repository.seal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.coffer.core.repository.RepositoryException.Corrupt;
import dev.coffer.core.repository.RepositoryException.UnknownFormat;
import dev.coffer.core.vault.VaultId;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.seal.BlobHeader.Kind;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class SealedBlobTest {
    private static final int SEGMENT = 1024;
    private static final VaultId VAULT = new VaultId(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"));
    private static final Bytes32 SALT = new Bytes32(1, 2, 3, 4);
    private static final byte[] NAME = "points/one".getBytes(US_ASCII);

    private final VaultKeys keys = new VaultKeys(VAULT, new byte[32]);
    private final BlobHeader header = new BlobHeader(Kind.POINT, SEGMENT, VAULT, SALT);

    private static byte[] body(int length) {
        var body = new byte[length];
        new Random(length).nextBytes(body);
        return body;
    }

    private byte[] seal(byte[] body) {
        return SealedBlob.seal(header, keys.manifestKey(SALT), NAME, body, body.length);
    }

    private byte[] open(byte[] blob, byte[] name) {
        return SealedBlob.open(blob, Kind.POINT, VAULT, SEGMENT, keys::manifestKey, name, "the manifest");
    }

    @Test
    void whatIsSealedIsOpened() {
        for (int length : new int[] {0, 1, 1023, 1024, 1025, 5000}) {
            assertThat(open(seal(body(length)), NAME)).isEqualTo(body(length));
        }
        var longer = SealedBlob.seal(header, keys.manifestKey(SALT), NAME, body(100), 60);
        assertThat(open(longer, NAME)).isEqualTo(Arrays.copyOf(body(100), 60));
    }

    @Test
    void theHeaderIsReadableAndStaysAsItIs() {
        var encoded = header.encode();
        assertThat(HexFormat.of().formatHex(encoded))
                .isEqualTo("436f666665725074" + "0001" + "0000" + "00000400" + "00112233445566778899aabbccddeeff"
                        + "0000000000000001000000000000000200000000000000030000000000000004");
        assertThat(BlobHeader.decode(encoded, Kind.POINT, VAULT, SEGMENT, "it")).isEqualTo(header);
        assertThat(Arrays.copyOf(seal(body(10)), BlobHeader.LENGTH)).isEqualTo(encoded);
    }

    @Test
    void aChangeOfAnyByteIsNoticed() {
        var blob = seal(body(1500));
        for (int i = 0; i < blob.length; i++) {
            var changed = blob.clone();
            changed[i] ^= (byte) (1 << i % 8);
            boolean version = i == 8 || i == 9;
            assertThat(catchThrowable(() -> open(changed, NAME)))
                    .isInstanceOf(version ? UnknownFormat.class : Corrupt.class)
                    .hasMessageContaining("the manifest");
        }
    }

    @Test
    void everyOtherLengthIsNoticed() {
        var blob = seal(body(2048));
        for (int length = 0; length < blob.length; length++) {
            var cut = Arrays.copyOf(blob, length);
            assertThatExceptionOfType(Corrupt.class).isThrownBy(() -> open(cut, NAME));
        }
        for (int more : new int[] {1, 16, 17, 1040}) {
            var longer = Arrays.copyOf(blob, blob.length + more);
            assertThatExceptionOfType(Corrupt.class).isThrownBy(() -> open(longer, NAME));
        }
    }

    @Test
    void aBlobOpensOnlyUnderItsNameInItsVaultAsItsKind() {
        var blob = seal(body(100));
        assertThatExceptionOfType(Corrupt.class).isThrownBy(() -> open(blob, "points/two".getBytes(US_ASCII)));
        assertThatExceptionOfType(Corrupt.class)
                .isThrownBy(() ->
                        SealedBlob.open(blob, Kind.INDEX, VAULT, SEGMENT, keys::manifestKey, NAME, "the manifest"));
        assertThatExceptionOfType(Corrupt.class)
                .isThrownBy(
                        () -> SealedBlob.open(blob, Kind.POINT, VAULT, 2048, keys::manifestKey, NAME, "the manifest"));
        assertThatExceptionOfType(Corrupt.class)
                .isThrownBy(
                        () -> SealedBlob.open(blob, Kind.POINT, VAULT, SEGMENT, keys::indexKey, NAME, "the manifest"));
        var other = new VaultId(new UUID(1, 2));
        assertThatExceptionOfType(Corrupt.class)
                .isThrownBy(() ->
                        SealedBlob.open(blob, Kind.POINT, other, SEGMENT, keys::manifestKey, NAME, "the manifest"))
                .withMessageContaining(VAULT.toString())
                .withMessageContaining(other.toString());
    }
}
