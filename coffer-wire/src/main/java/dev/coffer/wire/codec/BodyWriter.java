package dev.coffer.wire.codec;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** Writes the body members of an SDK object as JSON. What was never set is left out; an empty list that was set stays. */
final class BodyWriter {
    private final JsonGenerator json;

    private BodyWriter(JsonGenerator json) {
        this.json = json;
    }

    static byte[] write(JsonFactory factory, SdkPojo pojo) {
        return object(factory, json -> new BodyWriter(json).members(pojo));
    }

    /** One JSON object with these members, text or number, in the map's order. */
    static byte[] write(JsonFactory factory, Map<String, Object> members) {
        return object(
                factory,
                json -> members.forEach((name, value) -> {
                    json.writeName(name);
                    if (value instanceof Number number) {
                        json.writeNumber(number.longValue());
                    } else {
                        json.writeString(Surrogates.replaced(value.toString()));
                    }
                }));
    }

    /** The value of a field as it would travel; empty when the field was never set. */
    static Optional<Object> valueOf(SdkField<?> field, SdkPojo pojo) {
        @Nullable Object value = field.getValueOrDefault(pojo);
        return value == null || value instanceof SdkAutoConstructList || value instanceof SdkAutoConstructMap
                ? Optional.empty()
                : Optional.of(value);
    }

    private static byte[] object(JsonFactory factory, Consumer<JsonGenerator> members) {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.configure(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN, true);
            json.writeStartObject();
            members.accept(json);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private void members(SdkPojo pojo) {
        for (SdkField<?> field : pojo.sdkFields()) {
            if (field.location() == MarshallLocation.PAYLOAD) {
                valueOf(field, pojo).ifPresent(value -> {
                    json.writeName(field.locationName());
                    value(value);
                });
            }
        }
    }

    private void value(@Nullable Object value) {
        switch (value) {
            case null -> json.writeNull();
            case String text -> json.writeString(Surrogates.replaced(text));
            case Boolean truth -> json.writeBoolean(truth);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Instant instant -> json.writeNumber(Timestamps.toEpochSeconds(instant));
            case List<?> list -> {
                json.writeStartArray();
                list.forEach(this::value);
                json.writeEndArray();
            }
            case Map<?, ?> map -> {
                json.writeStartObject();
                map.forEach((key, element) -> {
                    json.writeName(Surrogates.replaced(String.valueOf(key)));
                    value(element);
                });
                json.writeEndObject();
            }
            case SdkPojo pojo -> {
                json.writeStartObject();
                members(pojo);
                json.writeEndObject();
            }
            default -> throw new IllegalStateException("no member of the model holds a " + value.getClass());
        }
    }
}
