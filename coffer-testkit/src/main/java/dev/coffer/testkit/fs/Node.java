package dev.coffer.testkit.fs;

import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeMap;

/** A file or a folder as the running process sees it. Used under the lock of its tree. */
abstract sealed class Node {
    final long id;
    final Set<PosixFilePermission> permissions;
    Instant modified;

    private Node(long id, Set<PosixFilePermission> permissions, Instant modified) {
        this.id = id;
        this.permissions = permissions;
        this.modified = modified;
    }

    static final class Folder extends Node {
        final TreeMap<String, Node> entries = new TreeMap<>();

        Folder(long id, Set<PosixFilePermission> permissions, Instant modified) {
            super(id, permissions, modified);
        }
    }

    static final class File extends Node {
        private byte[] bytes = new byte[0];
        private int size;

        File(long id, Set<PosixFilePermission> permissions, Instant modified) {
            super(id, permissions, modified);
        }

        int size() {
            return size;
        }

        byte[] content() {
            return Arrays.copyOf(bytes, size);
        }

        void write(int offset, byte[] written) {
            int end = offset + written.length;
            if (end > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
            }
            System.arraycopy(written, 0, bytes, offset, written.length);
            size = Math.max(size, end);
        }

        byte[] read(int offset, int most) {
            int from = Math.min(offset, size);
            return Arrays.copyOfRange(bytes, from, Math.min(size, from + most));
        }

        /** Cuts it; a file is never made longer so. */
        void cut(int newSize) {
            Arrays.fill(bytes, newSize, size, (byte) 0);
            size = newSize;
        }
    }
}
