package dev.coffer.core.catalog;

import dev.coffer.core.event.Event;
import dev.coffer.core.event.SinkState;
import java.time.Instant;

/** Changes the outbox. */
public interface OutboxTable extends OutboxRows {
    void append(Event event);

    /** Stores how the sink goes; a sink is known from its first state on. */
    void put(SinkState state);

    /** Forgets the sink, so that it holds no events back; absent counts as done. */
    void forget(String sink);

    /** Removes events from before the moment that every known sink has taken. */
    int deleteBefore(Instant moment);
}
