package dev.coffer.cli.admin;

/** A command to a running server cannot do what it was asked; the message says what, why and the next step. */
public final class AdminException extends RuntimeException {
    public AdminException(String message) {
        super(message);
    }
}
