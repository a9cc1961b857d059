package dev.coffer.aws.s3;

/** What becomes of an object whose key the target has already. */
enum Conflict {
    /** It is not restored, and named. */
    SKIP,
    /** It is restored under a name of its own beside the other. */
    RENAME,
    /** It becomes the newest version; in a bucket without versions it replaces the other. */
    OVERWRITE
}
