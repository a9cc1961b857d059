package dev.coffer.engine.event;

import dev.coffer.core.event.EventSink;
import java.util.List;
import java.util.function.Supplier;

/** Says who gets events at the moment. */
@FunctionalInterface
public interface Recipients {
    /**
     * One who gets events.
     *
     * @param name the sink's name
     * @param likeness equal as long as the sink that was opened can go on
     */
    record Recipient(String name, Object likeness, Supplier<EventSink> open) {}

    /** All of them, each name once. */
    List<Recipient> now();
}
