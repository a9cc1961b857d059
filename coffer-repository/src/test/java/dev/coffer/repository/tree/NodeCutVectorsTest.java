package dev.coffer.repository.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.vault.VaultId;
import dev.coffer.repository.format.Vectors;
import dev.coffer.repository.key.VaultKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nodes end where the page on trees says. */
final class NodeCutVectorsTest {
    private static long seed() {
        var id = ByteBuffer.wrap(Vectors.bytes("vault-id"));
        var vault = new VaultId(new UUID(id.getLong(), id.getLong()));
        return new VaultKeys(vault, Vectors.bytes("data-key")).treeSeed();
    }

    @Test
    void theSeedIsDerivedAsThePageSays() {
        assertThat(HexFormat.of().toHexDigits(seed())).isEqualTo(Vectors.text("tree-seed"));
    }

    @ParameterizedTest
    @CsvSource({"coffer, node-hash-of-coffer", "a/longer/path, node-hash-of-a-longer-path"})
    void keysAreHashedAsThePageSays(String key, String vector) {
        var bytes = key.getBytes(StandardCharsets.UTF_8);
        assertThat(HexFormat.of().toHexDigits(new NodeCut(seed()).hash(bytes, bytes.length)))
                .isEqualTo(Vectors.text(vector));
    }
}
