package dev.coffer.repository.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FieldWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ContentListTest {
    private final Random random = new Random(11);
    private final MemoryChunks chunks = new MemoryChunks();

    private StoredContent write(MemoryChunks into, List<Segment> segments) throws InterruptedException {
        var writer = new ContentListWriter(into, SampleItems.SEED);
        for (var segment : segments) {
            switch (segment) {
                case Segment.Data(var chunk, var bytes) -> writer.add(chunk, bytes);
                case Segment.Hole(var length) -> writer.hole(length);
            }
        }
        return writer.finish();
    }

    private List<Segment> segments(int count) {
        var segments = new ArrayList<Segment>();
        for (int i = 0; i < count; i++) {
            boolean hole = i % 7 == 3;
            segments.add(
                    hole
                            ? new Segment.Hole(1 + random.nextInt(1 << 30))
                            : new Segment.Data(SampleItems.id(random), 1 + random.nextInt(1 << 22)));
        }
        return segments;
    }

    private static List<SegmentCursor.Placed> placed(List<Segment> segments, long from) {
        var placed = new ArrayList<SegmentCursor.Placed>();
        long offset = 0;
        for (var segment : segments) {
            if (offset + segment.length() > from) {
                placed.add(new SegmentCursor.Placed(offset, segment));
            }
            offset += segment.length();
        }
        return placed;
    }

    private static List<SegmentCursor.Placed> read(MemoryChunks from, StoredContent content, long offset)
            throws InterruptedException {
        var cursor = new SegmentCursor(from, content, offset);
        var shown = new ArrayList<SegmentCursor.Placed>();
        for (var next = cursor.next(); next.isPresent(); next = cursor.next()) {
            shown.add(next.get());
        }
        return shown;
    }

    @Test
    void listsOfEveryLengthComeBackFromEveryOffset() throws InterruptedException {
        for (int count : new int[] {0, 1, 2, 16, 17, 18, 65, 1000, 5000}) {
            var segments = segments(count);
            var content = write(chunks, segments);
            long length = segments.stream().mapToLong(Segment::length).sum();
            assertThat(content.length()).isEqualTo(length);
            assertThat(content instanceof StoredContent.Inline).isEqualTo(count <= StoredContent.INLINE_AT_MOST);
            assertThat(read(chunks, content, 0)).isEqualTo(placed(segments, 0));
            assertThat(read(chunks, content, length)).isEmpty();
            for (int i = 0; i < 10 && length > 0; i++) {
                long from = random.nextLong(length);
                assertThat(read(chunks, content, from)).isEqualTo(placed(segments, from));
            }
            if (length > 0) {
                assertThat(read(chunks, content, length - 1)).hasSize(1);
            }
        }
    }

    @Test
    void holesThatTouchBecomeOneAndEmptyOnesNone() throws InterruptedException {
        var writer = new ContentListWriter(chunks, SampleItems.SEED);
        var id = SampleItems.id(random);
        writer.hole(0);
        writer.hole(5);
        writer.hole(7);
        assertThat(writer.length()).isEqualTo(12);
        writer.add(id, 3);
        writer.hole(0);
        writer.add(id, 3);
        writer.hole(1);
        assertThat(writer.finish())
                .isEqualTo(new StoredContent.Inline(List.of(
                        new Segment.Hole(12), new Segment.Data(id, 3), new Segment.Data(id, 3), new Segment.Hole(1))));
    }

    @Test
    void aContentThatIsTooLongIsRefused() throws InterruptedException {
        var writer = new ContentListWriter(chunks, SampleItems.SEED);
        writer.hole(Segment.LONGEST);
        assertThatThrownBy(() -> writer.add(SampleItems.id(random), 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ContentListWriter(chunks, SampleItems.SEED).hole(-1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void seekingInAMillionSegmentsReadsOneNodeOfEachLevel() throws InterruptedException {
        var writer = new ContentListWriter(chunks, SampleItems.SEED);
        for (int i = 0; i < 1_000_000; i++) {
            writer.add(new Bytes32(i, i * 31L, i, i), 1 << 20);
        }
        var content = (StoredContent.Listed) writer.finish();
        assertThat(content.length()).isEqualTo(1_000_000L << 20);
        assertThat(content.segments()).isEqualTo(1_000_000);
        assertThat(content.height()).isLessThanOrEqualTo(4);
        assertThat(chunks.bytesById.values()).allMatch(node -> node.length < NodeCut.MOST_BYTES + 128);
        for (int i = 0; i < 50; i++) {
            long index = random.nextInt(1_000_000);
            chunks.reads.set(0);
            var found = new SegmentCursor(chunks, content, (index << 20) + random.nextInt(1 << 20)).next();
            assertThat(found)
                    .contains(new SegmentCursor.Placed(
                            index << 20, new Segment.Data(new Bytes32(index, index * 31L, index, index), 1 << 20)));
            assertThat(chunks.reads.get()).isEqualTo(content.height());
        }
    }

    @Test
    void oneChangedSegmentOfManyChangesFewNodes() throws InterruptedException {
        var segments = segments(100_000);
        var content = (StoredContent.Listed) write(chunks, segments);
        for (int i = 0; i < 5; i++) {
            var changed = new ArrayList<>(segments);
            changed.set(random.nextInt(segments.size()), new Segment.Data(SampleItems.id(random), 1234));
            changed.add(random.nextInt(segments.size()), new Segment.Data(SampleItems.id(random), 1234));
            var other = new MemoryChunks();
            write(other, changed);
            assertThat(other.notIn(chunks)).isLessThanOrEqualTo(2L * content.height() + 8);
        }
    }

    /** A chunk after which a node would end wherever it comes. */
    private Bytes32 endingChunk(int bytes) {
        var cut = new NodeCut(SampleItems.SEED);
        var entry = new FieldWriter(64);
        while (true) {
            var id = SampleItems.id(random);
            entry.clear();
            ItemCodec.write(new Segment.Data(id, bytes), entry);
            if (NodeCut.endsAfter(cut.hash(entry.array(), entry.length()), 0, entry.length())) {
                return id;
            }
        }
    }

    @Test
    void aContentThatRepeatsOneChunkHasFewNodesOfManyEntries() throws InterruptedException {
        int bytes = 512 << 10;
        for (var id : List.of(endingChunk(bytes), SampleItems.id(random))) {
            var writer = new ContentListWriter(chunks, SampleItems.SEED);
            for (int n = 0; n < 30_000; n++) {
                writer.add(id, bytes);
            }
            var content = (StoredContent.Listed) writer.finish();
            assertThat(content.height()).isLessThanOrEqualTo(4);
            assertThat(read(chunks, content, 0)).hasSize(30_000);
            assertThat(chunks.reads.getAndSet(0)).isLessThan(30_000 / ContentListWriter.ENTRIES_AT_LEAST + 50);
            var last = new SegmentCursor(chunks, content, content.length() - 1).next();
            assertThat(last).contains(new SegmentCursor.Placed(29_999L * bytes, new Segment.Data(id, bytes)));
            chunks.bytesById.clear();
        }
    }

    private static boolean isCorrupt(MemoryChunks damaged, StoredContent content) throws InterruptedException {
        try {
            read(damaged, content, 0);
            return false;
        } catch (RepositoryException.Corrupt found) {
            return true;
        }
    }

    @Test
    void changedBytesOfANodeAreCorruptOrHarmlessAndAnotherLengthIsCorrupt() throws InterruptedException {
        var content = (StoredContent.Listed) write(chunks, segments(3000));
        assertThat(content.height()).isGreaterThan(1);
        for (var node : chunks.bytesById.entrySet()) {
            var bytes = node.getValue();
            for (int i = 0; i < 300; i++) {
                int at = i < 20 ? Math.min(i, bytes.length - 1) : random.nextInt(bytes.length);
                var flipped = bytes.clone();
                flipped[at] ^= (byte) (1 << random.nextInt(8));
                boolean corrupt = isCorrupt(chunks.with(node.getKey(), flipped), content);
                assertThat(corrupt || at > 1).isTrue();
                assertThat(isCorrupt(chunks.with(node.getKey(), Arrays.copyOf(bytes, at)), content))
                        .isTrue();
            }
            assertThat(isCorrupt(chunks.with(node.getKey(), Arrays.copyOf(bytes, bytes.length + 1)), content))
                    .isTrue();
        }
        assertThat(isCorrupt(
                        chunks,
                        new StoredContent.Listed(
                                content.root(), content.height(), content.segments(), content.length() + 1)))
                .isTrue();
        assertThat(isCorrupt(
                        chunks,
                        new StoredContent.Listed(
                                content.root(), content.height() + 1, content.segments(), content.length())))
                .isTrue();
    }
}
