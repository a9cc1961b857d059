package dev.coffer.core.repository;

/** A repository could not do what it was asked. Messages name what is affected, never a secret. */
public abstract sealed class RepositoryException extends RuntimeException {
    private RepositoryException(String message) {
        super(message);
    }

    private RepositoryException(String message, Throwable cause) {
        super(message, cause);
    }

    /** There is no such recovery point, or no vault at that place. */
    public static final class NotFound extends RepositoryException {
        public NotFound(String what) {
            super(what + " was not found in the vault's storage");
        }
    }

    /** The recovery point was deleted, and is not to come back: a write of its id commits nothing. */
    public static final class Forgotten extends RepositoryException {
        public Forgotten(SessionId id) {
            super("recovery point " + id + " was deleted and cannot be written");
        }
    }

    /** Stored bytes are not what was written: a failed authentication, a wrong digest, a broken structure. */
    public static final class Corrupt extends RepositoryException {
        public Corrupt(String what) {
            super("damage in the vault's storage: " + what);
        }

        public Corrupt(String what, Throwable cause) {
            super("damage in the vault's storage: " + what, cause);
        }
    }

    /** The storage belongs to another vault than the catalog says. */
    public static final class OtherVault extends RepositoryException {
        public OtherVault(String what) {
            super(what);
        }
    }

    /** The storage of a vault that is to be made holds recovery points already. */
    public static final class Occupied extends RepositoryException {
        public Occupied(String what) {
            super(what);
        }
    }

    /** The storage was written in a format that this version cannot read. */
    public static final class UnknownFormat extends RepositoryException {
        public UnknownFormat(String what) {
            super(what);
        }
    }
}
