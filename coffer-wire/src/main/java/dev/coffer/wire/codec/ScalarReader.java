package dev.coffer.wire.codec;

import dev.coffer.wire.AwsService;
import dev.coffer.wire.Echo;
import dev.coffer.wire.PercentCoding;
import dev.coffer.wire.error.WireError;
import dev.coffer.wire.error.WireException;
import dev.coffer.wire.model.ServiceModel;
import dev.coffer.wire.model.Shape.Member;
import dev.coffer.wire.route.Operation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.core.traits.ListTrait;

/** Reads labels and query parameters into a request builder. Query keys match without regard to case. */
final class ScalarReader {
    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,30}(\\.0{1,30})?");
    private static final String TIME = "must be a time as ISO 8601 with zone or epoch seconds, in the years 1 to 9999";

    private final ServiceModel model;
    private final Operation operation;

    ScalarReader(ServiceModel model, Operation operation) {
        this.model = model;
        this.operation = operation;
    }

    void read(Map<String, String> labels, Optional<String> rawQuery, SdkPojo builder) {
        Map<String, List<String>> query = parse(rawQuery);
        for (SdkField<?> field : builder.sdkFields()) {
            List<String> texts = switch (field.location()) {
                case PATH ->
                    Optional.ofNullable(labels.get(field.locationName())).stream()
                            .toList();
                case QUERY_PARAM -> query.getOrDefault(field.locationName().toLowerCase(Locale.ROOT), List.of());
                case PAYLOAD -> List.of();
                case HEADER, GREEDY_PATH, STATUS_CODE ->
                    throw new IllegalStateException("no request of the model binds " + field.location());
            };
            if (!texts.isEmpty()) {
                field.set(builder, value(field, texts));
            }
        }
    }

    /** Lower-case key to decoded values, for the keys that the operation knows. */
    private Map<String, List<String>> parse(Optional<String> rawQuery) {
        var values = new HashMap<String, List<String>>();
        for (String pair : rawQuery.map(raw -> raw.split("&", -1)).orElseGet(() -> new String[0])) {
            int equals = pair.indexOf('=');
            String rawKey = equals < 0 ? pair : pair.substring(0, equals);
            String rawValue = equals < 0 ? "" : pair.substring(equals + 1);
            String key = PercentCoding.decode(rawKey).orElse("").toLowerCase(Locale.ROOT);
            if (!key.isEmpty() && known(key)) {
                String value = PercentCoding.decode(rawValue)
                        .orElseThrow(() -> refused(Echo.of(key) + " is not percent-encoded UTF-8."));
                values.computeIfAbsent(key, _ -> new ArrayList<>()).add(value);
            }
        }
        return values;
    }

    private Object value(SdkField<?> field, List<String> texts) {
        if (field.marshallingType().getKnownType() == MarshallingKnownType.LIST) {
            SdkField<?> element = field.getRequiredTrait(ListTrait.class).memberFieldInfo();
            return texts.stream().map(text -> value(element, text)).toList();
        }
        if (texts.size() > 1) {
            throw refused("The query parameter " + field.locationName() + " is given more than once.");
        }
        return value(field, texts.getFirst());
    }

    private boolean known(String lowerCaseKey) {
        return operation.model().input().stream()
                .flatMap(input -> model.structure(input).members().values().stream())
                .anyMatch(member -> member.wireName().toLowerCase(Locale.ROOT).equals(lowerCaseKey));
    }

    private Object value(SdkField<?> field, String text) {
        String name = field.memberName();
        return switch (field.marshallingType().getKnownType()) {
            case STRING -> text;
            case INTEGER -> Math.toIntExact(whole(name, text, Integer.SIZE));
            case LONG -> whole(name, text, Long.SIZE);
            case BOOLEAN ->
                switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw refused(name + " must be true or false, not " + Echo.quoted(text) + ".");
                };
            case INSTANT ->
                Timestamps.ofText(text)
                        .orElseThrow(() -> refused(name + " " + TIME + ", not " + Echo.quoted(text) + "."));
            case NULL, FLOAT, DOUBLE, BIG_DECIMAL, SDK_BYTES, SDK_POJO, LIST, MAP, SHORT, BYTE, DOCUMENT ->
                throw new IllegalStateException("no query parameter of the model has the type of " + name);
        };
    }

    private long whole(String name, String text, int bits) {
        Optional<String> shape = operation
                .model()
                .input()
                .map(input -> model.structure(input).members().get(name))
                .map(Member::shape);
        String objection = name + " " + WholeNumbers.rule(model, shape, bits) + ", not " + Echo.quoted(text) + ".";
        if (!WHOLE.matcher(text).matches()) {
            throw refused(objection);
        }
        return WholeNumbers.of(new BigDecimal(text), bits).orElseThrow(() -> refused(objection));
    }

    private WireException refused(String message) {
        AwsService service = operation.service();
        return new WireException(WireError.invalidValue(service, message));
    }
}
