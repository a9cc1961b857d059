package dev.coffer.engine.job;

import dev.coffer.core.catalog.View;
import dev.coffer.core.continuous.Mark;
import dev.coffer.core.continuous.Series;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The moment to which a continuous backup is restored, and what it needs.
 *
 * @param marks the oldest first
 */
record RestoreMoment(Instant at, Series series, List<Mark> marks) {
    static final String KEY = "restoretime";

    /**
     * Takes the moment out of the metadata, whose keys are in lower case; empty, and the metadata as it was, for a snapshot.
     *
     * @throws Refused for a moment that is missing, is none, or cannot be restored; the text names the windows
     */
    static Optional<RestoreMoment> take(View view, RecoveryPoint point, Map<String, String> metadata, Instant now) {
        var series = view.continuous().find(point.scope(), point.vault(), point.arn());
        return series.map(found -> {
            var history = view.continuous().outline(found);
            var oldest = found.oldest(now);
            var text = Optional.ofNullable(metadata.remove(KEY))
                    .filter(value -> !value.isBlank())
                    .orElseThrow(() -> new Refused(Problem.missing(
                            "The restore metadata has no RestoreTime, which a continuous recovery point needs, for"
                                    + " example 2021-11-27T03:30:27Z. It can be restored to every second of: "
                                    + history.shown(oldest) + ".")));
            var moment = parsed(text);
            var marks = view.continuous()
                    .around(found, moment)
                    .serving(moment)
                    .filter(_ -> history.windows(oldest).stream().anyMatch(window -> window.contains(moment)))
                    .orElseThrow(() -> new Refused(Problem.invalid("RestoreTime " + text
                            + " cannot be restored. The recovery point can be restored to every second of: "
                            + history.shown(oldest) + ".")));
            return new RestoreMoment(moment, found, marks);
        });
    }

    private static Instant parsed(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.SECONDS);
        } catch (DateTimeException none) {
            throw new Refused(Problem.invalid(
                    "RestoreTime is a moment with its offset, for example 2021-11-27T03:30:27Z, and not: " + text));
        }
    }
}
