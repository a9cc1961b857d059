package dev.coffer.cli.rescue;

/** A rescue command cannot do what it was asked; the message says what, why and the next step. */
public final class RescueException extends RuntimeException {
    /** The exit code for a wrong or missing key. */
    public static final int WRONG_KEY = 12;

    /** The exit code for damage. */
    public static final int DAMAGED = 3;

    /** The exit code for what cannot be found or written. */
    public static final int FAILED = 1;

    private final int exitCode;

    RescueException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
