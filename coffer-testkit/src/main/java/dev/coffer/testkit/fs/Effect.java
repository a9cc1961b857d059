package dev.coffer.testkit.fs;

import java.nio.ByteBuffer;

/** What one operation did to the file system. Nodes, that is files and folders, are told by number: a file may have several names or none. */
sealed interface Effect {
    /** @param bytes its remaining bytes, which nobody changes */
    record Written(long file, int offset, ByteBuffer bytes) implements Effect {}

    record Resized(long file, int size) implements Effect {}

    record FileForced(long file) implements Effect {}

    record ForceFailed(long file) implements Effect {}

    record FolderForced(long folder) implements Effect {}

    /** What waits for its folder to be forced. */
    sealed interface Entry extends Effect {}

    /** A file or folder was made, or a file linked. */
    record Entered(long folder, String name, long node) implements Entry {}

    record Removed(long folder, String name) implements Entry {}

    record Renamed(long from, String name, long to, String newName, long node) implements Entry {}
}
