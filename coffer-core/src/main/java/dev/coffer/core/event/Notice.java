package dev.coffer.core.event;

import java.util.Map;

/**
 * A text for an SNS topic.
 *
 * @param attributes what subscribers filter by, all strings
 */
public record Notice(String subject, String message, Map<String, String> attributes) {
    public Notice {
        attributes = Map.copyOf(attributes);
    }
}
