package dev.coffer.core.catalog;

import dev.coffer.core.clock.Heartbeat;
import java.util.List;
import java.util.Optional;

/** Reads the record of the vault clock. */
public interface ClockRows {
    /** The line that was written last. */
    Optional<Heartbeat> last();

    /** The last lines, the newest first. */
    List<Heartbeat> newest(int limit);
}
