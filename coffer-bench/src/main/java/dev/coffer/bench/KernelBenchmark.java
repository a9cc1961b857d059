package dev.coffer.bench;

import dev.coffer.core.vault.VaultId;
import dev.coffer.repository.chunk.ChunkCoder;
import dev.coffer.repository.chunk.Encoding;
import dev.coffer.repository.chunk.GearChunker;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.Digests;
import dev.coffer.repository.format.FormatParameters;
import dev.coffer.repository.key.VaultKeys;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.crypto.SecretKey;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The steps of a chunk on its way into and out of a vault. One operation handles one MiB, so that operations per second are MiB/s. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class KernelBenchmark {
    private static final int LENGTH = 1 << 20;

    /** What the bytes are like: words as in logs and sources, or random as in media that are compressed already. */
    @Param({"words", "random"})
    public String content = "words";

    @Param({"1", "3"})
    public int zstdLevel = 1;

    private final FormatParameters parameters = FormatParameters.STANDARD;
    private final VaultKeys keys = new VaultKeys(new VaultId(new UUID(0, 1)), new byte[32]);
    private final SecretKey packKey = keys.packKey(Bytes32.of(new byte[32], 0));
    private final GearChunker chunker = new GearChunker(GearChunker.table(keys.gearTable()), parameters);
    private ChunkCoder coder = new ChunkCoder(keys, parameters.segmentBytes(), zstdLevel);
    private byte[] plain = new byte[0];
    private byte[] opened = new byte[LENGTH];
    private byte[] sealed = new byte[0];
    private int sealedBytes;
    private Encoding encoding = Encoding.RAW;
    private Bytes32 id = Bytes32.of(new byte[32], 0);

    @Setup
    public void prepare() {
        coder.close();
        coder = new ChunkCoder(keys, parameters.segmentBytes(), zstdLevel);
        plain = content.equals("words") ? words(new Random(1)) : random(new Random(1));
        opened = new byte[LENGTH];
        id = coder.id(plain, 0, LENGTH);
        int compressed = coder.compress(plain, 0, LENGTH);
        encoding = compressed < 0 ? Encoding.RAW : Encoding.ZSTD;
        var encoded = compressed < 0 ? plain : coder.encoded();
        sealedBytes = coder.seal(packKey, 0, LENGTH, encoding, encoded, 0, compressed < 0 ? LENGTH : compressed);
        sealed = coder.sealed(0).clone();
        if (!coder.open(packKey, 0, encoding, sealed, sealedBytes, id, opened, LENGTH)) {
            throw new IllegalStateException("what was sealed does not open");
        }
    }

    @TearDown
    public void end() {
        coder.close();
    }

    private static byte[] random(Random random) {
        var bytes = new byte[LENGTH];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] words(Random random) {
        var words = new byte[4096][];
        for (int i = 0; i < words.length; i++) {
            words[i] = new byte[3 + random.nextInt(9)];
            for (int j = 0; j < words[i].length; j++) {
                words[i][j] = (byte) ('a' + random.nextInt(26));
            }
        }
        var bytes = new byte[LENGTH];
        int at = 0;
        while (at < LENGTH) {
            // Few words are frequent and many are rare, as in texts.
            var word = words[(int) (words.length * Math.pow(random.nextDouble(), 3))];
            int length = Math.min(word.length, LENGTH - at);
            System.arraycopy(word, 0, bytes, at, length);
            at += length;
            if (at < LENGTH) {
                bytes[at++] = ' ';
            }
        }
        return bytes;
    }

    /** Where content is cut. */
    @Benchmark
    public int chunk() {
        int cuts = 0;
        int at = 0;
        while (at < LENGTH) {
            int cut = chunker.scan(plain, at, LENGTH - at);
            if (cut < 0) {
                break;
            }
            at += cut;
            cuts++;
        }
        return cuts;
    }

    /** The name of a chunk: HMAC-SHA-256. */
    @Benchmark
    public Bytes32 name() {
        return coder.id(plain, 0, LENGTH);
    }

    /** The name of a pack: SHA-256. */
    @Benchmark
    public Bytes32 digest() {
        return Digests.sha256(plain, 0, LENGTH);
    }

    @Benchmark
    public int compress() {
        return coder.compress(plain, 0, LENGTH);
    }

    /** AES-256-GCM alone, over plaintext of a whole MiB. */
    @Benchmark
    public int seal() {
        return coder.seal(packKey, 0, LENGTH, Encoding.RAW, plain, 0, LENGTH);
    }

    /** All of the way in, without the store: cut, name, compress, seal. */
    @Benchmark
    public int in() {
        chunk();
        name();
        int compressed = coder.compress(plain, 0, LENGTH);
        return compressed < 0
                ? coder.seal(packKey, 0, LENGTH, Encoding.RAW, plain, 0, LENGTH)
                : coder.seal(packKey, 0, LENGTH, Encoding.ZSTD, coder.encoded(), 0, compressed);
    }

    /** All of the way out: open, decompress, compare the name. */
    @Benchmark
    public boolean out() {
        return coder.open(packKey, 0, encoding, sealed, sealedBytes, id, opened, LENGTH);
    }
}
