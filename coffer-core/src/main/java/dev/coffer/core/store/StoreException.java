package dev.coffer.core.store;

/** A store could not do what it was asked. Messages name the key and the cause, never a secret. */
public abstract sealed class StoreException extends RuntimeException {
    private StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    private StoreException(String message) {
        super(message);
    }

    /** Whether the same call may succeed later. */
    public boolean retryable() {
        return false;
    }

    /** No blob has the key. */
    public static final class NotFound extends StoreException {
        public NotFound(BlobKey key) {
            super("no blob " + key);
        }
    }

    /** A blob has the key already; it was not changed. */
    public static final class AlreadyExists extends StoreException {
        public AlreadyExists(BlobKey key) {
            super("blob " + key + " exists");
        }
    }

    /** The range goes past the end of the blob. */
    public static final class OutOfRange extends StoreException {
        public OutOfRange(BlobKey key, ByteRange range, long size) {
            super("blob " + key + " has " + size + " bytes, not " + range.offset() + "+" + range.length());
        }
    }

    /** The blob may not be deleted yet. */
    public static final class Retained extends StoreException {
        public Retained(BlobKey key) {
            super("blob " + key + " is retained");
        }
    }

    /** The store lacks the capability. */
    public static final class Unsupported extends StoreException {
        public Unsupported(Capability capability) {
            super("the store cannot enforce " + capability);
        }
    }

    /** The store refuses the credentials or the permissions. */
    public static final class Denied extends StoreException {
        public Denied(String what, Throwable cause) {
            super(what, cause);
        }
    }

    /** The store cannot answer now: a full disk, an I/O error, an unreachable endpoint. */
    public static final class Unavailable extends StoreException {
        public Unavailable(String what, Throwable cause) {
            super(what, cause);
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }
}
