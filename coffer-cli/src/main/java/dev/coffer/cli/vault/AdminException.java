package dev.coffer.cli.vault;

/** A command about a server's vaults cannot do what it was asked; the message says what, why and the next step. */
public final class AdminException extends RuntimeException {
    AdminException(String message) {
        super(message);
    }
}
