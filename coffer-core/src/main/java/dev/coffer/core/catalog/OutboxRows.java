package dev.coffer.core.catalog;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.event.Event;
import dev.coffer.core.event.SinkState;
import java.util.List;
import java.util.Optional;

/** Reads committed events in the order of their commits, and how far the sinks have come. */
public interface OutboxRows {
    /** An event and its place. */
    record Entry(long position, Event event) {}

    /** Events behind the position. */
    List<Entry> after(long position, int limit);

    /** How many events of the scope are behind the position. */
    long countAfter(long position, Scope scope);

    /** The last position that was given; 0 at first. */
    long last();

    /** How the sink goes; empty for one that is not known. */
    Optional<SinkState> state(String sink);
}
