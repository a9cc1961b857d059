package dev.coffer.host.efs;

/** One item could not be restored, for the reason in the message; the others go on. */
final class NotRestored extends Exception {
    NotRestored(String reason) {
        super(reason);
    }

    NotRestored(String reason, Throwable cause) {
        super(reason, cause);
    }
}
