package dev.coffer.engine.clock;

import dev.coffer.core.clock.TimeReading;
import java.util.List;

/** Sources of time outside this host. */
@FunctionalInterface
public interface TimeWitnesses {
    /** No outside source. */
    TimeWitnesses NONE = List::of;

    /** What those that answer say now. Takes a few seconds at most. */
    List<TimeReading> readings() throws InterruptedException;
}
