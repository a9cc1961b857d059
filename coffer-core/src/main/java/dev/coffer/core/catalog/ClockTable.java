package dev.coffer.core.catalog;

import dev.coffer.core.clock.Heartbeat;

/** Adds to the record of the vault clock. */
public interface ClockTable extends ClockRows {
    /** Adds a line whose sequence is free. */
    void append(Heartbeat line);

    /** Removes the lines with a lower sequence. */
    void deleteBefore(long sequence);
}
