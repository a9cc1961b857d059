package dev.coffer.core.event;

/** A message was not taken. The text is for the person who looks after the target, and holds no secret. */
public final class DeliveryException extends RuntimeException {
    private final boolean unanswered;

    /** The target was not reached, or has refused: it does not have the message. */
    public DeliveryException(String message) {
        super(message);
        this.unanswered = false;
    }

    /**
     * @param unanswered whether the target may have the message all the same: it was sent, and no answer came
     */
    public DeliveryException(String message, boolean unanswered, Throwable cause) {
        super(message, cause);
        this.unanswered = unanswered;
    }

    /** Whether the target may have the message all the same. */
    public boolean isUnanswered() {
        return unanswered;
    }
}
