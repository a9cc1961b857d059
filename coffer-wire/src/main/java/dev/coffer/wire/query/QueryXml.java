package dev.coffer.wire.query;

import dev.coffer.wire.WireResponse;
import dev.coffer.wire.error.WireError;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes answers of the query protocol. */
public final class QueryXml {
    private static final Map<String, String> HEADERS = Map.of("Content-Type", "text/xml");

    private final String namespace;

    /**
     * A writer.
     *
     * @param namespace of the service's answers
     */
    public QueryXml(String namespace) {
        this.namespace = namespace;
    }

    /**
     * The answer of an action.
     *
     * @param members by name, in order: texts, and maps of members
     */
    public WireResponse answer(String action, Map<String, ?> members, String requestId) {
        var inside = new LinkedHashMap<String, Object>();
        inside.put(action + "Result", members);
        inside.put("ResponseMetadata", Map.of("RequestId", requestId));
        return written(200, action + "Response", inside);
    }

    /** The answer of an error. */
    public WireResponse error(WireError error, String requestId) {
        var described = new LinkedHashMap<String, Object>();
        described.put("Type", error.status() < 500 ? "Sender" : "Receiver");
        described.put("Code", error.type());
        described.put("Message", error.message());
        var inside = new LinkedHashMap<String, Object>();
        inside.put("Error", described);
        inside.put("RequestId", requestId);
        return written(error.status(), "ErrorResponse", inside);
    }

    private WireResponse written(int status, String root, Map<String, ?> members) {
        var xml = new StringBuilder()
                .append('<')
                .append(root)
                .append(" xmlns=\"")
                .append(namespace)
                .append("\">");
        write(xml, members);
        xml.append("</").append(root).append('>');
        return new WireResponse(status, HEADERS, xml.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void write(StringBuilder xml, Map<?, ?> members) {
        members.forEach((name, value) -> {
            xml.append('<').append(name).append('>');
            if (value instanceof Map<?, ?> inner) {
                write(xml, inner);
            } else {
                escape(xml, value.toString());
            }
            xml.append("</").append(name).append('>');
        });
    }

    /** XML cannot hold most control characters at all; they become question marks. */
    private static void escape(StringBuilder xml, String text) {
        text.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                case '&' -> xml.append("&amp;");
                case '"' -> xml.append("&quot;");
                default -> xml.appendCodePoint(isXml(c) ? c : '?');
            }
        });
    }

    private static boolean isXml(int c) {
        return c == '\t' || c == '\n' || (c >= 0x20 && c <= 0xd7ff) || (c >= 0xe000 && c <= 0xfffd) || c >= 0x10000;
    }
}
