package dev.coffer.core.connector;

import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.CaptureSummary.Skipped;
import dev.coffer.core.repository.ItemPath;
import java.util.ArrayList;
import java.util.List;

/** Counts items that did not come through a capture or a restore as they are, and names the first of them. Safe for many threads; its own monitor is the lock. */
public final class Findings {
    private final List<Skipped> named = new ArrayList<>();
    private long count;

    /** Counts an item, and names it if few were named before. */
    public synchronized void add(ItemPath path, String reason) {
        count++;
        if (named.size() < CaptureSummary.NAMED_AT_MOST) {
            named.add(new Skipped(path, reason));
        }
    }

    /** All that were counted. */
    public synchronized long count() {
        return count;
    }

    /** The first of them. */
    public synchronized List<Skipped> named() {
        return List.copyOf(named);
    }
}
