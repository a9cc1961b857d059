package dev.coffer.core.repository;

/**
 * The packs whose names begin with a number from {@code from} up to and without {@code to}, in 65536ths of all. Names are digests, so the same share of the packs lies in every range of the same
 * width, and ranges that follow each other cover all.
 */
public record PackRange(int from, int to) {
    /** The end of the last range. */
    public static final int END = 1 << 16;

    /** All packs. */
    public static final PackRange ALL = new PackRange(0, END);

    public PackRange {
        if (from < 0 || to > END || from > to) {
            throw new IllegalArgumentException("no range of packs: " + from + " to " + to);
        }
    }

    /** Whether a pack with this first number of 16 bits is in the range. */
    public boolean has(int first) {
        return from <= first && first < to;
    }
}
