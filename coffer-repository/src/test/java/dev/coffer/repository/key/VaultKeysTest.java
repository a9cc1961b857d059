package dev.coffer.repository.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.coffer.core.vault.VaultId;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.Digests;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class VaultKeysTest {
    private static final VaultId VAULT = new VaultId(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"));

    private static byte[] counting(int from) {
        var bytes = new byte[32];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (from + i);
        }
        return bytes;
    }

    private static Bytes32 salt(int from) {
        return Bytes32.of(counting(from), 0);
    }

    private static List<String> derived(VaultKeys keys, Bytes32 salt) {
        var hex = HexFormat.of();
        return List.of(
                hex.formatHex(keys.chunkIdKey().getEncoded()),
                hex.formatHex(keys.packKey(salt).getEncoded()),
                hex.formatHex(keys.indexKey(salt).getEncoded()),
                hex.formatHex(keys.manifestKey(salt).getEncoded()),
                hex.formatHex(Arrays.copyOf(keys.gearTable(), 32)),
                hex.toHexDigits(keys.treeSeed()));
    }

    /** Computed with another implementation of RFC 5869: data key 00..1f, salt 40..5f. A change here is another format. */
    @Test
    void derivationsStayAsTheyAre() {
        var keys = new VaultKeys(VAULT, counting(0));
        assertThat(derived(keys, salt(64)))
                .containsExactly(
                        "b3d13c430ce2da45bc0c9efcbc25a20a3107d352f4e2e8f28904e95e027d1354",
                        "52f46633529e78b22f49dc1226dd11a74e85b4823453f77ef3b6261871f3afd5",
                        "ab395a51cc9a619de6da9abe0130ebad68182f667a88eab934fbc5405859f57c",
                        "b5ef91ca897da1acb29faae295bacecb8c8c09c3b761259145dda42248d01aea",
                        "0ace163a06bb6e4a18a15398b935d758130a073848545a23cc31052c571b5915",
                        "d43518dd8a708e7a");
        assertThat(keys.gearTable()).hasSize(2048);
        assertThat(Digests.sha256(keys.gearTable(), 0, 2048))
                .hasToString("e94a71aca4df092972fede5c575d3cb48104200d868c076d16c25b654cb8c444");
        assertThat(keys.packKey(salt(64)).getAlgorithm()).isEqualTo("AES");
    }

    @Test
    void everyPurposeVaultDataKeyAndSaltHasAKeyOfItsOwn() {
        var other = new VaultId(UUID.fromString("00112233-4455-6677-8899-aabbccddee00"));
        var all = new ArrayList<String>();
        all.addAll(derived(new VaultKeys(VAULT, counting(0)), salt(64)));
        all.addAll(derived(new VaultKeys(other, counting(0)), salt(64)));
        all.addAll(derived(new VaultKeys(VAULT, counting(1)), salt(64)));
        // Only the three middle ones have a salt.
        all.addAll(derived(new VaultKeys(VAULT, counting(0)), salt(65)).subList(1, 4));
        assertThat(all).hasSize(21).doesNotHaveDuplicates();
    }

    @Test
    void aDataKeyOfAnotherLengthIsRefused() {
        for (int length : new int[] {0, 16, 31, 33, 64}) {
            assertThatIllegalArgumentException().isThrownBy(() -> new VaultKeys(VAULT, new byte[length]));
        }
    }

    @Test
    void theKeysAreNotShown() {
        assertThat(new VaultKeys(VAULT, counting(0))).hasToString("VaultKeys of " + VAULT);
    }
}
