package dev.coffer.repository.tree;

import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FieldReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A node of the tree of items, decoded. */
sealed interface TreeNode {
    /** The keys of its entries, strictly increasing. */
    List<ItemPath> keys();

    /** How many items are in it or below it. */
    long items();

    /** The place of the last key that is not above the path; -1 if all are above. */
    default int floor(ItemPath path) {
        int low = 0;
        int high = keys().size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (keys().get(middle).compareTo(path) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /** Items. */
    record Leaf(List<ItemPath> keys, List<Item> entries) implements TreeNode {
        @Override
        public long items() {
            return entries.size();
        }
    }

    /** Children by their first paths. */
    record Inner(List<ItemPath> keys, List<Child> entries, long items) implements TreeNode {}

    /** What a parent says about a child. */
    record Child(Bytes32 node, long items) {}

    /** Reads a node that should be of the level; Corrupt if it is not one. */
    static TreeNode decode(byte[] bytes, int level, String what) {
        var in = new FieldReader(bytes, what);
        if (in.u8() != TreeWriter.NODE || in.u8() != level) {
            throw in.broken("this is not a node of level " + level + " of a tree of items");
        }
        // An entry takes two bytes at least.
        int count = in.varint(in.remaining() / 2);
        var keys = new ArrayList<ItemPath>();
        var node = level == 0 ? leaf(in, count, keys) : inner(in, count, keys);
        in.end();
        return node;
    }

    private static Leaf leaf(FieldReader in, int count, List<ItemPath> keys) {
        var items = new ArrayList<Item>();
        var names = new AttributeNames();
        var path = new byte[0];
        for (int i = 0; i < count; i++) {
            path = path(in, path, keys);
            items.add(ItemCodec.read(keys.getLast(), in, names));
        }
        return new Leaf(keys, items);
    }

    private static Inner inner(FieldReader in, int count, List<ItemPath> keys) {
        var children = new ArrayList<Child>();
        var path = new byte[0];
        long items = 0;
        for (int i = 0; i < count; i++) {
            path = path(in, path, keys);
            var child = new Child(in.hash(), in.varint());
            items += child.items();
            if (child.items() < 1 || items < 0) {
                throw in.broken("the items of a node do not add up");
            }
            children.add(child);
        }
        return new Inner(keys, children, items);
    }

    private static byte[] path(FieldReader in, byte[] previous, List<ItemPath> keys) {
        int shared = in.varint(previous.length);
        var suffix = in.sized();
        var bytes = Arrays.copyOf(previous, shared + suffix.length);
        System.arraycopy(suffix, 0, bytes, shared, suffix.length);
        ItemPath path;
        try {
            path = ItemPath.of(bytes);
        } catch (IllegalArgumentException noPath) {
            throw in.broken("an item has a path that none can have");
        }
        if (!keys.isEmpty() && keys.getLast().compareTo(path) >= 0) {
            throw in.broken("the entries are not in order");
        }
        keys.add(path);
        return bytes;
    }
}
