package dev.coffer.engine.maintenance;

import dev.coffer.core.repository.PackRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How far the rotation of verification is: a walk through all packs by their names, in slices as wide as the time since the last one is long, so that every byte is read within the period also
 * when slices were missed. The clock only sets the pace: whatever it shows, slices follow each other and leave nothing out.
 *
 * @param cursor where the next slice begins, in 65536ths
 * @param at when the last slice was read
 */
record Rotation(int cursor, Instant at) {
    // So that a slice that comes late, or takes long, does not break the promise: of 30 days, 4 are to spare.
    private static final double SHARE_OF_PERIOD = 0.85;

    /**
     * The next slice: one range, or two where it begins again with the first packs.
     *
     * @param usual the time between two slices, for the first of all
     */
    static List<PackRange> next(Optional<Rotation> last, Instant now, Duration period, Duration usual) {
        int from = last.map(Rotation::cursor).orElse(0);
        var since = last.map(rotation -> Duration.between(rotation.at, now)).orElse(usual);
        double share = Math.max(0, since.toMillis()) / (SHARE_OF_PERIOD * period.toMillis());
        int width = (int) Math.clamp((long) Math.ceil(share * PackRange.END), 1L, (long) PackRange.END);
        int beyond = from + width - PackRange.END;
        return beyond <= 0
                ? List.of(new PackRange(from, from + width))
                : List.of(new PackRange(from, PackRange.END), new PackRange(0, beyond));
    }

    /** The state when the slice has been read. */
    static Rotation after(List<PackRange> slice, Instant now) {
        int end = slice.getLast().to();
        return new Rotation(end == PackRange.END ? 0 : end, now);
    }

    String text() {
        return cursor + " " + at;
    }

    /** Empty for a text that is none, which begins the rotation anew. */
    static Optional<Rotation> of(String text) {
        var parts = text.split(" ", -1);
        try {
            return parts.length == 2
                    ? Optional.of(new Rotation(Integer.parseInt(parts[0]), Instant.parse(parts[1])))
                            .filter(rotation -> rotation.cursor >= 0 && rotation.cursor < PackRange.END)
                    : Optional.empty();
        } catch (IllegalArgumentException | java.time.DateTimeException unreadable) {
            return Optional.empty();
        }
    }
}
