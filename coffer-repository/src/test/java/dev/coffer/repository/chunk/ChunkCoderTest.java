package dev.coffer.repository.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import dev.coffer.core.vault.VaultId;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.key.VaultKeys;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ChunkCoderTest {
    private static final int SEGMENT = 4096;
    private static final int AT = 64;

    private final VaultKeys keys = new VaultKeys(new VaultId(new UUID(1, 2)), new byte[32]);
    private final ChunkCoder coder = new ChunkCoder(keys, SEGMENT, 3);
    private int salts;

    @AfterEach
    void close() {
        coder.close();
    }

    /** A pack key that no other stretch of the test has, as every pack has its own. */
    private SecretKey freshKey() {
        return keys.packKey(new Bytes32(++salts, 0, 0, 0));
    }

    private static byte[] random(int seed, int length) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] text(int length) {
        var bytes = new byte[length];
        var random = new Random(length);
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ('a' + random.nextInt(4));
        }
        return bytes;
    }

    private Bytes32 id(byte[] bytes) {
        return coder.id(bytes, 0, bytes.length);
    }

    private byte[] sealed(SecretKey key, int logicalBytes, Encoding encoding, byte[] encoded, int length) {
        int sealedBytes = coder.sealer().sealedLength(length);
        var pack = new byte[AT + sealedBytes];
        coder.seal(key, AT, logicalBytes, encoding, encoded, 0, length, pack);
        return Arrays.copyOfRange(pack, AT, AT + sealedBytes);
    }

    @Test
    void theIdIsTheKeyedDigestOfThePlaintext() throws Exception {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(keys.chunkIdKey());
        for (int length : new int[] {0, 1, 100_000}) {
            var bytes = random(1, length);
            assertThat(id(bytes)).hasToString(HexFormat.of().formatHex(mac.doFinal(bytes)));
        }
        var other = new VaultKeys(new VaultId(new UUID(1, 3)), new byte[32]);
        try (var theirs = new ChunkCoder(other, SEGMENT, 3)) {
            assertThat(theirs.id(new byte[5], 0, 5)).isNotEqualTo(id(new byte[5]));
        }
    }

    @Test
    void whatShrinksIsCompressedAndOpenedAsItWas() {
        for (int length : new int[] {200, SEGMENT, 127 << 10, 128 << 10, 300_001, 1 << 20}) {
            var plain = text(length);
            int compressed = coder.compress(plain, 0, length);
            assertThat(compressed).isPositive().isLessThan(length - length / 32);
            var key = freshKey();
            var sealed = sealed(key, length, Encoding.ZSTD, coder.encoded(), compressed);

            var out = new byte[length + 10];
            assertThat(coder.open(key, AT, Encoding.ZSTD, sealed, sealed.length, id(plain), out, length))
                    .isTrue();
            assertThat(Arrays.equals(out, 0, length, plain, 0, length)).isTrue();
            assertThat(Arrays.copyOfRange(out, length, length + 10)).containsOnly(0);
        }
    }

    @Test
    void aPartThatShrinksIsSeenBesideWhatDoesNot() {
        int length = 1 << 20;
        int part = 300_000;
        for (int at = 0; at + part <= length; at += 77_777) {
            var plain = random(at, length);
            System.arraycopy(text(part), 0, plain, at, part);
            assertThat(coder.compress(plain, 0, length))
                    .as("text at %s", at)
                    .isBetween(length - part, length - part / 2);
        }
    }

    @Test
    void whatDoesNotShrinkIsKeptRawAndOpenedAsItWas() {
        for (int length : new int[] {0, 1, SEGMENT - 1, SEGMENT, 128 << 10, 1 << 20}) {
            var plain = random(length, length);
            assertThat(coder.compress(plain, 0, length)).isEqualTo(-1);
            var key = freshKey();
            var sealed = sealed(key, length, Encoding.RAW, plain, length);
            var out = new byte[length];
            assertThat(coder.open(key, AT, Encoding.RAW, sealed, sealed.length, id(plain), out, length))
                    .isTrue();
            assertThat(out).isEqualTo(plain);
        }
    }

    @Test
    void aPartOfAnArrayIsCompressedAsItIsAlone() {
        var plain = text(10_000);
        var padded = new byte[10_100];
        System.arraycopy(plain, 0, padded, 50, plain.length);
        int alone = coder.compress(plain, 0, plain.length);
        var expected = Arrays.copyOf(coder.encoded(), alone);
        assertThat(coder.compress(padded, 50, plain.length)).isEqualTo(alone);
        assertThat(Arrays.copyOf(coder.encoded(), alone)).isEqualTo(expected);
        assertThat(coder.id(padded, 50, plain.length)).isEqualTo(id(plain));
    }

    @Test
    void aFrameThatUnpacksToMoreThanDeclaredIsRefusedAndWritesNothingBehind() {
        int declared = 1000;
        var bomb = Zstd.compress(new byte[8 << 20]);
        var one = Zstd.compress(new byte[declared]);
        var twoFrames = Arrays.copyOf(one, 2 * one.length);
        System.arraycopy(one, 0, twoFrames, one.length, one.length);
        for (var frame : new byte[][] {bomb, twoFrames}) {
            var key = freshKey();
            var sealed = sealed(key, declared, Encoding.ZSTD, frame, frame.length);
            var out = new byte[9 << 20];
            Arrays.fill(out, (byte) 0x55);
            assertThat(coder.open(key, AT, Encoding.ZSTD, sealed, sealed.length, id(new byte[declared]), out, declared))
                    .isFalse();
            var untouched = new byte[out.length - declared];
            Arrays.fill(untouched, (byte) 0x55);
            assertThat(Arrays.equals(out, declared, out.length, untouched, 0, untouched.length))
                    .isTrue();
        }
    }

    @Test
    void aFrameThatUnpacksToLessOrIsNoneIsRefused() {
        var plain = text(1000);
        var frame = Zstd.compress(plain);
        for (var broken : new byte[][] {
            Zstd.compress(Arrays.copyOf(plain, 999)), random(1, 100), {}, Arrays.copyOf(frame, frame.length - 1)
        }) {
            var key = freshKey();
            var sealed = sealed(key, 1000, Encoding.ZSTD, broken, broken.length);
            assertThat(coder.open(key, AT, Encoding.ZSTD, sealed, sealed.length, id(plain), new byte[1000], 1000))
                    .isFalse();
        }
    }

    @Test
    void aChunkOpensOnlyAsWhatItWasSealed() {
        var plain = text(5000);
        int compressed = coder.compress(plain, 0, plain.length);
        var key = freshKey();
        var sealed = sealed(key, 5000, Encoding.ZSTD, coder.encoded(), compressed);
        var id = id(plain);
        var out = new byte[6000];

        assertThat(coder.open(key, AT + 1, Encoding.ZSTD, sealed, sealed.length, id, out, 5000))
                .isFalse();
        assertThat(coder.open(key, AT, Encoding.RAW, sealed, sealed.length, id, out, 5000))
                .isFalse();
        assertThat(coder.open(key, AT, Encoding.RAW, sealed, sealed.length, id, out, compressed))
                .isFalse();
        assertThat(coder.open(key, AT, Encoding.ZSTD, sealed, sealed.length, id, out, 5001))
                .isFalse();
        assertThat(coder.open(key, AT, Encoding.ZSTD, sealed, sealed.length - 1, id, out, 5000))
                .isFalse();
        assertThat(coder.open(freshKey(), AT, Encoding.ZSTD, sealed, sealed.length, id, out, 5000))
                .isFalse();
        assertThat(coder.open(key, AT, Encoding.ZSTD, sealed, sealed.length, id(new byte[1]), out, 5000))
                .isFalse();
        for (int i = 0; i < sealed.length; i += 13) {
            sealed[i] ^= 0x10;
            assertThat(coder.open(key, AT, Encoding.ZSTD, sealed, sealed.length, id, out, 5000))
                    .isFalse();
            sealed[i] ^= 0x10;
        }
        assertThat(coder.open(key, AT, Encoding.ZSTD, sealed, sealed.length, id, out, 5000))
                .isTrue();
    }

    @Test
    void encodingsKeepTheirCodes() {
        assertThat(Encoding.ofCode(0)).isEqualTo(Encoding.RAW);
        assertThat(Encoding.ofCode(1)).isEqualTo(Encoding.ZSTD);
        for (int code = -1; code < 300; code++) {
            assertThat(Encoding.isKnown(code)).isEqualTo(code == 0 || code == 1);
        }
    }

    @Test
    void aBorrowedCoderIsNobodyElses() {
        try (var coders = new ChunkCoders(keys, SEGMENT, 3)) {
            var one = coders.borrow();
            var other = coders.borrow();
            assertThat(one).isNotSameAs(other);
            coders.giveBack(one);
            assertThat(coders.borrow()).isSameAs(one);
            coders.giveBack(one);
            coders.giveBack(other);
        }
    }
}
