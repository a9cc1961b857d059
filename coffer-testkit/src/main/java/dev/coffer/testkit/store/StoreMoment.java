package dev.coffer.testkit.store;

/** When, within a call of a store, something breaks. */
public enum StoreMoment {
    /** The call has no effect. */
    BEFORE,
    /** A create has read half of its payload and has no effect; any other call is as {@link #BEFORE}. */
    HALFWAY,
    /** The call has its effect, and the caller does not learn of it. */
    AFTER
}
