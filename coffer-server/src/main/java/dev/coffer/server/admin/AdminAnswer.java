package dev.coffer.server.admin;

import java.util.Map;

/**
 * The answer to an {@link AdminCall}.
 *
 * @param body maps, lists, texts, numbers and yes or no, in AWS's manner of naming
 */
public record AdminAnswer(int status, Object body) {
    /** Done, with what came of it. */
    public static AdminAnswer ok(Object body) {
        return new AdminAnswer(200, body);
    }

    /** An answer that only says something. */
    public static AdminAnswer message(int status, String message) {
        return new AdminAnswer(status, Map.of("Message", message));
    }
}
