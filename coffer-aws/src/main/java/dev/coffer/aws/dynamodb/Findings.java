package dev.coffer.aws.dynamodb;

import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.CaptureSummary.Skipped;
import dev.coffer.core.repository.ItemPath;
import java.util.ArrayList;
import java.util.List;

/** Counts what was not restored as it was, and names the first of it. Safe for many threads; its own monitor is the lock. */
final class Findings {
    private final List<Skipped> named = new ArrayList<>();
    private long count;

    synchronized void add(ItemPath path, String reason) {
        count++;
        if (named.size() < CaptureSummary.NAMED_AT_MOST) {
            named.add(new Skipped(path, reason));
        }
    }

    synchronized long count() {
        return count;
    }

    synchronized List<Skipped> named() {
        return List.copyOf(named);
    }
}
