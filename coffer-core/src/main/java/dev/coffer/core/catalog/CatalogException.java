package dev.coffer.core.catalog;

import java.io.Serial;

/** The catalog could not be opened, read or written. The message says what failed, why, and what to do next, for the operator; it has no stored values. */
public final class CatalogException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final Fault fault;

    /** What is wrong. */
    public enum Fault {
        /** Somebody else has it at the moment. */
        BUSY,
        /** Its disk has no room left. */
        FULL,
        /** It cannot be written, for whatever reason; a disk without room is one. */
        UNWRITABLE,
        /** It is damaged, or of a newer version, or the program is wrong. */
        BROKEN
    }

    public CatalogException(String message, Fault fault, Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }

    /** Whether the same call may succeed at once, without anybody doing anything. */
    public boolean retryable() {
        return fault == Fault.BUSY;
    }

    /** Whether more room on its disk may help. */
    public boolean mayNeedRoom() {
        return fault == Fault.FULL || fault == Fault.UNWRITABLE;
    }
}
