package dev.coffer.core.repository;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;

/**
 * What a connector keeps about an item: names in ASCII, values in bytes, in the order of the names. A number is eight bytes, big-endian. Immutable. Equal attributes have equal
 * bytes in the repository, which is what makes an unchanged folder cost nothing.
 */
public final class Attributes {
    private static final int NAME_LENGTH = 255;
    private static final int USUAL_COUNT = 8;
    private static final VarHandle NUMBER = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** No attributes. */
    public static final Attributes NONE = new Attributes(new String[0], new byte[0][]);

    // In the same order. A backup makes these by the million, and a map for each was half of what it allocated.
    private final String[] names;
    private final byte[][] values;

    private Attributes(String[] names, byte[][] values) {
        this.names = names;
        this.values = values;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The place of the name in the order, or where it would be, as {@link Arrays#binarySearch} tells it. */
    private int find(String name) {
        return Arrays.binarySearch(names, name);
    }

    /** The bytes under the name. */
    public Optional<byte[]> bytes(String name) {
        int at = find(name);
        return at < 0 ? Optional.empty() : Optional.of(values[at].clone());
    }

    /** The number under the name. */
    public OptionalLong number(String name) {
        int at = find(name);
        if (at < 0) {
            return OptionalLong.empty();
        }
        if (values[at].length != Long.BYTES) {
            throw new RepositoryException.Corrupt("attribute " + name + " is not a number");
        }
        return OptionalLong.of((long) NUMBER.get(values[at], 0));
    }

    /** The text under the name. */
    public Optional<String> text(String name) {
        int at = find(name);
        return at < 0 ? Optional.empty() : Optional.of(new String(values[at], StandardCharsets.UTF_8));
    }

    public boolean isEmpty() {
        return names.length == 0;
    }

    public int size() {
        return names.length;
    }

    /** Shows all in the order of their names. The arrays are not to be changed. */
    public void forEach(BiConsumer<String, byte[]> visit) {
        for (int i = 0; i < names.length; i++) {
            visit.accept(names[i], values[i]);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Attributes that
                && Arrays.equals(names, that.names)
                && Arrays.deepEquals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(names) + Arrays.deepHashCode(values);
    }

    @Override
    public String toString() {
        return "Attributes" + Arrays.toString(names);
    }

    /** Collects attributes. */
    public static final class Builder {
        private String[] names = new String[USUAL_COUNT];
        private byte[][] values = new byte[USUAL_COUNT][];
        private int count;

        private Builder() {}

        /** Puts bytes under a name of 1 to 255 ASCII characters; a later value replaces an earlier one. */
        public Builder bytes(String name, byte[] value) {
            return put(name, value.clone());
        }

        public Builder number(String name, long value) {
            var bytes = new byte[Long.BYTES];
            NUMBER.set(bytes, 0, value);
            return put(name, bytes);
        }

        public Builder text(String name, String value) {
            return put(name, value.getBytes(StandardCharsets.UTF_8));
        }

        /** Puts bytes that nobody changes from now on. */
        public Builder put(String name, byte[] value) {
            if (!isName(name)) {
                throw new IllegalArgumentException("not an attribute name");
            }
            int found = Arrays.binarySearch(names, 0, count, name);
            if (found >= 0) {
                values[found] = value;
                return this;
            }
            insert(-found - 1, name, value);
            return this;
        }

        private static boolean isName(String name) {
            if (name.isEmpty() || name.length() > NAME_LENGTH) {
                return false;
            }
            for (int i = 0; i < name.length(); i++) {
                if (name.charAt(i) < 0x21 || name.charAt(i) > 0x7e) {
                    return false;
                }
            }
            return true;
        }

        private void insert(int at, String name, byte[] value) {
            if (count == names.length) {
                names = Arrays.copyOf(names, 2 * count);
                values = Arrays.copyOf(values, 2 * count);
            }
            System.arraycopy(names, at, names, at + 1, count - at);
            System.arraycopy(values, at, values, at + 1, count - at);
            names[at] = name;
            values[at] = value;
            count++;
        }

        public Attributes build() {
            return new Attributes(Arrays.copyOf(names, count), Arrays.copyOf(values, count));
        }
    }
}
