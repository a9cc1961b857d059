package dev.coffer.core.access;

/** How a statement with principals names who asks. The later ones say it more exactly. */
public enum Fit {
    /** Not at all. */
    NONE,
    /** By its account: the account's own policies decide who in it may. */
    ACCOUNT,
    /** As everybody, or by its role: what boundary and session policy do not allow stays forbidden. */
    LIMITED,
    /** By the user or the session itself. */
    DIRECT
}
