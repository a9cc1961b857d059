package dev.coffer.repository.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.repository.format.FormatParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

final class GearChunkerTest {
    private static final int MIN = 1024;
    private static final int AVERAGE = 4096;
    private static final int MAX = 16384;
    private static final FormatParameters PARAMETERS = new FormatParameters(1024, MIN, AVERAGE, MAX, 1 << 20);

    private static byte[] random(int seed, int length) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static long[] gear() {
        return GearChunker.table(random(99, 256 * Long.BYTES));
    }

    /** Where the bytes are cut if they arrive in buffers of these sizes; the end of the bytes is a cut. */
    private static List<Integer> cuts(byte[] bytes, IntUnaryOperator bufferAt) {
        var chunker = new GearChunker(gear(), PARAMETERS);
        var cuts = new ArrayList<Integer>();
        int position = 0;
        while (position < bytes.length) {
            int end = Math.min(bytes.length, position + bufferAt.applyAsInt(position));
            while (position < end) {
                int before = chunker.scanned();
                int part = chunker.scan(bytes, position, end - position);
                if (part < 0) {
                    assertThat(chunker.scanned()).isEqualTo(before + end - position);
                    position = end;
                } else {
                    assertThat(chunker.scanned()).isZero();
                    position += part;
                    cuts.add(position);
                }
            }
        }
        if (cuts.isEmpty() || cuts.getLast() != bytes.length) {
            cuts.add(bytes.length);
        }
        return cuts;
    }

    private static List<Integer> cuts(byte[] bytes) {
        return cuts(bytes, at -> bytes.length);
    }

    private static List<Integer> sizes(List<Integer> cuts) {
        var sizes = new ArrayList<Integer>();
        int from = 0;
        for (int cut : cuts) {
            sizes.add(cut - from);
            from = cut;
        }
        return sizes;
    }

    @Test
    void theSizesOfBuffersDoNotMoveACut() {
        var bytes = random(1, 600_000);
        var whole = cuts(bytes);
        for (int size :
                new int[] {1, 7, 1000, MIN - 1, MIN, MIN + 1, AVERAGE - 1, AVERAGE, AVERAGE + 1, MAX, 100_000}) {
            assertThat(cuts(bytes, at -> size)).isEqualTo(whole);
        }
        for (int seed = 0; seed < 10; seed++) {
            var random = new Random(seed);
            assertThat(cuts(bytes, at -> 1 + random.nextInt(1 << random.nextInt(16))))
                    .isEqualTo(whole);
        }
    }

    @Test
    void everyChunkIsWithinTheBounds() {
        for (int seed = 0; seed < 5; seed++) {
            var sizes = sizes(cuts(random(seed, 1 << 20)));
            assertThat(sizes.subList(0, sizes.size() - 1)).allMatch(size -> size > MIN && size <= MAX);
            assertThat(sizes.getLast()).isBetween(1, MAX);
        }
    }

    @Test
    void contentWithoutAnyCutIsCutAtTheMaximum() {
        for (int size : new int[] {1, 1000, 100_000}) {
            var sizes = sizes(cuts(new byte[5 * MAX + 3], at -> size));
            assertThat(sizes).containsExactly(MAX, MAX, MAX, MAX, MAX, 3);
        }
    }

    @Test
    void theAverageOfRandomContentIsNearTheOneThatIsAskedFor() {
        int length = 16 << 20;
        int chunks = cuts(random(3, length)).size();
        assertThat(length / chunks).isBetween(AVERAGE * 3 / 4, AVERAGE * 3 / 2);
    }

    @Test
    void anInsertionChangesOnlyTheChunksAroundIt() {
        var bytes = random(4, 2 << 20);
        int at = 1 << 20;
        for (int inserted : new int[] {1, 100, 5000}) {
            var longer = Arrays.copyOf(bytes, bytes.length + inserted);
            System.arraycopy(bytes, at, longer, at + inserted, bytes.length - at);
            Arrays.fill(longer, at, at + inserted, (byte) 42);

            var before = new HashSet<>(cuts(bytes));
            int near = 0;
            for (int cut : cuts(longer)) {
                if (cut < at) {
                    assertThat(before).contains(cut);
                } else if (cut > at + inserted + 20 * AVERAGE) {
                    assertThat(before).contains(cut - inserted);
                } else {
                    near++;
                }
            }
            assertThat(near).isPositive();
            assertThat(before).contains(bytes.length);
        }
    }

    @Test
    void anotherVaultCutsElsewhere() {
        var bytes = random(5, 1 << 20);
        var other = new GearChunker(GearChunker.table(random(100, 256 * Long.BYTES)), PARAMETERS);
        var own = cuts(bytes);
        var theirs = new ArrayList<Integer>();
        int position = 0;
        for (int part = other.scan(bytes, 0, bytes.length);
                part >= 0;
                part = other.scan(bytes, position, bytes.length - position)) {
            position += part;
            theirs.add(position);
        }
        theirs.retainAll(own);
        assertThat(theirs.size()).isLessThan(own.size() / 10);
    }

    @Test
    void restartForgetsTheChunkThatWasBegun() {
        var bytes = random(6, 100_000);
        var chunker = new GearChunker(gear(), PARAMETERS);
        int first = chunker.scan(bytes, 0, bytes.length);
        assertThat(chunker.scan(bytes, first, MIN + 10)).isEqualTo(-1);
        chunker.restart();
        assertThat(chunker.scan(bytes, 0, bytes.length)).isEqualTo(first);
    }
}
