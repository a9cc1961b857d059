package dev.coffer.engine.job;

import dev.coffer.core.connector.Restored;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.CaptureSummary.Skipped;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a user reads about items that a completed job could not deal with as they are. */
final class Issues {
    private static final int NAMED = 3;
    private static final String FROM_COLD =
            "The recovery point was in cold storage, which takes longer to read than warm storage.";

    private Issues() {}

    /** Items that are not in the recovery point as they were. */
    static Optional<String> of(CaptureSummary summary) {
        return text(summary.skippedItems(), summary.skipped(), "captured as it is", "captured as they are");
    }

    /**
     * Items that were not restored as they were, and where the data came from, if that took longer.
     *
     * @param cold whether it was read from cold storage
     */
    static Optional<String> of(Restored restored, boolean cold) {
        var issues = text(
                restored.notRestoredItems(), restored.notRestored(), "restored as it was", "restored as they were");
        return cold ? Optional.of(issues.map(text -> text + " ").orElse("") + FROM_COLD) : issues;
    }

    private static Optional<String> text(long count, List<Skipped> first, String ofOne, String ofMany) {
        if (count == 0) {
            return Optional.empty();
        }
        var named = first.stream()
                .limit(NAMED)
                .map(item -> item.path() + " (" + item.reason() + ")")
                .collect(Collectors.joining(", "));
        long more = count - Math.min(NAMED, first.size());
        return Optional.of("Completed with issues: "
                + (count == 1 ? "1 item was not " + ofOne : count + " items were not " + ofMany) + ": " + named
                + (more > 0 ? ", and " + more + " more." : "."));
    }
}
