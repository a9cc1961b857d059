package dev.coffer.cli.continuous;

import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** Times and how long they are, for people. */
final class Spans {
    private Spans() {}

    static String text(JsonNode node, String member) {
        return node.has(member) ? node.get(member).asString() : "-";
    }

    static String lag(JsonNode backup) {
        return backup.has("LagSeconds")
                ? shown(Duration.ofSeconds(backup.get("LagSeconds").asLong()))
                : "-";
    }

    /** The two largest units: 40s, 2m 5s, 3h 20m, 6d 2h. */
    static String shown(Duration span) {
        if (span.toDays() > 0) {
            return span.toDays() + "d " + span.toHoursPart() + "h";
        }
        if (span.toHours() > 0) {
            return span.toHours() + "h " + span.toMinutesPart() + "m";
        }
        return span.toMinutes() > 0 ? span.toMinutes() + "m " + span.toSecondsPart() + "s" : span.toSeconds() + "s";
    }
}
