package dev.coffer.repository.tree;

import dev.coffer.repository.format.Bytes32;

/**
 * The root of a tree of items.
 *
 * @param node the chunk of the root node
 * @param height how many nodes lie on the way from the root to a leaf, both included
 * @param items how many items the tree has
 */
public record TreeRoot(Bytes32 node, int height, long items) {
    /** No tree is higher: every inner node but the last of its level has two children at least. */
    public static final int HIGHEST = 64;

    static final Bytes32 NOWHERE = new Bytes32(0, 0, 0, 0);

    public TreeRoot {
        if (height < 1 || height > HIGHEST || items < 0) {
            throw new IllegalArgumentException("no tree has such a root");
        }
    }
}
