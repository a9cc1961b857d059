package dev.coffer.aws.dynamodb;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Which items of a table are wanted. */
sealed interface KeyChoice {
    /** All of them. */
    record All() implements KeyChoice {}

    /** Those with these keys. */
    record Keys(List<Map<String, AttributeValue>> keys) implements KeyChoice {
        public Keys {
            keys = List.copyOf(keys);
        }
    }

    /** Those of one partition key, and of them those whose sort key compares like this. */
    record Condition(String partitionName, AttributeValue partition, Optional<Compare> sort) implements KeyChoice {}

    /** A comparison of a sort key. */
    record Compare(String name, Operator operator, List<AttributeValue> values) {
        public Compare {
            values = List.copyOf(values);
        }

        boolean holds(AttributeValue value) {
            if (operator == Operator.BEGINS_WITH) {
                return beginsWith(value, values.getFirst());
            }
            int first = compare(value, values.getFirst());
            return switch (operator) {
                case EQ -> first == 0;
                case LT -> first < 0;
                case LE -> first <= 0;
                case GT -> first > 0;
                case GE -> first >= 0;
                case BETWEEN -> first >= 0 && compare(value, values.getLast()) <= 0;
                case BEGINS_WITH -> throw new IllegalStateException("told above");
            };
        }

        private static boolean beginsWith(AttributeValue value, AttributeValue start) {
            return switch (value.type()) {
                case S -> value.s().startsWith(start.s());
                case B -> {
                    var bytes = value.b().asByteArrayUnsafe();
                    var first = start.b().asByteArrayUnsafe();
                    yield bytes.length >= first.length && Arrays.equals(bytes, 0, first.length, first, 0, first.length);
                }
                default -> false;
            };
        }

        private static int compare(AttributeValue one, AttributeValue other) {
            return switch (one.type()) {
                case N -> new BigDecimal(one.n()).compareTo(new BigDecimal(other.n()));
                case B ->
                    Arrays.compareUnsigned(
                            one.b().asByteArrayUnsafe(), other.b().asByteArrayUnsafe());
                default -> Arrays.compareUnsigned(ItemCodec.utf8(one.s()), ItemCodec.utf8(other.s()));
            };
        }
    }

    /** The comparisons that Query has for a sort key. */
    enum Operator {
        EQ,
        LT,
        LE,
        GT,
        GE,
        BETWEEN,
        BEGINS_WITH
    }

    /** A choice as a table's key allows it: where to look, and what to take. */
    interface Sieve {
        /** The places of partition keys to look at; empty for all. */
        Optional<Set<Long>> hashes();

        boolean takes(ItemKey key, Map<String, AttributeValue> item);

        /** Keys that were named and have not been taken. */
        List<Map<String, AttributeValue>> missing();
    }

    /**
     * The choice for a table with the key.
     *
     * @throws IllegalArgumentException if it is not one for that key; the message says why
     */
    default Sieve of(PrimaryKey key) {
        return switch (this) {
            case All() -> new Everything();
            case Keys(var wanted) -> new Named(key, wanted);
            case Condition(var name, var value, var sort) -> {
                if (!name.equals(key.partition().name())) {
                    throw new IllegalArgumentException("the partition key of the table is "
                            + key.partition().name() + ", and the condition with EQ is on " + name);
                }
                sort.ifPresent(compare -> {
                    if (key.sort()
                            .filter(part -> part.name().equals(compare.name()))
                            .isEmpty()) {
                        throw new IllegalArgumentException("the table has no sort key " + compare.name());
                    }
                    var type = key.sort().orElseThrow().type();
                    if (!compare.values().stream().allMatch(v -> v.type().name().equals(type))) {
                        throw new IllegalArgumentException("the sort key " + compare.name() + " is of type " + type);
                    }
                });
                yield new Within(key, key.hashOf(value), value, sort);
            }
        };
    }

    /** Takes all. */
    final class Everything implements Sieve {
        @Override
        public Optional<Set<Long>> hashes() {
            return Optional.empty();
        }

        @Override
        public boolean takes(ItemKey key, Map<String, AttributeValue> item) {
            return true;
        }

        @Override
        public List<Map<String, AttributeValue>> missing() {
            return List.of();
        }
    }

    /** Takes those that were named. Used by one thread. */
    final class Named implements Sieve {
        private final PrimaryKey key;
        private final Set<ItemKey> wanted = new HashSet<>();
        private final Set<Long> hashes = new HashSet<>();
        private final Set<ItemKey> missing;

        private Named(PrimaryKey key, List<Map<String, AttributeValue>> keys) {
            this.key = key;
            for (var named : keys) {
                if (named.size() != key.parts().size()) {
                    throw new IllegalArgumentException("a key of the table has "
                            + key.parts().size() + (key.parts().size() == 1 ? " attribute" : " attributes"));
                }
                var place = key.of(named);
                wanted.add(place);
                hashes.add(place.hash());
            }
            missing = new HashSet<>(wanted);
        }

        @Override
        public Optional<Set<Long>> hashes() {
            return Optional.of(hashes);
        }

        @Override
        public boolean takes(ItemKey place, Map<String, AttributeValue> item) {
            missing.remove(place);
            return wanted.contains(place);
        }

        @Override
        public List<Map<String, AttributeValue>> missing() {
            return missing.stream().map(key::attributes).toList();
        }
    }

    /** Takes those that fulfil a condition. */
    final class Within implements Sieve {
        private final PrimaryKey key;
        private final long hash;
        private final ItemKey partition;
        private final Optional<Compare> sort;

        private Within(PrimaryKey key, long hash, AttributeValue value, Optional<Compare> sort) {
            this.key = new PrimaryKey(key.partition(), Optional.empty());
            this.hash = hash;
            this.partition = this.key.of(Map.of(key.partition().name(), value));
            this.sort = sort;
        }

        @Override
        public Optional<Set<Long>> hashes() {
            return Optional.of(Set.of(hash));
        }

        @Override
        public boolean takes(ItemKey place, Map<String, AttributeValue> item) {
            return place.hash() == hash
                    && key.of(item).equals(partition)
                    && sort.stream().allMatch(compare -> {
                        var value = item.get(compare.name());
                        return value != null && compare.holds(value);
                    });
        }

        @Override
        public List<Map<String, AttributeValue>> missing() {
            return List.of();
        }
    }

    /**
     * The keys in a JSON array, for example <code>[{"id":{"S":"a"}}]</code>.
     *
     * @throws IllegalArgumentException if it is not that
     */
    static Keys keys(String json) {
        var array = tree(json);
        if (!array.isArray() || array.isEmpty()) {
            throw new IllegalArgumentException("it is a JSON array of keys, for example [{\"id\":{\"S\":\"a\"}}]");
        }
        var keys = new ArrayList<Map<String, AttributeValue>>();
        array.forEach(key -> keys.add(DynamoJson.item(key)));
        return new Keys(keys);
    }

    /**
     * The condition in the form of the parameter KeyConditions of Query, for example <code>{"id":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"a"}]}}</code>. The condition with EQ is that of the partition key; of two such the first.
     *
     * @throws IllegalArgumentException if it is not that
     */
    static Condition condition(String json) {
        var object = tree(json);
        if (!object.isObject() || object.isEmpty() || object.size() > 2) {
            throw new IllegalArgumentException(
                    "it is a JSON object with a condition for the partition key, and one for the"
                            + " sort key if wanted, as KeyConditions of Query has them");
        }
        Optional<Compare> partition = Optional.empty();
        Optional<Compare> sort = Optional.empty();
        for (var entry : object.properties()) {
            var compare = compare(entry.getKey(), entry.getValue());
            if (partition.isEmpty() && compare.operator() == Operator.EQ) {
                partition = Optional.of(compare);
            } else {
                sort = Optional.of(compare);
            }
        }
        var found = partition.orElseThrow(
                () -> new IllegalArgumentException("it has no condition with EQ, which the partition key needs"));
        return new Condition(found.name(), found.values().getFirst(), sort);
    }

    private static Compare compare(String name, JsonNode json) {
        Operator operator;
        try {
            operator = Operator.valueOf(json.path("ComparisonOperator").asString(""));
        } catch (IllegalArgumentException unknown) {
            throw new IllegalArgumentException(
                    "ComparisonOperator is EQ, LT, LE, GT, GE, BETWEEN or BEGINS_WITH", unknown);
        }
        var values = new ArrayList<AttributeValue>();
        json.path("AttributeValueList").forEach(value -> values.add(DynamoJson.value(value)));
        int wanted = operator == Operator.BETWEEN ? 2 : 1;
        if (values.size() != wanted) {
            throw new IllegalArgumentException(
                    "AttributeValueList of " + operator + " has " + wanted + (wanted == 1 ? " value" : " values"));
        }
        return new Compare(name, operator, values);
    }

    private static JsonNode tree(String json) {
        try {
            return DynamoJson.JSON.readTree(json);
        } catch (JacksonException notJson) {
            throw new IllegalArgumentException("it is not JSON", notJson);
        }
    }
}
