package dev.coffer.repository.tree;

import dev.coffer.core.repository.Differences;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.repository.chunk.ChunkSource;
import dev.coffer.repository.format.Bytes32;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Compares two trees by walking both at once, and leaves out what they share: where both come to the same node at the same path, neither goes below. Reads the nodes in which they differ and
 * those above. Memory: one node of each level of each.
 */
public final class TreeDiff {
    private final ChunkSource before;
    private final ChunkSource after;
    private final Differences differences;

    /** @param before gives the nodes of the earlier tree; {@code after} those of the later one */
    public TreeDiff(ChunkSource before, ChunkSource after, Differences differences) {
        this.before = before;
        this.after = after;
        this.differences = differences;
    }

    /** Shows the differences. Corrupt if a node that is needed is damaged. */
    public void compare(TreeRoot earlier, TreeRoot later) throws InterruptedException {
        var one = new Side(before, earlier);
        var other = new Side(after, later);
        while (true) {
            skipShared(one, other);
            if (one.ended() && other.ended()) {
                return;
            }
            int order = one.ended() ? 1 : other.ended() ? -1 : one.path().compareTo(other.path());
            if (order == 0 && one.level() != other.level()) {
                // The higher of the two is opened until both are at the same level, where they can be the same.
                (one.level() > other.level() ? one : other).open();
            } else if (one.level() > 0 && (order <= 0 || other.ended())) {
                one.open();
            } else if (other.level() > 0 && (order >= 0 || one.ended())) {
                other.open();
            } else {
                show(one, other, order);
            }
        }
    }

    private static void skipShared(Side one, Side other) {
        while (!one.ended()
                && !other.ended()
                && one.level() > 0
                && one.level() == other.level()
                && one.node().equals(other.node())) {
            one.skip();
            other.skip();
        }
    }

    private void show(Side one, Side other, int order) throws InterruptedException {
        if (order < 0) {
            differences.removed(one.item());
            one.skip();
        } else if (order > 0) {
            differences.added(other.item());
            other.skip();
        } else {
            var was = one.item();
            var is = other.item();
            if (!was.equals(is)) {
                differences.changed(was, is);
            }
            one.skip();
            other.skip();
        }
    }

    /** One of the trees, and the place in it: an item (level 0) or a node that has not been opened (the level of its children is one lower). */
    private static final class Side {
        private final ChunkSource chunks;
        private final TreeRoot root;
        private final Deque<Frame> way = new ArrayDeque<>();
        private boolean begun;
        private boolean rootLeft;

        private static final class Frame {
            final TreeNode node;
            final int level;
            int next;

            Frame(TreeNode node, int level) {
                this.node = node;
                this.level = level;
            }
        }

        Side(ChunkSource chunks, TreeRoot root) {
            this.chunks = chunks;
            this.root = root;
        }

        private Optional<Frame> frame() {
            return Optional.ofNullable(way.peek());
        }

        boolean ended() {
            return begun ? way.isEmpty() : rootLeft || root.items() == 0;
        }

        /** 0 if the place is an item, else how many levels of nodes begin here. */
        int level() {
            return frame().map(frame -> frame.level).orElse(ended() ? 0 : root.height());
        }

        ItemPath path() {
            return frame().map(frame -> frame.node.keys().get(frame.next)).orElse(ItemPath.ROOT);
        }

        Bytes32 node() {
            if (frame().isPresent() && frame().get().node instanceof TreeNode.Inner inner) {
                return inner.entries().get(frame().get().next).node();
            }
            return root.node();
        }

        Item item() {
            if (frame().isPresent() && frame().get().node instanceof TreeNode.Leaf leaf) {
                return leaf.entries().get(frame().get().next);
            }
            throw new IllegalStateException("the place is no item");
        }

        void open() throws InterruptedException {
            int below = level() - 1;
            var id = node();
            var decoded = TreeNode.decode(chunks.get(id), below, "the tree node " + id);
            if (begun) {
                // The place behind the node, for when its end is reached.
                way.element().next++;
            }
            begun = true;
            way.push(new Frame(decoded, below));
            drop();
        }

        void skip() {
            if (!begun) {
                rootLeft = true;
                return;
            }
            way.element().next++;
            drop();
        }

        private void drop() {
            while (!way.isEmpty()
                    && way.element().next == way.element().node.keys().size()) {
                way.pop();
            }
        }
    }
}
