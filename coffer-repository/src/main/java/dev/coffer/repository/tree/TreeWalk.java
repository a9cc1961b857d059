package dev.coffer.repository.tree;

import dev.coffer.core.repository.Item;
import dev.coffer.repository.chunk.ChunkSource;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FieldReader;

/**
 * Shows every chunk that a point consists of: the nodes of its tree and of its lists of contents, and the chunks of contents. A node that the visitor knows already is left out with all that is
 * below it, so that what many points share is read once. Memory: one node of each level.
 */
public final class TreeWalk {
    private final ChunkSource chunks;
    private final Visitor visitor;

    /** Is shown chunks. A chunk that several nodes refer to may be shown several times. */
    public interface Visitor {
        /** A node, before what is below it; whether to go below. */
        boolean node(Bytes32 node) throws InterruptedException;

        /** A chunk of a content. */
        void content(Bytes32 chunk) throws InterruptedException;

        /** All that is below a node has been shown. */
        default void leave(Bytes32 node) throws InterruptedException {}

        /** An item of a leaf; before its content. */
        default void item(Item item) throws InterruptedException {}
    }

    public TreeWalk(ChunkSource chunks, Visitor visitor) {
        this.chunks = chunks;
        this.visitor = visitor;
    }

    /** Walks one tree. Corrupt if a node is damaged, or missing. */
    public void walk(TreeRoot root) throws InterruptedException {
        tree(root.node(), root.height() - 1);
    }

    private void tree(Bytes32 id, int level) throws InterruptedException {
        if (!visitor.node(id)) {
            return;
        }
        switch (TreeNode.decode(chunks.get(id), level, "the tree node " + id)) {
            case TreeNode.Leaf leaf -> {
                for (var item : leaf.entries()) {
                    visitor.item(item);
                    content(StoredContent.of(item));
                }
            }
            case TreeNode.Inner inner -> {
                for (var child : inner.entries()) {
                    tree(child.node(), level - 1);
                }
            }
        }
        visitor.leave(id);
    }

    private void content(StoredContent content) throws InterruptedException {
        switch (content) {
            case StoredContent.Inline(var segments) -> {
                for (var segment : segments) {
                    segment(segment);
                }
            }
            case StoredContent.Listed listed -> list(listed.root(), listed.height() - 1);
        }
    }

    private void segment(Segment segment) throws InterruptedException {
        if (segment instanceof Segment.Data data) {
            visitor.content(data.chunk());
        }
    }

    private void list(Bytes32 id, int level) throws InterruptedException {
        if (!visitor.node(id)) {
            return;
        }
        var in = new FieldReader(chunks.get(id), "the content list node " + id);
        if (in.u8() != ContentListWriter.NODE || in.u8() != level) {
            throw in.broken("this is not a node of level " + level + " of a content list");
        }
        int count = in.varint(in.remaining());
        for (int i = 0; i < count; i++) {
            if (level == 0) {
                segment(ItemCodec.segment(in));
            } else {
                var child = in.hash();
                in.varint();
                in.varint();
                list(child, level - 1);
            }
        }
        in.end();
        visitor.leave(id);
    }
}
