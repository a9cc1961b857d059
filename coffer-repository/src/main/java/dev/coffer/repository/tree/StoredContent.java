package dev.coffer.repository.tree;

import dev.coffer.core.repository.Item;
import dev.coffer.repository.format.Bytes32;
import java.util.List;

/** Where the content of an item is: a short list of segments that is kept with the item, or the root of a list that is kept in chunks of its own. */
public sealed interface StoredContent extends Item.ContentRef {
    /** A list with more segments is kept in chunks. */
    int INLINE_AT_MOST = 16;

    /** No content: what an item has that is not a file, and an empty file. */
    StoredContent NONE = new Inline(List.of());

    /** Logical bytes of the content, holes included. */
    long length();

    /** All segments in order; at most {@link #INLINE_AT_MOST}. */
    record Inline(List<Segment> segments) implements StoredContent {
        public Inline {
            segments = List.copyOf(segments);
            if (segments.size() > INLINE_AT_MOST) {
                throw new IllegalArgumentException("too many segments to be kept with an item");
            }
            total(segments);
        }

        @Override
        public long length() {
            return total(segments);
        }

        private static long total(List<Segment> segments) {
            long total = 0;
            for (var segment : segments) {
                total += segment.length();
                if (total < 0 || total > Segment.LONGEST) {
                    throw new IllegalArgumentException("a content has at most " + Segment.LONGEST + " bytes");
                }
            }
            return total;
        }
    }

    /**
     * The root of a list in chunks.
     *
     * @param root the chunk of the root node
     * @param height how many nodes lie on the way from the root to a leaf, both included
     * @param segments how many there are
     */
    record Listed(Bytes32 root, int height, long segments, long length) implements StoredContent {
        /** No list is higher: every node but the last of its level has many children. */
        public static final int HIGHEST = 12;

        public Listed {
            boolean valid = height >= 1
                    && height <= HIGHEST
                    && segments >= 1
                    && length >= segments
                    && length <= Segment.LONGEST;
            if (!valid) {
                throw new IllegalArgumentException("no list of segments has such a root");
            }
        }
    }

    /** The content of an item of this repository. */
    static StoredContent of(Item item) {
        if (item.content() instanceof StoredContent content) {
            return content;
        }
        throw new IllegalArgumentException("the item " + item.path() + " is not one of this repository");
    }
}
