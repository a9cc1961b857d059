package dev.coffer.host.efs;

/** What a restore onto the original paths does with what it finds there: the values of {@code coffer:conflict}. */
enum Conflict {
    /** Leave it and name the item. */
    SKIP,
    /** Replace it. */
    OVERWRITE,
    /** Put the item beside it under a name of its own. */
    RENAME
}
