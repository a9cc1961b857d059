package dev.coffer.repository.key;

/** A key file is not what it should be. The message names the file and what is wrong with it, never what it holds. */
public final class BrokenKeyFile extends RuntimeException {
    public BrokenKeyFile(String message) {
        super(message);
    }

    public BrokenKeyFile(String message, Throwable cause) {
        super(message, cause);
    }
}
