package dev.coffer.testkit.fs;

/** Errors of a file system on Linux, with the words that the JDK puts in its exceptions. */
public enum Errno {
    ENOSPC("No space left on device"),
    EDQUOT("Disk quota exceeded"),
    EROFS("Read-only file system"),
    EIO("Input/output error");

    private final String words;

    Errno(String words) {
        this.words = words;
    }

    /** The message of the exception. */
    public String words() {
        return words;
    }

    /** Whether the operation can end in this error. */
    public boolean strikes(Operation operation) {
        boolean takesSpace = switch (operation) {
            case CREATE, WRITE, FORCE, LINK, RENAME, MAKE_FOLDER -> true;
            case OPEN, READ, TRUNCATE, FORCE_FOLDER, UNLINK, LIST, ATTRIBUTES -> false;
        };
        return switch (this) {
            case ENOSPC, EDQUOT -> takesSpace;
            case EROFS -> takesSpace || operation == Operation.TRUNCATE || operation == Operation.UNLINK;
            case EIO -> true;
        };
    }
}
