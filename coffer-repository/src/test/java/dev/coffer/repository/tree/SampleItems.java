package dev.coffer.repository.tree;

import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.repository.format.Bytes32;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Items as connectors make them, from a seeded source. */
final class SampleItems {
    static final long SEED = 0x5eed;

    private SampleItems() {}

    static Bytes32 id(Random random) {
        return new Bytes32(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    static Item file(ItemPath path, long number) {
        var random = new Random(number);
        var content = new StoredContent.Inline(List.of(new Segment.Data(id(random), 1 + random.nextInt(1 << 20))));
        var attributes = Attributes.builder()
                .number("mode", 0x81a4)
                .number("mtime", random.nextLong())
                .text("owner", "user" + random.nextInt(3))
                .build();
        return new Item(path, ItemKind.FILE, content.length(), attributes, content);
    }

    static Item folder(ItemPath path) {
        return new Item(
                path,
                ItemKind.DIRECTORY,
                0,
                Attributes.builder().number("mode", 0x41ed).build(),
                StoredContent.NONE);
    }

    /** Folders and files, by path. */
    static SortedMap<ItemPath, Item> tree(int files, long seed) {
        var random = new Random(seed);
        var items = new TreeMap<ItemPath, Item>();
        items.put(ItemPath.ROOT, folder(ItemPath.ROOT));
        for (int i = 0; i < files; i++) {
            var path = ItemPath.of("top" + random.nextInt(9));
            items.computeIfAbsent(path, SampleItems::folder);
            path = path.child(("folder " + random.nextInt(60)).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            items.computeIfAbsent(path, SampleItems::folder);
            path = path.child(
                    ("file-" + i + "." + random.nextInt(1000)).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            items.put(path, file(path, random.nextLong()));
        }
        return items;
    }

    /** Any bytes that a name can have. */
    static byte[] name(Random random) {
        var name = new byte[1 + random.nextInt(20)];
        random.nextBytes(name);
        for (int i = 0; i < name.length; i++) {
            if (name[i] == 0 || name[i] == '/' || name[i] == '.') {
                name[i] = (byte) 0xff;
            }
        }
        return name;
    }

    static TreeRoot write(MemoryChunks chunks, Collection<Item> sorted) throws InterruptedException {
        var writer = new TreeWriter(chunks, SEED);
        for (var item : sorted) {
            writer.add(item);
        }
        return writer.finish();
    }

    static List<Item> all(TreeReader reader, ItemPath under) throws InterruptedException {
        var shown = new ArrayList<Item>();
        reader.items(under, shown::add);
        return shown;
    }
}
