package dev.coffer.repository.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.vault.VaultId;
import dev.coffer.repository.chunk.ChunkCoder;
import dev.coffer.repository.chunk.Encoding;
import dev.coffer.repository.chunk.GearChunker;
import dev.coffer.repository.key.LocalKeyFile;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.seal.BlobHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The product computes what the pages of the format say; the vectors were worked out from the pages by a program that shares no code. */
final class FormatVectorsTest {
    private static final int SEGMENT = 1024;

    private final VaultKeys keys = new VaultKeys(vault(), Vectors.bytes("data-key"));
    private final Bytes32 salt = Bytes32.of(Vectors.bytes("salt"), 0);

    private static VaultId vault() {
        var id = ByteBuffer.wrap(Vectors.bytes("vault-id"));
        return new VaultId(new UUID(id.getLong(), id.getLong()));
    }

    private static byte[] sha256(byte[] bytes, int length) {
        return Digests.sha256(bytes, 0, length).toBytes();
    }

    @Test
    void keysAreDerivedAsThePageSays() {
        assertThat(keys.check().toBytes()).isEqualTo(Vectors.bytes("key-check"));
        assertThat(keys.chunkIdKey().getEncoded()).isEqualTo(Vectors.bytes("chunk-id-key"));
        assertThat(keys.packKey(salt)).extracting(SecretKey::getEncoded).isEqualTo(Vectors.bytes("pack-key"));
        assertThat(keys.indexKey(salt)).extracting(SecretKey::getEncoded).isEqualTo(Vectors.bytes("index-key"));
        assertThat(keys.manifestKey(salt)).extracting(SecretKey::getEncoded).isEqualTo(Vectors.bytes("manifest-key"));
        assertThat(keys.controlKey(salt)).extracting(SecretKey::getEncoded).isEqualTo(Vectors.bytes("control-key"));
        assertThat(keys.factKey(salt)).extracting(SecretKey::getEncoded).isEqualTo(Vectors.bytes("fact-key"));
        assertThat(sha256(keys.gearTable(), 2048)).isEqualTo(Vectors.bytes("gear-sha256"));
    }

    @Test
    void aKeyFileWithTheFingerprintOfThePageIsRead(@TempDir Path folder) throws Exception {
        var file = folder.resolve("coffer.key");
        Files.writeString(
                file,
                "coffer-key-v1\nfingerprint " + Vectors.text("fingerprint") + "\nkey " + Vectors.text("data-key")
                        + "\n");
        assertThat(LocalKeyFile.open(folder, new SecureRandom()).keyId())
                .isEqualTo("local:" + Vectors.text("fingerprint"));
    }

    @Test
    void chunksAreNamedAndSealedAsThePageSays() {
        try (var coder = new ChunkCoder(keys, SEGMENT, 1)) {
            var word = "coffer".getBytes(StandardCharsets.US_ASCII);
            assertThat(coder.id(word, 0, word.length).toBytes()).isEqualTo(Vectors.bytes("chunk-id-of-coffer"));
            var plain = Vectors.stream(2528);
            int length = coder.seal(keys.packKey(salt), BlobHeader.LENGTH, 2500, Encoding.RAW, plain, 0, 2500);
            assertThat(sha256(coder.sealed(0), length)).isEqualTo(Vectors.bytes("sealed-chunk-sha256"));
            int empty = coder.seal(keys.packKey(salt), BlobHeader.LENGTH, 0, Encoding.RAW, plain, 0, 0);
            assertThat(Arrays.copyOf(coder.sealed(0), empty)).isEqualTo(Vectors.bytes("sealed-empty"));
        }
    }

    @Test
    void headersAndNumbersAreWrittenAsThePageSays() {
        assertThat(new BlobHeader(BlobHeader.Kind.PACK, SEGMENT, vault(), salt).encode())
                .isEqualTo(Vectors.bytes("pack-header"));
        for (long number : new long[] {0, 127, 128, 300, Long.MAX_VALUE}) {
            assertThat(HexFormat.of()
                            .formatHex(new FieldWriter(10).varint(number).toBytes()))
                    .isEqualTo(Vectors.text("varint-" + number));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"100000 1024 4096 16384", "6291456 262144 1048576 4194304"})
    void contentIsCutWhereThePageSays(String row) {
        var numbers = Arrays.stream(row.split(" ")).mapToInt(Integer::parseInt).toArray();
        var content = Arrays.copyOf(Vectors.stream(Math.ceilDiv(numbers[0], 32) * 32), numbers[0]);
        var chunker = new GearChunker(
                GearChunker.table(keys.gearTable()),
                new FormatParameters(SEGMENT, numbers[1], numbers[2], numbers[3], 32 << 20));
        List<Integer> ends = new ArrayList<>();
        int at = 0;
        while (at < content.length) {
            int cut = chunker.scan(content, at, content.length - at);
            at = cut < 0 ? content.length : at + cut;
            ends.add(at);
        }
        assertThat(ends)
                .containsExactlyElementsOf(
                        Arrays.stream(Vectors.numbers("cuts-" + numbers[1] + "-" + numbers[2] + "-" + numbers[3]))
                                .boxed()
                                .toList());
    }
}
