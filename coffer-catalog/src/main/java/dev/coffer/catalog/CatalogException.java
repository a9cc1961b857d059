package dev.coffer.catalog;

import java.io.Serial;

/** The catalog's file could not be opened, read or written. The message says what failed, why, and what to do next; it has no stored values. */
public final class CatalogException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final boolean retryable;

    CatalogException(String message, boolean retryable, Throwable cause) {
        super(message, cause);
        this.retryable = retryable;
    }

    /** Whether the same call may succeed later without anybody doing anything. */
    public boolean retryable() {
        return retryable;
    }
}
