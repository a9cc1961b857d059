package dev.coffer.aws.s3;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;

/**
 * What keeps a version from being deleted.
 *
 * @param retention empty if there is none, or none any more
 * @param held whether a legal hold is on it
 */
record ObjectLock(Optional<Retention> retention, boolean held) {
    static final ObjectLock NONE = new ObjectLock(Optional.empty(), false);

    /**
     * Until when a version stays.
     *
     * @param mode GOVERNANCE or COMPLIANCE
     */
    record Retention(String mode, Instant until) {}

    /** The lock as it was captured, and never longer; a retention that is over by now is none. */
    static ObjectLock of(Map<String, String> headers, Instant now) {
        var retention = until(headers)
                .filter(now::isBefore)
                .flatMap(until -> Optional.ofNullable(headers.get(ObjectFacts.LOCK_MODE))
                        .map(mode -> new Retention(mode, until)));
        return new ObjectLock(retention, "ON".equalsIgnoreCase(headers.get(ObjectFacts.LEGAL_HOLD)));
    }

    private static Optional<Instant> until(Map<String, String> headers) {
        try {
            return Optional.ofNullable(headers.get(ObjectFacts.LOCK_UNTIL)).map(Instant::parse);
        } catch (DateTimeParseException notTime) {
            return Optional.empty();
        }
    }

    boolean isNone() {
        return equals(NONE);
    }

    /** What it is, in words. */
    String told() {
        var parts = new ArrayList<String>();
        retention.ifPresent(one -> parts.add("retention (" + Shown.text(one.mode()) + " until " + one.until() + ")"));
        if (held) {
            parts.add("legal hold");
        }
        return String.join(" and ", parts);
    }
}
