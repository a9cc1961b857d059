package dev.coffer.core.repository;

/** What an item is. The codes are part of the repository format and never change their meaning. */
public enum ItemKind {
    FILE(1),
    DIRECTORY(2),
    SYMLINK(3),
    /** Another name of a file of the same point; the attribute {@code link} names it. */
    HARD_LINK(4),
    FIFO(5),
    CHARACTER_DEVICE(6),
    BLOCK_DEVICE(7),
    SOCKET(8);

    private static final ItemKind[] ALL = values();

    private final int code;

    ItemKind(int code) {
        this.code = code;
    }

    /** The code in the repository format. */
    public int code() {
        return code;
    }

    /** The kind with the code, or an exception for one that this version does not know. */
    public static ItemKind ofCode(int code) {
        for (var kind : ALL) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new RepositoryException.Corrupt("an item of unknown kind " + code);
    }
}
