package dev.coffer.aws.s3;

/** A queue of notifications that cannot be read. The message is for people. */
final class QueueFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    QueueFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
