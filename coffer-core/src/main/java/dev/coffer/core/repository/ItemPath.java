package dev.coffer.core.repository;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The place of an item in a recovery point: names joined by slashes, without a slash at the start or the end; the empty path is the root. Names are bytes, since a
 * file name need not be valid text. A name is not empty and not {@code .} or {@code ..}, and holds neither a slash nor a zero byte, so that no path can lead out of its
 * root.
 *
 * <p>The order is that of a walk: a folder comes before what is in it, and all that is in it before its next sibling (the slash sorts before every other byte).
 */
public final class ItemPath implements Comparable<ItemPath> {
    private static final int LONGEST = 65_535;

    /** The root. */
    public static final ItemPath ROOT = new ItemPath(new byte[0]);

    private final byte[] bytes;

    private ItemPath(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The path with these bytes.
     *
     * @throws IllegalArgumentException if a name is one that no item can have
     */
    public static ItemPath of(byte[] bytes) {
        if (bytes.length == 0) {
            return ROOT;
        }
        if (bytes.length > LONGEST) {
            throw new IllegalArgumentException("an item path has at most " + LONGEST + " bytes");
        }
        int start = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i == bytes.length || bytes[i] == '/') {
                checkName(bytes, start, i);
                start = i + 1;
            } else if (bytes[i] == 0) {
                throw new IllegalArgumentException("a name in an item path holds a zero byte");
            }
        }
        return new ItemPath(bytes.clone());
    }

    /** The path with this text in UTF-8. */
    public static ItemPath of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void checkName(byte[] bytes, int from, int to) {
        int length = to - from;
        boolean dots =
                (length == 1 && bytes[from] == '.') || (length == 2 && bytes[from] == '.' && bytes[from + 1] == '.');
        if (length == 0 || dots) {
            throw new IllegalArgumentException("a name in an item path is empty, . or ..");
        }
    }

    /** The path of a child of this one. */
    public ItemPath child(byte[] name) {
        checkName(name, 0, name.length);
        for (byte b : name) {
            if (b == '/' || b == 0) {
                throw new IllegalArgumentException("a name holds a slash or a zero byte");
            }
        }
        if (bytes.length == 0) {
            return new ItemPath(name.clone());
        }
        if (bytes.length + 1 + name.length > LONGEST) {
            throw new IllegalArgumentException("an item path has at most " + LONGEST + " bytes");
        }
        var joined = Arrays.copyOf(bytes, bytes.length + 1 + name.length);
        joined[bytes.length] = '/';
        System.arraycopy(name, 0, joined, bytes.length + 1, name.length);
        return new ItemPath(joined);
    }

    /**
     * The child of this one that is the path, or that it lies below.
     *
     * @throws IllegalArgumentException unless the path lies below this one
     */
    public ItemPath childTowards(ItemPath below) {
        if (equals(below) || !below.isWithin(this)) {
            throw new IllegalArgumentException(below + " does not lie below " + this);
        }
        for (int i = isRoot() ? 0 : bytes.length + 1; i < below.bytes.length; i++) {
            if (below.bytes[i] == '/') {
                return new ItemPath(Arrays.copyOf(below.bytes, i));
            }
        }
        return below;
    }

    /** The folder that holds this item; the root's parent is the root. */
    public ItemPath parent() {
        for (int i = bytes.length - 1; i > 0; i--) {
            if (bytes[i] == '/') {
                return new ItemPath(Arrays.copyOf(bytes, i));
            }
        }
        return ROOT;
    }

    /** The last name; empty for the root. */
    public byte[] name() {
        for (int i = bytes.length - 1; i >= 0; i--) {
            if (bytes[i] == '/') {
                return Arrays.copyOfRange(bytes, i + 1, bytes.length);
            }
        }
        return bytes.clone();
    }

    /** The names from the root on. */
    public java.util.List<byte[]> names() {
        var names = new java.util.ArrayList<byte[]>();
        int start = 0;
        for (int i = 0; i <= bytes.length && bytes.length > 0; i++) {
            if (i == bytes.length || bytes[i] == '/') {
                names.add(Arrays.copyOfRange(bytes, start, i));
                start = i + 1;
            }
        }
        return names;
    }

    /** Whether this is the other path or lies below it. */
    public boolean isWithin(ItemPath other) {
        if (other.bytes.length == 0) {
            return true;
        }
        return bytes.length >= other.bytes.length
                && Arrays.equals(bytes, 0, other.bytes.length, other.bytes, 0, other.bytes.length)
                && (bytes.length == other.bytes.length || bytes[other.bytes.length] == '/');
    }

    public boolean isRoot() {
        return bytes.length == 0;
    }

    /** The path's bytes. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public int compareTo(ItemPath other) {
        int common = Arrays.mismatch(bytes, other.bytes);
        if (common < 0) {
            return 0;
        }
        if (common == bytes.length) {
            return -1;
        }
        if (common == other.bytes.length) {
            return 1;
        }
        return Integer.compare(rank(bytes[common]), rank(other.bytes[common]));
    }

    private static int rank(byte b) {
        return b == '/' ? 0 : Byte.toUnsignedInt(b);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ItemPath path && Arrays.equals(bytes, path.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The path for people: text where it is valid UTF-8 without control characters, else with {@code \xNN} for the bytes that are not. */
    @Override
    public String toString() {
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.chars().noneMatch(Character::isISOControl)) {
                return "/" + text;
            }
        } catch (CharacterCodingException notText) {
            // Shown byte by byte below.
        }
        var shown = new StringBuilder("/");
        for (byte b : bytes) {
            if (b >= 0x20 && b < 0x7f && b != '\\') {
                shown.append((char) b);
            } else {
                shown.append("\\x").append(HexFormat.of().toHexDigits(b));
            }
        }
        return shown.toString();
    }
}
