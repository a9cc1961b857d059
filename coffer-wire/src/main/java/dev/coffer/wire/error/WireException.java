package dev.coffer.wire.error;

/** A request that ends with this error. It has no stack trace: it is an answer, not a bug. */
public final class WireException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient WireError error;

    public WireException(WireError error) {
        super(error.type() + ": " + error.message(), null, false, false);
        this.error = error;
    }

    public WireError error() {
        return error;
    }
}
