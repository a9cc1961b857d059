package dev.coffer.repository.tree;

import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.repository.chunk.ChunkSource;
import dev.coffer.repository.format.Bytes32;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads a tree that {@link TreeWriter} wrote. A lookup reads one node of each level, a walk reads only what it shows. Nodes that are not as they should be raise Corrupt. For any number of threads; the nodes that were used last
 * are kept, so that lookups in about the order of the paths are cheap.
 */
public final class TreeReader {
    private static final int KEPT_NODES = 32;

    private final ChunkSource chunks;
    private final TreeRoot root;
    // In the order of use; guarded by itself.
    private final LinkedHashMap<Bytes32, TreeNode> kept = new LinkedHashMap<>(2 * KEPT_NODES, 0.75f, true);

    public TreeReader(ChunkSource chunks, TreeRoot root) {
        this.chunks = chunks;
        this.root = root;
    }

    /** The item with the path. */
    public Optional<Item> find(ItemPath path) throws InterruptedException {
        var node = top();
        for (int level = root.height() - 1; ; level--) {
            int index = node.floor(path);
            if (index < 0) {
                return Optional.empty();
            }
            switch (node) {
                case TreeNode.Leaf leaf -> {
                    return leaf.keys().get(index).equals(path)
                            ? Optional.of(leaf.entries().get(index))
                            : Optional.empty();
                }
                case TreeNode.Inner inner -> node = below(inner, index, level - 1);
            }
        }
    }

    /** A node, and its first entry that was not looked at. */
    private record Step(TreeNode node, int index, int level) {}

    /** Shows the item at the path and all below it, in their order, until {@code visit} returns false. */
    public void items(ItemPath under, Predicate<Item> visit) throws InterruptedException {
        var waiting = new ArrayDeque<Step>();
        descend(under, waiting);
        while (!waiting.isEmpty()) {
            var step = waiting.removeFirst();
            switch (step.node()) {
                case TreeNode.Leaf leaf -> {
                    for (var item :
                            leaf.entries().subList(step.index(), leaf.entries().size())) {
                        if (item.path().compareTo(under) < 0) {
                            continue;
                        }
                        if (!item.path().isWithin(under) || !visit.test(item)) {
                            return;
                        }
                    }
                }
                case TreeNode.Inner inner -> {
                    if (step.index() < inner.entries().size()) {
                        if (!inner.keys().get(step.index()).isWithin(under)) {
                            return;
                        }
                        waiting.addFirst(new Step(inner, step.index() + 1, step.level()));
                        waiting.addFirst(new Step(below(inner, step.index(), step.level() - 1), 0, step.level() - 1));
                    }
                }
            }
        }
    }

    /** Goes down to where the path is or would be, and notes what comes behind it on the way. */
    private void descend(ItemPath path, Deque<Step> waiting) throws InterruptedException {
        var node = top();
        for (int level = root.height() - 1; ; level--) {
            int index = Math.max(0, node.floor(path));
            switch (node) {
                case TreeNode.Leaf leaf -> {
                    waiting.addFirst(new Step(leaf, index, level));
                    return;
                }
                case TreeNode.Inner inner -> {
                    waiting.addFirst(new Step(inner, index + 1, level));
                    node = below(inner, index, level - 1);
                }
            }
        }
    }

    private TreeNode top() throws InterruptedException {
        var node = node(root.node(), root.height() - 1);
        if (node.items() != root.items()) {
            throw broken(root.node(), "it has " + node.items() + " items and should have " + root.items());
        }
        return node;
    }

    private TreeNode below(TreeNode.Inner parent, int index, int level) throws InterruptedException {
        var child = parent.entries().get(index);
        var node = node(child.node(), level);
        if (node.items() != child.items()) {
            throw broken(child.node(), "it has " + node.items() + " items and should have " + child.items());
        }
        // A child has an item at least, since its parent says so, and so it has keys.
        if (!node.keys().getFirst().equals(parent.keys().get(index))) {
            throw broken(child.node(), "it does not begin where its parent says");
        }
        boolean intrudes = index + 1 < parent.keys().size()
                && node.keys().getLast().compareTo(parent.keys().get(index + 1)) >= 0;
        if (intrudes) {
            throw broken(child.node(), "it reaches into its neighbour");
        }
        return node;
    }

    private static RepositoryException.Corrupt broken(Bytes32 node, String rule) {
        return new RepositoryException.Corrupt(what(node) + ": " + rule);
    }

    private static String what(Bytes32 node) {
        return "the tree node " + node;
    }

    private TreeNode node(Bytes32 id, int level) throws InterruptedException {
        synchronized (kept) {
            var known = Optional.ofNullable(kept.get(id));
            if (known.isPresent() && known.get() instanceof TreeNode.Leaf == (level == 0)) {
                return known.get();
            }
        }
        var node = TreeNode.decode(chunks.get(id), level, what(id));
        synchronized (kept) {
            kept.put(id, node);
            if (kept.size() > KEPT_NODES) {
                kept.pollFirstEntry();
            }
        }
        return node;
    }
}
