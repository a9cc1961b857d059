package dev.coffer.host.posix;

import java.util.Optional;

/** A name in a folder as a listing tells it. The array is not copied. */
public final class FolderEntry {
    private final byte[] name;
    private final Optional<Stat.Type> type;

    /** An entry with the type that its inode had when the folder was listed, where the file system tells it. */
    public FolderEntry(byte[] name, Optional<Stat.Type> type) {
        this.name = name;
        this.type = type;
    }

    public byte[] name() {
        return name;
    }

    /** What the name stood for when it was listed. It may stand for something else by now; empty where only the inode tells. */
    public Optional<Stat.Type> type() {
        return type;
    }
}
