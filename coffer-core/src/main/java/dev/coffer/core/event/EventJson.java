package dev.coffer.core.event;

import dev.coffer.core.arn.Arn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The JSON of events: EventBridge's envelope of version 0. The same event has the same text each time. */
public final class EventJson {
    private EventJson() {}

    /** The event in its envelope. The time has seconds (AWS). */
    public static String of(Event event) {
        var envelope = new LinkedHashMap<String, Object>();
        envelope.put("version", "0");
        envelope.put("id", event.id().toString());
        envelope.put("detail-type", event.detailType());
        envelope.put("source", event.source());
        envelope.put("account", event.scope().account().value());
        envelope.put("time", event.at().truncatedTo(ChronoUnit.SECONDS).toString());
        envelope.put("region", event.scope().region().value());
        envelope.put("resources", event.resources().stream().map(Arn::toString).toList());
        envelope.put("detail", new TreeMap<>(event.detail()));
        return text(envelope);
    }

    /** What happened, without the envelope. */
    public static String detail(Event event) {
        return text(new TreeMap<>(event.detail()));
    }

    /** The text of a map of strings, numbers, booleans, lists and maps of them; in the map's order. */
    public static String text(Map<String, ?> object) {
        var out = new StringBuilder();
        write(out, object);
        return out.toString();
    }

    private static void write(StringBuilder out, Object value) {
        switch (value) {
            case String text -> quote(out, text);
            case Boolean yes -> out.append(yes.booleanValue());
            case Integer number -> out.append(number.intValue());
            case Long number -> out.append(number.longValue());
            case BigInteger number -> out.append(number);
            case Double number -> out.append(BigDecimal.valueOf(number).toPlainString());
            case Map<?, ?> map -> {
                out.append('{');
                for (Iterator<? extends Map.Entry<?, ?>> entries =
                                map.entrySet().iterator();
                        entries.hasNext(); ) {
                    var entry = entries.next();
                    quote(out, String.valueOf(entry.getKey()));
                    out.append(':');
                    write(out, entry.getValue());
                    out.append(entries.hasNext() ? "," : "");
                }
                out.append('}');
            }
            case List<?> list -> {
                out.append('[');
                for (Iterator<?> each = list.iterator(); each.hasNext(); ) {
                    write(out, each.next());
                    out.append(each.hasNext() ? "," : "");
                }
                out.append(']');
            }
            default -> throw new IllegalStateException("no JSON for " + value.getClass());
        }
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    // The last two are no characters, and SQS refuses a message that has one.
                    if (c < ' ' || c == '\u2028' || c == '\u2029' || c >= '\ufffe' || isLone(text, i)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** Half a surrogate pair, which UTF-8 cannot carry. */
    private static boolean isLone(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }
}
