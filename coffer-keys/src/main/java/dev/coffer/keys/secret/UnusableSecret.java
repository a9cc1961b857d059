package dev.coffer.keys.secret;

/** A passphrase or PIN is missing or cannot be one. The message says where it was looked for, what is wrong and what would be right, never what it is. */
public final class UnusableSecret extends RuntimeException {
    public UnusableSecret(String message) {
        super(message);
    }

    public UnusableSecret(String message, Throwable cause) {
        super(message, cause);
    }
}
