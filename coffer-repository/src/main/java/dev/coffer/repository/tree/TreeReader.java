package dev.coffer.repository.tree;

import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.repository.chunk.ChunkSource;
import dev.coffer.repository.format.Bytes32;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads a tree that {@link TreeWriter} wrote, from any number of threads. A lookup reads one node of each level, a walk only what it shows. The nodes that were used last stay decoded, within
 * {@link #KEPT_BYTES} of encoded bytes, so looking up paths that come nearly in order costs a few comparisons each. Whatever the bytes say, a read ends: a child is one level lower than
 * its parent, begins with the path and holds the number of items that its parent names, and ends before whatever follows it; else Corrupt.
 */
public final class TreeReader {
    /** Encoded bytes of the nodes that stay decoded; decoded ones take about six times as much. */
    static final int KEPT_BYTES = 2 << 20;

    private final ChunkSource chunks;
    private final TreeRoot root;
    private final Kept kept = new Kept();

    /** A node on the way down, and the path that everything in it comes before. */
    private record Place(TreeNode node, int level, Optional<ItemPath> before) {
        /** The path that everything in the child comes before. */
        Optional<ItemPath> end(int child) {
            return child + 1 < node.keys().size() ? Optional.of(node.keys().get(child + 1)) : before;
        }
    }

    public TreeReader(ChunkSource chunks, TreeRoot root) {
        this.chunks = chunks;
        this.root = root;
    }

    /** The item with the path. */
    public Optional<Item> find(ItemPath path) throws InterruptedException {
        var place = top();
        while (true) {
            int index = place.node().floor(path);
            if (index < 0) {
                return Optional.empty();
            }
            switch (place.node()) {
                case TreeNode.Leaf leaf -> {
                    return leaf.keys().get(index).equals(path)
                            ? Optional.of(leaf.entries().get(index))
                            : Optional.empty();
                }
                case TreeNode.Inner inner -> place = below(place, inner, index);
            }
        }
    }

    /** Shows the item at the path and all below it, in their order, until {@code visit} returns false. */
    public void items(ItemPath under, Predicate<Item> visit) throws InterruptedException {
        show(top(), under, visit);
    }

    /** Returns whether what follows the node may be shown too. */
    private boolean show(Place place, ItemPath under, Predicate<Item> visit) throws InterruptedException {
        var keys = place.node().keys();
        int floor = place.node().floor(under);
        for (int i = Math.max(0, floor); i < keys.size(); i++) {
            boolean within = keys.get(i).isWithin(under);
            // Paths within a folder follow each other: the first behind the folder that is not within it ends the walk.
            if (!within && i > floor) {
                return false;
            }
            boolean goOn = switch (place.node()) {
                case TreeNode.Leaf leaf -> !within || visit.test(leaf.entries().get(i));
                case TreeNode.Inner inner -> show(below(place, inner, i), under, visit);
            };
            if (!goOn) {
                return false;
            }
        }
        return true;
    }

    /** Shows the items right below the folder, in their order, until {@code visit} returns false. What lies deeper costs as many nodes as there are levels, for each of the items. */
    public void children(ItemPath folder, Predicate<Item> visit) throws InterruptedException {
        new Children(folder, visit).show(top());
    }

    /** A walk over one level of paths. */
    private final class Children {
        private final ItemPath folder;
        private final Predicate<Item> visit;
        // The child that the walk is in, which need not be an item.
        private Optional<ItemPath> child = Optional.empty();

        Children(ItemPath folder, Predicate<Item> visit) {
            this.folder = folder;
            this.visit = visit;
        }

        /** Returns whether what follows the node may be shown too. */
        boolean show(Place place) throws InterruptedException {
            var keys = place.node().keys();
            int floor = place.node().floor(folder);
            for (int i = Math.max(0, floor); i < keys.size(); i++) {
                boolean within = keys.get(i).isWithin(folder);
                if (!within && i > floor) {
                    return false;
                }
                boolean goOn = switch (place.node()) {
                    case TreeNode.Leaf leaf -> !within || shown(leaf.entries().get(i));
                    case TreeNode.Inner inner -> isInChild(place.end(i)) || show(below(place, inner, i));
                };
                if (!goOn) {
                    return false;
                }
            }
            return true;
        }

        /** Whether all between the place of the walk and the end is deeper. */
        private boolean isInChild(Optional<ItemPath> end) {
            return child.isPresent() && end.isPresent() && end.get().isWithin(child.get());
        }

        private boolean shown(Item item) {
            if (item.path().equals(folder) || isInChild(Optional.of(item.path()))) {
                return true;
            }
            child = Optional.of(folder.childTowards(item.path()));
            return !item.path().equals(child.get()) || visit.test(item);
        }
    }

    private Place top() throws InterruptedException {
        int level = root.height() - 1;
        var node = node(root.node(), level);
        if (node.items() != root.items()) {
            throw broken(root.node(), "it has " + node.items() + " items and should have " + root.items());
        }
        return new Place(node, level, Optional.empty());
    }

    private Place below(Place parent, TreeNode.Inner inner, int index) throws InterruptedException {
        var child = inner.entries().get(index);
        int level = parent.level() - 1;
        var node = node(child.node(), level);
        if (node.items() != child.items()) {
            throw broken(child.node(), "it has " + node.items() + " items and should have " + child.items());
        }
        // A child has an item at least, since its parent says so, and so it has keys.
        if (!node.keys().getFirst().equals(inner.keys().get(index))) {
            throw broken(child.node(), "it does not begin where its parent says");
        }
        var before = parent.end(index);
        if (before.isPresent() && node.keys().getLast().compareTo(before.get()) >= 0) {
            throw broken(child.node(), "it reaches into its neighbour");
        }
        return new Place(node, level, before);
    }

    private static RepositoryException.Corrupt broken(Bytes32 node, String rule) {
        return new RepositoryException.Corrupt(what(node) + ": " + rule);
    }

    private static String what(Bytes32 node) {
        return "the tree node " + node;
    }

    private TreeNode node(Bytes32 id, int level) throws InterruptedException {
        var known = kept.get(id, level);
        if (known.isPresent()) {
            return known.get();
        }
        var bytes = chunks.get(id);
        var node = TreeNode.decode(bytes, level, what(id));
        kept.put(id, new Kept.Entry(node, level, bytes.length));
        return node;
    }

    /** The nodes that were used last. Guarded by its own lock, which is not held while a node is read. */
    private static final class Kept {
        private final LinkedHashMap<Bytes32, Entry> entries = new LinkedHashMap<>(128, 0.75f, true);
        private long bytes;

        record Entry(TreeNode node, int level, int bytes) {}

        /** The node, if it is kept and of this level. */
        synchronized Optional<TreeNode> get(Bytes32 id, int level) {
            return Optional.ofNullable(entries.get(id))
                    .filter(entry -> entry.level() == level)
                    .map(Entry::node);
        }

        synchronized void put(Bytes32 id, Entry entry) {
            bytes += entry.bytes();
            Optional.ofNullable(entries.put(id, entry)).ifPresent(former -> bytes -= former.bytes());
            while (bytes > KEPT_BYTES && entries.size() > 1) {
                bytes -= entries.pollFirstEntry().getValue().bytes();
            }
        }
    }
}
