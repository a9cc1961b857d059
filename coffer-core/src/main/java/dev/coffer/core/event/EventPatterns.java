package dev.coffer.core.event;

import dev.coffer.core.problem.Refused;

/** Understands event patterns of EventBridge. */
public interface EventPatterns {
    /** What a pattern decides. Safe for many threads. */
    interface Pattern {
        /** Whether the event, in its JSON, matches. */
        boolean matches(String eventJson);
    }

    /**
     * Reads a pattern.
     *
     * @throws Refused INVALID_PARAMETER_VALUE if it is none, or would be too expensive
     */
    Pattern compile(String json);
}
