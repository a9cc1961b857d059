package dev.coffer.repository.tree;

import dev.coffer.repository.format.Bytes32;

/** A stretch of a content: the bytes of one chunk, or a hole. */
public sealed interface Segment {
    /** No content and no stretch of one is longer. */
    long LONGEST = (1L << 62) - 1;

    /** Logical bytes; at least 1. */
    long length();

    /** All bytes of a chunk. */
    record Data(Bytes32 chunk, int bytes) implements Segment {
        public Data {
            if (bytes < 1) {
                throw new IllegalArgumentException("a chunk of a content has at least one byte");
            }
        }

        @Override
        public long length() {
            return bytes;
        }
    }

    /** Bytes that read as zeros and are stored nowhere. */
    record Hole(long length) implements Segment {
        public Hole {
            if (length < 1 || length > LONGEST) {
                throw new IllegalArgumentException("a hole has 1 to " + LONGEST + " bytes");
            }
        }
    }
}
