package dev.coffer.repository.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.coffer.core.repository.RepositoryException.Corrupt;
import dev.coffer.core.repository.RepositoryException.UnknownFormat;
import dev.coffer.core.vault.VaultId;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VaultFormatTest {
    private static final VaultId VAULT = new VaultId(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"));
    private static final int VERSION_AT = 8;

    private static final Bytes32 CHECK = new Bytes32(1, 2, 3, -4);
    private static final FormatParameters PARAMETERS =
            new FormatParameters(64 << 10, 256 << 10, 1 << 20, 4 << 20, 32 << 20);
    private final byte[] encoded = new VaultFormat(VAULT, PARAMETERS, CHECK).encode();

    private static byte[] withDigest(byte[] fields) {
        return new FieldWriter(fields.length + 32)
                .raw(fields)
                .hash(Digests.sha256(fields, 0, fields.length))
                .toBytes();
    }

    @Test
    void whatIsWrittenIsReadBack() {
        var read = VaultFormat.decode(encoded);
        assertThat(read.vault()).isEqualTo(VAULT);
        assertThat(read.parameters()).isEqualTo(PARAMETERS);
        assertThat(read.keyCheck()).isEqualTo(CHECK);
    }

    @Test
    void theBytesStayAsTheyAre() {
        var fields = HexFormat.of()
                .parseHex("436f666665725674" + "0001" + "00112233445566778899aabbccddeeff"
                        + "00010000" + "00040000" + "00100000" + "00400000" + "02000000"
                        + "0000000000000001" + "0000000000000002" + "0000000000000003" + "fffffffffffffffc");
        assertThat(encoded).isEqualTo(withDigest(fields));
        assertThat(VaultFormat.context(VAULT, PARAMETERS)).isEqualTo(Arrays.copyOf(fields, 46));
    }

    @Test
    void everyChangedBitIsNoticed() {
        for (int bit = 0; bit < encoded.length * 8; bit++) {
            var changed = encoded.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            boolean version = bit / 8 == VERSION_AT || bit / 8 == VERSION_AT + 1;
            assertThat(catchThrowable(() -> VaultFormat.decode(changed)))
                    .isInstanceOf(version ? UnknownFormat.class : Corrupt.class);
        }
    }

    @Test
    void everyOtherLengthIsNoticed() {
        for (int length = 0; length < encoded.length; length++) {
            var cut = Arrays.copyOf(encoded, length);
            assertThatExceptionOfType(Corrupt.class).isThrownBy(() -> VaultFormat.decode(cut));
        }
        var longer = Arrays.copyOf(encoded, encoded.length + 1);
        assertThatExceptionOfType(Corrupt.class).isThrownBy(() -> VaultFormat.decode(longer));
    }

    @Test
    void aNewerVersionAsksForANewerCoffer() {
        encoded[VERSION_AT + 1] = 2;
        var newer = withDigest(Arrays.copyOf(encoded, encoded.length - 32));
        assertThatExceptionOfType(UnknownFormat.class)
                .isThrownBy(() -> VaultFormat.decode(newer))
                .withMessageContaining("format 2")
                .withMessageContaining("newer Coffer");
    }

    @Test
    void parametersOutsideOfTheirBoundsAreRefusedEvenUnderAGoodChecksum() {
        int chunkMaxAt = 8 + 2 + 16 + 12;
        var fields = Arrays.copyOf(encoded, encoded.length - 32);
        for (byte top : new byte[] {0x7f, (byte) 0x80, 0x01}) {
            fields[chunkMaxAt] = top;
            assertThatExceptionOfType(Corrupt.class).isThrownBy(() -> VaultFormat.decode(withDigest(fields)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1024, 64, 1024, 1025, 65536",
        "65536, 1023, 1024, 8388608, 1073741824",
        "1024, 1024, 4194304, 8388608, 65536"
    })
    void parametersMayGoToTheirBounds(int segment, int min, int average, int max, int pack) {
        assertThat(new FormatParameters(segment, min, average, max, pack).chunkAverage())
                .isEqualTo(average);
    }

    @ParameterizedTest
    @CsvSource({
        "1023, 256, 1024, 4096, 65536",
        "65537, 256, 1024, 4096, 65536",
        "1024, 63, 1024, 4096, 65536",
        "1024, 1024, 1024, 4096, 65536",
        "1024, 256, 1025, 4096, 65536",
        "1024, 256, 512, 4096, 65536",
        "1024, 256, 1024, 1024, 65536",
        "1024, 256, 1024, 8388609, 65536",
        "1024, 256, 1024, 4096, 65535",
        "1024, 256, 1024, 4096, 1073741825"
    })
    void parametersBeyondABoundAreRefused(int segment, int min, int average, int max, int pack) {
        assertThatIllegalArgumentException().isThrownBy(() -> new FormatParameters(segment, min, average, max, pack));
    }
}
