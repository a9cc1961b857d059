package dev.coffer.core.plan;

import java.io.Serial;

/** A text is not a schedule expression; the message says what is wrong, without its period. */
final class NotCron extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    NotCron(String why) {
        super(why, null, false, false);
    }
}
