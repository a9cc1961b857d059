package dev.coffer.wire.check;

import dev.coffer.wire.AwsService;
import dev.coffer.wire.Echo;
import dev.coffer.wire.FieldPath;
import dev.coffer.wire.error.WireError;
import dev.coffer.wire.model.ServiceModel;
import dev.coffer.wire.model.Shape;
import dev.coffer.wire.model.Shape.Bounds;
import dev.coffer.wire.model.Shape.ListOf;
import dev.coffer.wire.model.Shape.MapOf;
import dev.coffer.wire.model.Shape.Member;
import dev.coffer.wire.model.Shape.Moment;
import dev.coffer.wire.model.Shape.Place;
import dev.coffer.wire.model.Shape.Structure;
import dev.coffer.wire.model.Shape.Text;
import dev.coffer.wire.model.Shape.Truth;
import dev.coffer.wire.model.Shape.WholeNumber;
import dev.coffer.wire.route.Operation;
import dev.coffer.wire.route.OperationTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;

/**
 * Judges a decoded request by the constraints of the API model: required members, then lengths, ranges, enums and
 * patterns. The first objection in the order of the SDK's members is the answer, so the same request always gets the
 * same one; an absent member is objected to before any bad value.
 *
 * <p>Three patterns of the model are not taken at their word, since AWS itself sends and takes more: account ids also
 * are {@code ANY}, {@code AGGREGATE_ALL} and {@code *}; resource types hold spaces; vault names follow
 * {@link VaultNameRule}. One rule is added: labels and ARNs hold no control characters. Values of sensitive shapes are not repeated in the message.
 */
public final class ConstraintCheck {
    private static final Map<String, Pattern> WIDER_PATTERNS = Map.of(
            "AccountId", Pattern.compile("[0-9]{12}|ANY|AGGREGATE_ALL|\\*"),
            "ResourceType", Pattern.compile("[a-zA-Z0-9_. -]{1,50}"));
    /** AWS's own examples write this one in another case than the model. */
    private static final String CASELESS = "ConditionType";

    private static final String NOTIFICATION_EVENT = "BackupVaultEvent";

    private final OperationTable table;

    public ConstraintCheck(OperationTable table) {
        this.table = table;
    }

    /** The first objection to the request; empty when the model has none. */
    public Optional<WireError> check(Operation operation, AwsRequest request) {
        Optional<String> input = operation.model().input();
        if (input.isEmpty()) {
            return Optional.empty();
        }
        ServiceModel model = table.model(operation.service());
        Structure structure = model.structure(input.get());
        return new Missing(operation, model)
                .in(structure, request, new FieldPath.Root())
                .or(() -> new Values(operation, model).in(structure, request, new FieldPath.Root()));
    }

    private static Optional<Object> present(SdkField<?> field, SdkPojo pojo) {
        Object value = field.getValueOrDefault(pojo);
        return value == null || value instanceof SdkAutoConstructList || value instanceof SdkAutoConstructMap
                ? Optional.empty()
                : Optional.of(value);
    }

    /** A walk over all members that are present, stopped by the first objection. */
    private abstract static class Walk {
        final Operation operation;
        final ServiceModel model;

        Walk(Operation operation, ServiceModel model) {
            this.operation = operation;
            this.model = model;
        }

        final Optional<WireError> in(Structure structure, SdkPojo pojo, FieldPath path) {
            Optional<WireError> objection = structure(structure, pojo, path);
            for (SdkField<?> field : pojo.sdkFields()) {
                Member member = structure.members().get(field.memberName());
                if (objection.isPresent()) {
                    return objection;
                }
                if (member != null) {
                    objection = present(field, pojo)
                            .flatMap(value -> value(
                                    Optional.of(member),
                                    model.shape(member.shape()),
                                    value,
                                    path.member(member.name())));
                }
            }
            return objection;
        }

        private Optional<WireError> value(Optional<Member> member, Shape shape, Object value, FieldPath path) {
            Optional<WireError> objection = leaf(member, shape, value, path);
            if (objection.isPresent()) {
                return objection;
            }
            return switch (shape) {
                case Structure inner when value instanceof SdkPojo pojo -> in(inner, pojo, path);
                case ListOf list when value instanceof List<?> elements -> elements(list, elements, path);
                case MapOf map when value instanceof Map<?, ?> entries -> entries(map, entries, path);
                case Structure _, ListOf _, MapOf _, Text _, WholeNumber _, Truth _, Moment _ -> Optional.empty();
            };
        }

        private Optional<WireError> elements(ListOf list, List<?> elements, FieldPath path) {
            Shape of = model.shape(list.of());
            for (int at = 0; at < elements.size(); at++) {
                Optional<WireError> objection = value(Optional.empty(), of, elements.get(at), path.element(at));
                if (objection.isPresent()) {
                    return objection;
                }
            }
            return Optional.empty();
        }

        private Optional<WireError> entries(MapOf map, Map<?, ?> entries, FieldPath path) {
            for (Map.Entry<?, ?> entry : entries.entrySet()) {
                Optional<WireError> objection = value(
                                Optional.empty(), model.shape(map.key()), entry.getKey(), path.key())
                        .or(() -> value(Optional.empty(), model.shape(map.of()), entry.getValue(), path.entry()));
                if (objection.isPresent()) {
                    return objection;
                }
            }
            return Optional.empty();
        }

        abstract Optional<WireError> structure(Structure structure, SdkPojo pojo, FieldPath path);

        abstract Optional<WireError> leaf(Optional<Member> member, Shape shape, Object value, FieldPath path);
    }

    private static final class Missing extends Walk {
        Missing(Operation operation, ServiceModel model) {
            super(operation, model);
        }

        @Override
        Optional<WireError> structure(Structure structure, SdkPojo pojo, FieldPath path) {
            for (SdkField<?> field : pojo.sdkFields()) {
                if (structure.required().contains(field.memberName())
                        && present(field, pojo).isEmpty()) {
                    return Optional.of(WireError.missingValue(
                            operation.service(),
                            path.member(field.memberName()).inWords() + " is required and must not be null."));
                }
            }
            return Optional.empty();
        }

        @Override
        Optional<WireError> leaf(Optional<Member> member, Shape shape, Object value, FieldPath path) {
            return Optional.empty();
        }
    }

    private static final class Values extends Walk {
        Values(Operation operation, ServiceModel model) {
            super(operation, model);
        }

        @Override
        Optional<WireError> structure(Structure structure, SdkPojo pojo, FieldPath path) {
            if (!structure.union()) {
                return Optional.empty();
            }
            long set = pojo.sdkFields().stream()
                    .filter(field -> present(field, pojo).isPresent())
                    .count();
            return set == 1 ? Optional.empty() : invalid(path.inWords() + " must have exactly one member, not " + set);
        }

        @Override
        Optional<WireError> leaf(Optional<Member> member, Shape shape, Object value, FieldPath path) {
            return switch (shape) {
                case Text text when value instanceof String string -> text(member, text, string, path);
                case WholeNumber number
                when value instanceof Number found && !number.range().allow(found.longValue()) ->
                    invalid(path.inWords() + " must be " + number.range().inWords() + ", not " + found);
                case ListOf list
                when value instanceof List<?> elements -> count(list.length(), elements.size(), "elements", path);
                case Structure _, ListOf _, MapOf _, Text _, WholeNumber _, Truth _, Moment _ -> Optional.empty();
            };
        }

        private Optional<WireError> text(Optional<Member> member, Text shape, String value, FieldPath path) {
            if (operation.service() == AwsService.BACKUP
                    && member.map(found -> VaultNameRule.governs(found, shape))
                            .orElse(shape.name().equals("BackupVaultName"))) {
                VaultNameRule rule = VaultNameRule.of(operation, shape);
                return rule.allows(value)
                        ? Optional.empty()
                        : invalid(path.inWords() + " must be " + rule.inWords() + ", not " + Echo.quoted(value));
            }
            if (member.map(Values::oneLine).orElse(false) && value.chars().anyMatch(Character::isISOControl)) {
                return invalid(path.inWords() + " must not hold control characters" + echo(shape, value));
            }
            int length = value.codePointCount(0, value.length());
            return count(shape.length(), length, "characters", path)
                    .or(() -> choice(shape, value, path))
                    .or(() -> pattern(shape, value, path));
        }

        /** Names, ids and ARNs: they end up in logs, events and headers of others. */
        private static boolean oneLine(Member member) {
            return member.place() == Place.URI || member.name().endsWith("Arn");
        }

        private Optional<WireError> count(Bounds bounds, int count, String of, FieldPath path) {
            return bounds.allow(count)
                    ? Optional.empty()
                    : invalid(path.inWords() + " must have " + bounds.inWords() + " " + of + ", not " + count);
        }

        private Optional<WireError> choice(Text shape, String value, FieldPath path) {
            if (shape.choices().isEmpty()
                    || shape.choices().contains(value)
                    || (shape.name().equals(CASELESS)
                            && shape.choices().stream().anyMatch(value::equalsIgnoreCase))) {
                return Optional.empty();
            }
            String choices = String.join(", ", shape.choices());
            return shape.name().equals(NOTIFICATION_EVENT)
                    // Clients match on this text of AWS.
                    ? invalid("Please select from the following list of notifications " + choices)
                    : invalid(path.inWords() + " must be one of " + choices + echo(shape, value));
        }

        private Optional<WireError> pattern(Text shape, String value, FieldPath path) {
            Optional<Pattern> pattern = shape.pattern()
                    .map(strict -> operation.service() == AwsService.BACKUP
                            ? WIDER_PATTERNS.getOrDefault(shape.name(), strict)
                            : strict);
            return pattern.isEmpty() || pattern.get().matcher(value).matches()
                    ? Optional.empty()
                    : invalid(path.inWords() + " must match " + pattern.get().pattern() + echo(shape, value));
        }

        private static String echo(Text shape, String value) {
            return shape.sensitive() ? "" : ", not " + Echo.quoted(value);
        }

        private Optional<WireError> invalid(String message) {
            return Optional.of(WireError.invalidValue(operation.service(), message + "."));
        }
    }
}
