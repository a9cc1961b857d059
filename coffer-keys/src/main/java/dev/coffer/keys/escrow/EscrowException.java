package dev.coffer.keys.escrow;

/** An escrow file cannot be written or does not give its data key. The message names the file, what is wrong and the next step. */
public abstract sealed class EscrowException extends RuntimeException {
    private EscrowException(String message) {
        super(message);
    }

    private EscrowException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The file cannot be read or written. */
    public static final class Inaccessible extends EscrowException {
        Inaccessible(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** There is a file of that name, and it stays as it is. */
    public static final class AlreadyExists extends EscrowException {
        AlreadyExists(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The file is no escrow file, or was changed. */
    public static final class Damaged extends EscrowException {
        Damaged(String message) {
            super(message);
        }
    }

    /** The file is whole, and of another vault. */
    public static final class OtherVault extends EscrowException {
        OtherVault(String message) {
            super(message);
        }
    }

    /** The file is whole, and the passphrase is not the one that it was written with. */
    public static final class WrongPassphrase extends EscrowException {
        WrongPassphrase(String message) {
            super(message);
        }
    }
}
