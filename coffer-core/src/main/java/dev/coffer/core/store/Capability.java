package dev.coffer.core.store;

/** Something the endpoint enforces against every client. What only this process imitates is not listed. */
public enum Capability {
    /** create() refuses a taken key even when another client took it. Without it, one process may write. */
    CONDITIONAL_CREATE,
    /** retain() binds every client. Without it, retain() throws Unsupported. */
    RETENTION
}
