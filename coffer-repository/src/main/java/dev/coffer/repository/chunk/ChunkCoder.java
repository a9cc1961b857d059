package dev.coffer.repository.chunk;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FieldWriter;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.seal.SegmentSealer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.ShortBufferException;

/** Names, compresses, seals, and the reverse, with contexts and buffers that are used again. Used by one thread at a time. */
public final class ChunkCoder implements AutoCloseable {
    private static final int CHUNK_PURPOSE = 1;
    private static final int LARGE = 128 << 10;
    // Up to this level zstd looks for shorter matches than those that pay in a large chunk.
    private static final int FAST_LEVEL = 3;
    private static final int LONG_MATCH = 6;
    private static final int USUAL_MATCH = 0;
    private static final int PROBES_APART = 16 << 10;
    private static final int PROBE_BYTES = 256;
    // Of random bytes it is 511 in the mean, with a deviation of 23.
    private static final int SQUARES_BY_CHANCE = 620;

    private final Mac mac;
    private final byte[] idBytes = new byte[Bytes32.LENGTH];
    private final SegmentSealer sealer;
    private final boolean isFast;
    private final ZstdCompressCtx compressor = new ZstdCompressCtx();
    private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
    private byte[] encoded = new byte[64 << 10];
    private byte[] sealed = new byte[64 << 10];
    private final int[] counts = new int[1 << Byte.SIZE];

    public ChunkCoder(VaultKeys keys, int segmentBytes, int zstdLevel) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(keys.chunkIdKey());
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
        sealer = new SegmentSealer(segmentBytes);
        isFast = zstdLevel <= FAST_LEVEL;
        compressor.setLevel(zstdLevel);
    }

    public SegmentSealer sealer() {
        return sealer;
    }

    /** The id of a chunk. */
    public Bytes32 id(byte[] bytes, int offset, int length) {
        mac.update(bytes, offset, length);
        try {
            mac.doFinal(idBytes, 0);
        } catch (ShortBufferException bug) {
            throw new IllegalStateException(bug);
        }
        return Bytes32.of(idBytes, 0);
    }

    /** Compresses a chunk into {@link #encoded}; returns the length, or -1 if it had better be stored raw. */
    public int compress(byte[] bytes, int offset, int length) {
        if (length >= LARGE && !mayShrink(bytes, offset, length)) {
            return -1;
        }
        int bound = Math.toIntExact(Zstd.compressBound(length));
        if (encoded.length < bound) {
            encoded = new byte[bound];
        }
        if (isFast) {
            compressor.setMinMatch(length >= LARGE ? LONG_MATCH : USUAL_MATCH);
        }
        int compressed = compressor.compressByteArray(encoded, 0, encoded.length, bytes, offset, length);
        boolean pays = compressed < length - length / 128;
        return pays ? compressed : -1;
    }

    /** Looks at many small places spread over a chunk, since what shrinks may lie beside what does not. */
    private boolean mayShrink(byte[] bytes, int offset, int length) {
        for (int at = 0; at + PROBE_BYTES <= length; at += PROBES_APART) {
            if (hasFavourites(bytes, offset + at)) {
                return true;
            }
        }
        return false;
    }

    /** Whether some values are more frequent among the bytes of a place than chance makes them. */
    private boolean hasFavourites(byte[] bytes, int from) {
        Arrays.fill(counts, 0);
        int squares = 0;
        for (int i = from; i < from + PROBE_BYTES; i++) {
            // The square of a count grows by this with the next one.
            squares += 2 * counts[Byte.toUnsignedInt(bytes[i])]++ + 1;
        }
        return squares > SQUARES_BY_CHANCE;
    }

    /** The buffer that {@link #compress} fills; valid until its next call. */
    public byte[] encoded() {
        return encoded;
    }

    /** What is authenticated with every segment of a chunk. */
    private static byte[] context(int logicalBytes, Encoding encoding) {
        return new FieldWriter(16)
                .u8(CHUNK_PURPOSE)
                .u32(logicalBytes)
                .u8(encoding.code())
                .toBytes();
    }

    /** Seals the encoded bytes of a chunk at its place in its pack. */
    public void seal(
            SecretKey key, int at, int logicalBytes, Encoding encoding, byte[] in, int offset, int length, byte[] out) {
        sealer.seal(key, context(logicalBytes, encoding), at, in, offset, length, out, at);
    }

    /** Seals the encoded bytes of a chunk for its place in its pack into {@link #sealed}; returns the sealed length. */
    public int seal(
            SecretKey key, int at, int logicalBytes, Encoding encoding, byte[] in, int encodedAt, int encodedBytes) {
        var out = sealed(sealer.sealedLength(encodedBytes));
        return sealer.seal(key, context(logicalBytes, encoding), at, in, encodedAt, encodedBytes, out, 0);
    }

    /** A buffer of at least the length for sealed bytes; valid until the next call. */
    public byte[] sealed(int length) {
        if (sealed.length < length) {
            sealed = new byte[Math.max(length, Math.min(sealed.length * 2, 16 << 20))];
        }
        return sealed;
    }

    /** Opens a sealed chunk that begins the array; see the other method. */
    public boolean open(
            SecretKey key,
            int at,
            Encoding encoding,
            byte[] sealed,
            int sealedBytes,
            Bytes32 id,
            byte[] out,
            int logicalBytes) {
        return open(key, at, encoding, sealed, 0, sealedBytes, id, out, logicalBytes);
    }

    /**
     * Opens a sealed chunk. Empty-handed (an array of another length than declared is never returned): false unless the bytes are authentic, have exactly the declared size when decoded, and
     * have the id.
     *
     * @param sealedAt where it begins in the array
     * @param out receives the plaintext; at least {@code logicalBytes} long
     */
    public boolean open(
            SecretKey key,
            int at,
            Encoding encoding,
            byte[] sealed,
            int sealedAt,
            int sealedBytes,
            Bytes32 id,
            byte[] out,
            int logicalBytes) {
        var context = context(logicalBytes, encoding);
        boolean decoded = switch (encoding) {
            case RAW ->
                sealedBytes == sealer.sealedLength(logicalBytes)
                        && sealer.open(key, context, at, sealed, sealedAt, sealedBytes, out, 0);
            case ZSTD -> openCompressed(key, context, at, sealed, sealedAt, sealedBytes, out, logicalBytes);
        };
        return decoded && id(out, 0, logicalBytes).equals(id);
    }

    private boolean openCompressed(
            SecretKey key,
            byte[] context,
            int at,
            byte[] sealed,
            int sealedAt,
            int sealedBytes,
            byte[] out,
            int logicalBytes) {
        if (encoded.length < sealedBytes) {
            encoded = new byte[sealedBytes];
        }
        if (!sealer.open(key, context, at, sealed, sealedAt, sealedBytes, encoded, 0)) {
            return false;
        }
        int compressed = sealer.plainLength(sealedBytes);
        try {
            // Never writes behind the declared size, whatever the frame claims.
            return decompressor.decompressByteArray(out, 0, logicalBytes, encoded, 0, compressed) == logicalBytes;
        } catch (ZstdException broken) {
            return false;
        }
    }

    @Override
    public void close() {
        compressor.close();
        decompressor.close();
    }
}
