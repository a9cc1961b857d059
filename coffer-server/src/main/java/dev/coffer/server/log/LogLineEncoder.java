package dev.coffer.server.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * One JSON object per line: {@code ts level event msg node version} and the facts of the line by their own names. Control characters arrive escaped. {@code event} is the stable name of what happened, from the key-value {@code event}, or
 * {@code log}.
 */
public final class LogLineEncoder extends EncoderBase<ILoggingEvent> {
    private static final JsonFactory JSON = JsonFactory.builder().build();

    private final String node;
    private final String version;

    public LogLineEncoder(String node, String version) {
        this.node = node;
        this.version = version;
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        var line = new StringWriter(256);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), line)) {
            json.writeStartObject();
            json.writeStringProperty(
                    "ts", Instant.ofEpochMilli(event.getTimeStamp()).toString());
            json.writeStringProperty("level", event.getLevel().toString().toLowerCase(Locale.ROOT));
            json.writeStringProperty("event", eventName(event));
            json.writeStringProperty("msg", event.getFormattedMessage());
            json.writeStringProperty("node", node);
            json.writeStringProperty("version", version);
            json.writeStringProperty("logger", event.getLoggerName());
            for (var fact : event.getMDCPropertyMap().entrySet()) {
                json.writeStringProperty(fact.getKey(), fact.getValue());
            }
            var pairs = event.getKeyValuePairs();
            if (pairs != null) {
                for (var pair : pairs) {
                    if (!pair.key.equals("event")) {
                        write(json, pair.key, pair.value);
                    }
                }
            }
            IThrowableProxy thrown = event.getThrowableProxy();
            if (thrown != null) {
                json.writeStringProperty("exception", ThrowableProxyUtil.asString(thrown));
            }
            json.writeEndObject();
        }
        return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String eventName(ILoggingEvent event) {
        var pairs = event.getKeyValuePairs();
        if (pairs != null) {
            for (var pair : pairs) {
                if (pair.key.equals("event")) {
                    return Objects.toString(pair.value);
                }
            }
        }
        return "log";
    }

    private static void write(JsonGenerator json, String key, Object value) {
        switch (value) {
            case Long number -> json.writeNumberProperty(key, number);
            case Integer number -> json.writeNumberProperty(key, number);
            case Double number -> json.writeNumberProperty(key, number);
            case Boolean bool -> json.writeBooleanProperty(key, bool);
            case null -> json.writeNullProperty(key);
            default -> json.writeStringProperty(key, value.toString());
        }
    }
}
