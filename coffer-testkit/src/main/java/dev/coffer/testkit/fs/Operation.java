package dev.coffer.testkit.fs;

/** What a file system is asked to do, as far as faults tell it apart. */
public enum Operation {
    OPEN,
    CREATE,
    READ,
    WRITE,
    TRUNCATE,
    FORCE,
    FORCE_FOLDER,
    LINK,
    UNLINK,
    RENAME,
    MAKE_FOLDER,
    LIST,
    ATTRIBUTES
}
