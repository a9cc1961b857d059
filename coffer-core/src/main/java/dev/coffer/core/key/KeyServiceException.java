package dev.coffer.core.key;

/**
 * What holds the wrapping key did not do its work: a key service that cannot be reached or refuses, a token that is away. Says nothing about the data key. The message tells what, why and
 * the next step, and no secret.
 */
public final class KeyServiceException extends RuntimeException {
    private final boolean retryable;

    public KeyServiceException(String message, boolean retryable) {
        super(message);
        this.retryable = retryable;
    }

    public KeyServiceException(String message, boolean retryable, Throwable cause) {
        super(message, cause);
        this.retryable = retryable;
    }

    /** Whether the same call may succeed later without anybody changing anything on purpose. */
    public boolean retryable() {
        return retryable;
    }
}
