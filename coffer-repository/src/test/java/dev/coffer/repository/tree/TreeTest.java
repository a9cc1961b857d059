package dev.coffer.repository.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FieldWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class TreeTest {
    private final Random random = new Random(7);
    private final MemoryChunks chunks = new MemoryChunks();

    private Item strange(ItemPath path, ItemKind kind, StoredContent content) {
        var attributes = Attributes.builder();
        for (int i = random.nextInt(6); i > 0; i--) {
            var value = new byte[random.nextInt(300)];
            random.nextBytes(value);
            attributes.bytes("user.~" + random.nextInt(50), value);
        }
        return new Item(path, kind, content.length(), attributes.build(), content);
    }

    private StoredContent content() {
        var segments = new ArrayList<Segment>();
        for (int i = random.nextInt(StoredContent.INLINE_AT_MOST + 1); i > 0; i--) {
            segments.add(
                    random.nextBoolean()
                            ? new Segment.Hole(1 + random.nextLong(1L << 50))
                            : new Segment.Data(SampleItems.id(random), 1 + random.nextInt(Integer.MAX_VALUE - 1)));
        }
        return new StoredContent.Inline(segments);
    }

    @Test
    void theItemsRightBelowAFolderAreShownWithoutReadingWhatLiesDeeper() throws Exception {
        var chunks = new MemoryChunks();
        var items = SampleItems.tree(20_000, 5);
        // A folder that is no item itself.
        var deep = ItemPath.of("top3x/nowhere/deep");
        items.put(deep, SampleItems.folder(deep));
        var root = SampleItems.write(chunks, items.values());
        for (var folder : List.of(
                ItemPath.ROOT,
                ItemPath.of("top3"),
                ItemPath.of("top3/folder 7"),
                ItemPath.of("top3x"),
                ItemPath.of("top3x/nowhere"),
                deep,
                ItemPath.of("zzz"))) {
            var expected = items.values().stream()
                    .filter(item ->
                            !item.path().isRoot() && item.path().parent().equals(folder))
                    .toList();
            var shown = new ArrayList<Item>();
            var fresh = new TreeReader(chunks, root);
            chunks.reads.set(0);
            fresh.children(folder, shown::add);
            assertThat(shown).as(folder.toString()).isEqualTo(expected);
            assertThat(chunks.reads.get()).as(folder.toString()).isLessThanOrEqualTo(3L * (expected.size() + 2));
        }
        var first = new ArrayList<Item>();
        new TreeReader(chunks, root).children(ItemPath.ROOT, item -> {
            first.add(item);
            return first.size() < 3;
        });
        assertThat(first).hasSize(3);
    }

    @Test
    void everyItemComesBackAsItWas() throws InterruptedException {
        var items = new TreeMap<ItemPath, Item>();
        for (int i = 0; i < 2000; i++) {
            var path = ItemPath.ROOT;
            for (int depth = random.nextInt(5); depth >= 0; depth--) {
                path = path.child(SampleItems.name(random));
            }
            var kind = ItemKind.ofCode(1 + i % 8);
            items.put(path, strange(path, kind, content()));
        }
        var huge = ItemPath.of("huge");
        items.put(
                huge,
                strange(huge, ItemKind.FILE, new StoredContent.Inline(List.of(new Segment.Hole(Segment.LONGEST)))));
        var listed = ItemPath.of("listed");
        items.put(
                listed,
                strange(
                        listed,
                        ItemKind.BLOCK_DEVICE,
                        new StoredContent.Listed(SampleItems.id(random), 4, 1L << 40, Segment.LONGEST)));

        var root = SampleItems.write(chunks, items.values());

        assertThat(root.items()).isEqualTo(items.size());
        assertThat(SampleItems.all(new TreeReader(chunks, root), ItemPath.ROOT))
                .containsExactlyElementsOf(items.values());
    }

    @Test
    void theLongestPathsAndTheLargestItemsHaveTheirPlace() throws InterruptedException {
        var items = new TreeMap<ItemPath, Item>();
        for (int i = 0; i < 40; i++) {
            var bytes = new byte[65_535];
            Arrays.fill(bytes, (byte) ('a' + random.nextInt(3)));
            bytes[0] = (byte) ('a' + i);
            var path = ItemPath.of(bytes);
            items.put(path, SampleItems.folder(path));
        }
        var big = ItemPath.of("z");
        var attributes = Attributes.builder()
                .bytes("acl", new byte[ItemCodec.LONGEST - 100])
                .build();
        items.put(big, new Item(big, ItemKind.FILE, 0, attributes, StoredContent.NONE));

        var root = SampleItems.write(chunks, items.values());
        var reader = new TreeReader(chunks, root);

        assertThat(SampleItems.all(reader, ItemPath.ROOT)).containsExactlyElementsOf(items.values());
        for (var item : items.values()) {
            assertThat(reader.find(item.path())).contains(item);
        }
    }

    @Test
    void anItemThatTheFormatHasNoPlaceForIsRefused() {
        var writer = new TreeWriter(chunks, SampleItems.SEED);
        var path = ItemPath.of("a");
        var large =
                Attributes.builder().bytes("acl", new byte[ItemCodec.LONGEST]).build();
        assertThatThrownBy(() -> writer.add(new Item(path, ItemKind.FILE, 0, large, StoredContent.NONE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/a");
        assertThatThrownBy(() -> writer.add(new Item(path, ItemKind.FILE, 1, Attributes.NONE, StoredContent.NONE)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> writer.add(new Item(path, ItemKind.FILE, 0, Attributes.NONE, new Item.ContentRef() {})))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPathThatIsPutTwiceOrTooLateIsNamed() throws InterruptedException {
        var writer = new TreeWriter(chunks, SampleItems.SEED);
        writer.add(SampleItems.folder(ItemPath.of("b")));
        assertThatThrownBy(() -> writer.add(SampleItems.folder(ItemPath.of("b"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("/b was put twice");
        assertThatThrownBy(() -> writer.add(SampleItems.folder(ItemPath.of("a"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("/a");
    }

    @Test
    void aTreeWithoutItemsShowsNone() throws InterruptedException {
        var reader = new TreeReader(chunks, SampleItems.write(chunks, List.of()));
        assertThat(SampleItems.all(reader, ItemPath.ROOT)).isEmpty();
        assertThat(reader.find(ItemPath.ROOT)).isEmpty();
    }

    @Test
    void theOrderOfEncodedPathsIsThatOfPaths() {
        var paths = new ArrayList<ItemPath>();
        for (var text : List.of("", "a", "a/b", "a b", "a-b", "a/b/c", "a.b", "b", "\u00e4", "\u00e4/a")) {
            paths.add(ItemPath.of(text));
        }
        for (var a : paths) {
            for (var b : paths) {
                assertThat(Integer.signum(PathOrder.compare(a.toBytes(), b.toBytes())))
                        .isEqualTo(Integer.signum(a.compareTo(b)));
            }
        }
    }

    @Test
    void nodesAreAboutThirtyKilobytesAndNeverMuchLarger() throws InterruptedException {
        SampleItems.write(chunks, SampleItems.tree(60_000, 1).values());
        var sizes = chunks.bytesById.values().stream()
                .mapToInt(bytes -> bytes.length)
                .summaryStatistics();
        assertThat(sizes.getAverage()).isBetween(15_000.0, 50_000.0);
        assertThat(sizes.getMax()).isLessThan(NodeCut.MOST_BYTES + 4096);
    }

    @Test
    void oneChangedAddedOrRemovedItemOfManyChangesFewNodes() throws InterruptedException {
        var items = SampleItems.tree(100_000, 2);
        var root = SampleItems.write(chunks, items.values());
        var paths = List.copyOf(items.keySet());
        for (int i = 0; i < 4; i++) {
            var path = paths.get(random.nextInt(paths.size()));
            var changed = new TreeMap<>(items);
            changed.put(path, SampleItems.file(path, i));
            var added = new TreeMap<>(items);
            var fresh = path.child("new".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            added.put(fresh, SampleItems.file(fresh, i));
            var removed = new TreeMap<>(items);
            removed.remove(path);
            for (var other : List.of(changed, added, removed)) {
                var otherChunks = new MemoryChunks();
                var otherRoot = SampleItems.write(otherChunks, other.values());
                assertThat(otherRoot).isNotEqualTo(root);
                assertThat(otherChunks.notIn(chunks)).isBetween(1L, root.height() + 4L);
            }
        }
    }

    @Test
    void lookupsAndWalksAgreeWithASortedMap() throws InterruptedException {
        var items = SampleItems.tree(20_000, 3);
        var reader = new TreeReader(chunks, SampleItems.write(chunks, items.values()));
        assertThat(reader.find(ItemPath.of("absent"))).isEmpty();
        assertThat(reader.find(ItemPath.of("zzz"))).isEmpty();
        var paths = List.copyOf(items.keySet());
        for (int i = 0; i < 3000; i++) {
            var path = paths.get(random.nextInt(paths.size()));
            assertThat(reader.find(path)).contains(items.get(path));
            assertThat(reader.find(path.child(new byte[] {'x'}))).isEmpty();
        }
        var unders = new ArrayList<>(List.of("top3", "top3/folder 7", "top3/folder 70", "top", "top9", "zzz", "A"));
        unders.add(paths.get(500).toString().substring(1));
        for (var under : unders) {
            var path = ItemPath.of(under);
            assertThat(SampleItems.all(reader, path))
                    .containsExactlyElementsOf(items.values().stream()
                            .filter(item -> item.path().isWithin(path))
                            .toList());
        }
    }

    @Test
    void aWalkEndsWhenItsVisitorSaysSo() throws InterruptedException {
        var items = SampleItems.tree(20_000, 3);
        var reader = new TreeReader(chunks, SampleItems.write(chunks, items.values()));
        var shown = new ArrayList<Item>();
        reader.items(ItemPath.ROOT, item -> {
            shown.add(item);
            return shown.size() < 3;
        });
        assertThat(shown)
                .containsExactlyElementsOf(items.values().stream().limit(3).toList());
        assertThat(chunks.reads.get()).isLessThanOrEqualTo(4);
    }

    @Test
    void aWalkOfAFolderReadsFewNodes() throws InterruptedException {
        var items = SampleItems.tree(100_000, 4);
        var root = SampleItems.write(chunks, items.values());
        var shown = SampleItems.all(new TreeReader(chunks, root), ItemPath.of("top4/folder 30"));
        assertThat(shown).hasSizeGreaterThan(100);
        assertThat(chunks.reads.get()).isLessThan(root.height() + 6L);
    }

    @Test
    void lookupsInOrderReadEachNodeOnce() throws InterruptedException {
        var items = SampleItems.tree(30_000, 5);
        var reader = new TreeReader(chunks, SampleItems.write(chunks, items.values()));
        for (var path : items.keySet()) {
            assertThat(reader.find(path)).isPresent();
        }
        assertThat(chunks.reads.get()).isEqualTo(chunks.bytesById.size());
    }

    /** Reads all there is to be read; says whether it was Corrupt. */
    private static boolean isCorrupt(MemoryChunks damaged, TreeRoot root) throws InterruptedException {
        try {
            SampleItems.all(new TreeReader(damaged, root), ItemPath.ROOT);
            return false;
        } catch (RepositoryException.Corrupt found) {
            return true;
        }
    }

    @Test
    void changedBytesOfANodeAreCorruptOrHarmless() throws InterruptedException {
        var root = SampleItems.write(chunks, SampleItems.tree(600, 6).values());
        assertThat(root.height()).isGreaterThan(1);
        int corrupt = 0;
        for (var node : chunks.bytesById.entrySet()) {
            var bytes = node.getValue();
            for (int at = 0; at < bytes.length; at += 1 + random.nextInt(Math.max(1, bytes.length / 400))) {
                var flipped = bytes.clone();
                flipped[at] ^= (byte) (1 << random.nextInt(8));
                corrupt += isCorrupt(chunks.with(node.getKey(), flipped), root) ? 1 : 0;
                var large = bytes.clone();
                large[at] = (byte) 0xff;
                corrupt += isCorrupt(chunks.with(node.getKey(), large), root) ? 1 : 0;
            }
        }
        assertThat(corrupt).isPositive();
    }

    @Test
    void aShortenedOrLengthenedNodeIsCorrupt() throws InterruptedException {
        var root = SampleItems.write(chunks, SampleItems.tree(600, 6).values());
        for (var node : chunks.bytesById.entrySet()) {
            var bytes = node.getValue();
            for (int length = 0; length < bytes.length; length += 1 + bytes.length / 200) {
                assertThat(isCorrupt(chunks.with(node.getKey(), Arrays.copyOf(bytes, length)), root))
                        .isTrue();
            }
            assertThat(isCorrupt(chunks.with(node.getKey(), Arrays.copyOf(bytes, bytes.length + 1)), root))
                    .isTrue();
        }
    }

    private static Bytes32 inner(MemoryChunks into, int level, List<String> keys, List<Bytes32> children) {
        var out = new FieldWriter(256).u8(TreeWriter.NODE).u8(level).varint(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            out.varint(0).text(keys.get(i)).hash(children.get(i)).varint(1);
        }
        return into.put(out.array(), 0, out.length());
    }

    private Bytes32 leaf(String path) throws InterruptedException {
        return SampleItems.write(chunks, List.of(SampleItems.folder(ItemPath.of(path))))
                .node();
    }

    @Test
    void aChildThatIsNotWhatItsParentSaysIsCorrupt() throws InterruptedException {
        var a = leaf("a");
        var c = leaf("c");
        assertThat(isCorrupt(chunks, new TreeRoot(inner(chunks, 1, List.of("a", "c"), List.of(a, c)), 2, 2)))
                .isFalse();
        assertThat(isCorrupt(chunks, new TreeRoot(inner(chunks, 1, List.of("a", "b"), List.of(a, c)), 2, 2)))
                .isTrue();
        assertThat(isCorrupt(chunks, new TreeRoot(inner(chunks, 1, List.of("c", "a"), List.of(c, a)), 2, 2)))
                .isTrue();
        assertThat(isCorrupt(chunks, new TreeRoot(inner(chunks, 1, List.of("a", "c"), List.of(a, c)), 2, 3)))
                .isTrue();
        assertThat(isCorrupt(chunks, new TreeRoot(inner(chunks, 1, List.of("a", "c"), List.of(a, c)), 3, 2)))
                .isTrue();
        var two = new FieldWriter(64)
                .u8(TreeWriter.NODE)
                .u8(1)
                .varint(1)
                .varint(0)
                .text("a")
                .hash(a)
                .varint(2);
        assertThat(isCorrupt(chunks, new TreeRoot(chunks.put(two.array(), 0, two.length()), 2, 2)))
                .isTrue();
    }

    /** A tree of height 3 whose first leaf holds a and the other path, and whose second begins with m. */
    private TreeRoot treeWithFirstLeafTo(String other) throws InterruptedException {
        var leaf = SampleItems.write(
                        chunks, List.of(SampleItems.folder(ItemPath.of("a")), SampleItems.folder(ItemPath.of(other))))
                .node();
        var left = new FieldWriter(128).u8(TreeWriter.NODE).u8(1).varint(1);
        left.varint(0).text("a").hash(leaf).varint(2);
        var right = inner(chunks, 1, List.of("m"), List.of(leaf("m")));
        var top = new FieldWriter(128).u8(TreeWriter.NODE).u8(2).varint(2);
        top.varint(0).text("a").hash(chunks.put(left.array(), 0, left.length())).varint(2);
        top.varint(0).text("m").hash(right).varint(1);
        return new TreeRoot(chunks.put(top.array(), 0, top.length()), 3, 3);
    }

    @Test
    void aNodeThatReachesBeyondWhatFollowsItsParentIsCorrupt() throws InterruptedException {
        assertThat(isCorrupt(chunks, treeWithFirstLeafTo("b"))).isFalse();
        assertThat(isCorrupt(chunks, treeWithFirstLeafTo("z"))).isTrue();
    }

    @Test
    void aCountThatNothingBacksCostsNoMemory() {
        var node = new FieldWriter(32)
                .u8(TreeWriter.NODE)
                .u8(0)
                .varint(Integer.MAX_VALUE)
                .u8(0);
        assertThatThrownBy(() -> TreeNode.decode(node.toBytes(), 0, "a node"))
                .isInstanceOf(RepositoryException.Corrupt.class);
    }
}
