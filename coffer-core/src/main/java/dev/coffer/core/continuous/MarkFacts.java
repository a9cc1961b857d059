package dev.coffer.core.continuous;

import dev.coffer.core.connector.FeedMark;
import dev.coffer.core.connector.FeedPosition;
import dev.coffer.core.repository.Manifest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the manifest of a mark says of its place in a series, as texts among the facts of its description. The description's ARN names the series, so the vault alone is enough to find its marks again.
 *
 * @param firstSession the session of the series' mark 1
 * @param number of the mark
 * @param gap why the history before a base is lost; empty but after a gap
 * @param after the moment up to which the marks before it reach; what lies between it and the mark is covered, unless the mark is a base
 */
public record MarkFacts(
        String firstSession,
        long number,
        boolean base,
        FeedMark.Kind kind,
        FeedPosition position,
        Optional<String> gap,
        Instant after) {
    private static final String SERIES = "Continuous/Series";
    private static final String NUMBER = "Continuous/Number";
    private static final String BASE = "Continuous/Base";
    private static final String KIND = "Continuous/Kind";
    private static final String TOKEN = "Continuous/Position";
    private static final String REACHED = "Continuous/Reached";
    private static final String CHECKED = "Continuous/Checked";
    private static final String GAP = "Continuous/Gap";
    private static final String AFTER = "Continuous/After";

    /** The facts as texts, besides the given ones. */
    public Map<String, String> addTo(Map<String, String> facts) {
        var map = new TreeMap<>(facts);
        map.put(SERIES, firstSession);
        map.put(NUMBER, Long.toString(number));
        map.put(BASE, Boolean.toString(base));
        map.put(KIND, kind.name());
        map.put(TOKEN, position.token());
        map.put(REACHED, position.reached().toString());
        if (position.checked().isBefore(position.reached())) {
            map.put(CHECKED, position.checked().toString());
        }
        gap.ifPresent(why -> map.put(GAP, why));
        map.put(AFTER, after.toString());
        return map;
    }

    /**
     * The facts among the texts; empty for a point that is no mark.
     *
     * @throws IllegalArgumentException if a text is not one that {@link #addTo} makes
     */
    public static Optional<MarkFacts> of(Map<String, String> facts) {
        if (!facts.containsKey(SERIES)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new MarkFacts(
                    text(facts, SERIES),
                    Long.parseLong(text(facts, NUMBER)),
                    Boolean.parseBoolean(text(facts, BASE)),
                    FeedMark.Kind.valueOf(text(facts, KIND)),
                    position(facts),
                    Optional.ofNullable(facts.get(GAP)),
                    Instant.parse(text(facts, AFTER))));
        } catch (DateTimeException wrong) {
            throw new IllegalArgumentException("a moment of a mark is none", wrong);
        }
    }

    private static FeedPosition position(Map<String, String> facts) {
        var reached = text(facts, REACHED);
        return new FeedPosition(
                text(facts, TOKEN), Instant.parse(reached), Instant.parse(facts.getOrDefault(CHECKED, reached)));
    }

    private static String text(Map<String, String> facts, String name) {
        return Optional.ofNullable(facts.get(name)).orElseThrow(() -> new IllegalArgumentException("no " + name));
    }

    /** The mark that a manifest tells of. A base stands for the moment of its image, which is not before the position from which following goes on. */
    public Mark mark(Manifest manifest) {
        var imageAt = manifest.summary().consistentAt();
        var at = base && imageAt.isAfter(position.reached()) ? imageAt : position.reached();
        return new Mark(number, base, kind, position, at, at, base ? at : position.checked(), gap);
    }
}
