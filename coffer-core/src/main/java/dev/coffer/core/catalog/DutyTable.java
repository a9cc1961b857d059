package dev.coffer.core.catalog;

import dev.coffer.core.job.RunnerId;
import java.time.Instant;

/** Duties that one process at a time has, of all that share the catalog. */
public interface DutyTable {
    /**
     * Takes the duty until the moment, or keeps it longer. It is free if nobody has it, if its time is over, or if an earlier start of the same node has it, which is dead.
     *
     * @return false, and nothing changes, if another process has it
     */
    boolean take(String name, RunnerId holder, Instant now, Instant until);

    /** Whether nobody has taken the duty since the holder did. Its time may be over. */
    boolean isHeld(String name, RunnerId holder);

    /** Lets another process take the duty at once; nothing happens if the holder does not have it. */
    void release(String name, RunnerId holder);
}
