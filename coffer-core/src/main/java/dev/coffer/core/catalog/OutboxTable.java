package dev.coffer.core.catalog;

import dev.coffer.core.event.Event;
import java.time.Instant;

/** Changes the outbox. */
public interface OutboxTable extends OutboxRows {
    void append(Event event);

    /** Stores how far the sink has come. */
    void advance(String sink, long position);

    /** Removes events from before the moment that every known sink has taken. */
    int deleteBefore(Instant moment);
}
