package dev.coffer.repository.tree;

import java.util.Arrays;

/** The order of {@code ItemPath} on encoded paths. */
final class PathOrder {
    private PathOrder() {}

    static int compare(byte[] a, byte[] b) {
        return compare(a, 0, a.length, b, 0, b.length);
    }

    static int compare(byte[] a, int fromA, int toA, byte[] b, int fromB, int toB) {
        int common = Arrays.mismatch(a, fromA, toA, b, fromB, toB);
        if (common < 0) {
            return 0;
        }
        if (fromA + common == toA) {
            return -1;
        }
        if (fromB + common == toB) {
            return 1;
        }
        return Integer.compare(rank(a[fromA + common]), rank(b[fromB + common]));
    }

    private static int rank(byte b) {
        return b == '/' ? 0 : Byte.toUnsignedInt(b);
    }

    /** How many bytes both begin with. */
    static int shared(byte[] a, byte[] b) {
        int mismatch = Arrays.mismatch(a, b);
        return mismatch < 0 ? a.length : mismatch;
    }
}
