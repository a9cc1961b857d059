package dev.coffer.engine.recoverypoint;

import dev.coffer.core.catalog.View;
import dev.coffer.core.continuous.Window;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the status message of a continuous backup says: which moments can be restored, and what is in the way of more. AWS's shapes have no other place for it. */
final class ContinuousText {
    private static final int NAMED = 5;

    private ContinuousText() {}

    static Optional<String> of(View view, RecoveryPoint point, Instant now) {
        return view.continuous().find(point.scope(), point.vault(), point.arn()).map(series -> {
            var windows = view.continuous().outline(series).windows(series.oldest(now));
            return windowsText(windows)
                    + series.standing().message().map(why -> " " + why).orElse("");
        });
    }

    private static String windowsText(List<Window> windows) {
        if (windows.isEmpty()) {
            return "No moment can be restored yet.";
        }
        var last = windows.subList(Math.max(0, windows.size() - NAMED), windows.size());
        return "Every second can be restored "
                + last.stream()
                        .map(window -> "from " + window.earliest() + " to " + window.latest())
                        .collect(Collectors.joining(", and "))
                + (last.size() < windows.size() ? ", and in earlier windows." : ".")
                + last.stream()
                        .filter(window -> !window.isCertain())
                        .reduce((_, latest) -> latest)
                        .map(window -> " Seconds after " + window.checked()
                                + " are as the source has told of them; its next full look makes them certain.")
                        .orElse("");
    }
}
