package dev.coffer.core.repository;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * What a connector keeps about an item: names in ASCII, values in bytes, in the order of the names. A number is eight bytes, big-endian. Immutable. Equal attributes have equal
 * bytes in the repository, which is what makes an unchanged folder cost nothing.
 */
public final class Attributes {
    private static final int NAME_LENGTH = 255;

    /** No attributes. */
    public static final Attributes NONE = new Attributes(new TreeMap<>());

    private final SortedMap<String, byte[]> valueByName;

    private Attributes(SortedMap<String, byte[]> valueByName) {
        this.valueByName = valueByName;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The bytes under the name. */
    public Optional<byte[]> bytes(String name) {
        return Optional.ofNullable(valueByName.get(name)).map(byte[]::clone);
    }

    /** The number under the name. */
    public OptionalLong number(String name) {
        var value = valueByName.get(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (value.length != Long.BYTES) {
            throw new RepositoryException.Corrupt("attribute " + name + " is not a number");
        }
        return OptionalLong.of(java.nio.ByteBuffer.wrap(value).getLong());
    }

    /** The text under the name. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(valueByName.get(name)).map(value -> new String(value, StandardCharsets.UTF_8));
    }

    public boolean isEmpty() {
        return valueByName.isEmpty();
    }

    public int size() {
        return valueByName.size();
    }

    /** Shows all in the order of their names. The arrays are not to be changed. */
    public void forEach(BiConsumer<String, byte[]> visit) {
        valueByName.forEach(visit);
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Attributes that) || !valueByName.keySet().equals(that.valueByName.keySet())) {
            return false;
        }
        for (Map.Entry<String, byte[]> entry : valueByName.entrySet()) {
            if (!Arrays.equals(entry.getValue(), that.valueByName.get(entry.getKey()))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (var entry : valueByName.entrySet()) {
            hash = 31 * hash + entry.getKey().hashCode() * 17 + Arrays.hashCode(entry.getValue());
        }
        return hash;
    }

    @Override
    public String toString() {
        return "Attributes" + valueByName.keySet();
    }

    /** Collects attributes. */
    public static final class Builder {
        private final TreeMap<String, byte[]> valueByName = new TreeMap<>();

        private Builder() {}

        /** Puts bytes under a name of 1 to 255 ASCII characters; a later value replaces an earlier one. */
        public Builder bytes(String name, byte[] value) {
            if (name.isEmpty() || name.length() > NAME_LENGTH || name.chars().anyMatch(c -> c < 0x21 || c > 0x7e)) {
                throw new IllegalArgumentException("not an attribute name");
            }
            valueByName.put(name, value.clone());
            return this;
        }

        public Builder number(String name, long value) {
            return bytes(
                    name,
                    java.nio.ByteBuffer.allocate(Long.BYTES).putLong(value).array());
        }

        public Builder text(String name, String value) {
            return bytes(name, value.getBytes(StandardCharsets.UTF_8));
        }

        public Attributes build() {
            return new Attributes(new TreeMap<>(valueByName));
        }
    }
}
