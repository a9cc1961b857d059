package dev.coffer.core.catalog;

import dev.coffer.core.event.Event;
import java.util.List;

/** Reads committed events in the order of their commits. */
public interface OutboxRows {
    /** An event and its place. */
    record Entry(long position, Event event) {}

    /** Events behind the position. */
    List<Entry> after(long position, int limit);

    /** The last position that the sink has taken; 0 at first. */
    long positionOf(String sink);
}
