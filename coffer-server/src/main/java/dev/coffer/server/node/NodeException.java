package dev.coffer.server.node;

/** The node cannot start or go on with what it has. The message says what, why and what to do. */
public final class NodeException extends RuntimeException {
    private static final int FAILED = 1;
    private static final int WRONG_KEY = 12;

    private final int exitCode;

    public NodeException(String message) {
        super(message);
        this.exitCode = FAILED;
    }

    public NodeException(String message, Throwable cause) {
        super(message, cause);
        this.exitCode = FAILED;
    }

    private NodeException(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    /** A key is missing, broken, or another one than is needed. */
    public static NodeException ofKey(String message) {
        return new NodeException(message, WRONG_KEY);
    }

    /** With what the process ends; docs/operating/cli.md lists them. */
    public int exitCode() {
        return exitCode;
    }
}
