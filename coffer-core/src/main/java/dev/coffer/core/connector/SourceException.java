package dev.coffer.core.connector;

/** The resource could not be read or written. The message is for the user: what, why, next step; it becomes the job's status message. */
public abstract sealed class SourceException extends RuntimeException {
    private SourceException(String message) {
        super(message);
    }

    private SourceException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether the same call may succeed later. */
    public abstract boolean retryable();

    /** The resource is not there. */
    public static final class NotFound extends SourceException {
        public NotFound(String message) {
            super(message);
        }

        @Override
        public boolean retryable() {
            return false;
        }
    }

    /** The resource is there and cannot be used now. */
    public static final class Unavailable extends SourceException {
        public Unavailable(String message, Throwable cause) {
            super(message, cause);
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }

    /** What was asked cannot be done: a target that exists, an item that is not in the point, a permission that is missing. */
    public static final class Impossible extends SourceException {
        public Impossible(String message) {
            super(message);
        }

        public Impossible(String message, Throwable cause) {
            super(message, cause);
        }

        @Override
        public boolean retryable() {
            return false;
        }
    }
}
