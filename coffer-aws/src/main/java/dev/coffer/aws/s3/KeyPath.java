package dev.coffer.aws.s3;

import dev.coffer.core.repository.ItemPath;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where a version of an object is in a recovery point: {@code objects/}, the key's folders, the last part of the key with {@code !} behind it, the version. So {@code logs/a.txt} is {@code objects/logs/a.txt!/null}.
 *
 * <p>In a folder's name {@code %} is {@code %25}, the last {@code !} is {@code %21}, an empty name is {@code %}, and the dots of {@code .} and {@code ..} are {@code %2E}; in the last part {@code %} is {@code %25}. A zero byte is
 * {@code %00}, a slash in a version {@code %2F}. So every key has one path and every path one key, no folder is ever an object, and nothing leads out of {@code objects}. Paths are nearly in the order in which keys are
 * listed, and all keys of a folder are beneath one path.
 */
final class KeyPath {
    /** What is above all objects. */
    static final ItemPath OBJECTS = ItemPath.of("objects");

    /** The longest key that S3 has, in bytes. */
    static final int KEY_BYTES_AT_MOST = 1024;

    private static final byte MARK = '!';

    private KeyPath() {}

    /** A version of an object. */
    record Version(String key, String id) {}

    static ItemPath of(String key, String versionId) {
        var path = OBJECTS;
        var parts = key.split("/", -1);
        for (int i = 0; i < parts.length - 1; i++) {
            path = path.child(folder(parts[i]));
        }
        var last = escaped(parts[parts.length - 1], false);
        var leaf = Arrays.copyOf(last, last.length + 1);
        leaf[last.length] = MARK;
        return path.child(leaf).child(version(versionId));
    }

    /** The version at the path; empty if none can be there. */
    static Optional<Version> at(ItemPath path) {
        var names = path.names();
        int size = names.size();
        if (size < 3 || !Arrays.equals(names.getFirst(), OBJECTS.toBytes())) {
            return Optional.empty();
        }
        var leaf = names.get(size - 2);
        if (leaf[leaf.length - 1] != MARK) {
            return Optional.empty();
        }
        var key = new StringBuilder();
        for (var folder : names.subList(1, size - 2)) {
            key.append(plain(folder)).append('/');
        }
        key.append(plain(Arrays.copyOf(leaf, leaf.length - 1)));
        return Optional.of(new Version(key.toString(), plain(names.get(size - 1))));
    }

    /** The path beneath which all keys with the prefix are, and maybe others. */
    static ItemPath above(String prefix) {
        var path = OBJECTS;
        List<String> parts = List.of(prefix.split("/", -1));
        for (var folder : parts.subList(0, parts.size() - 1)) {
            path = path.child(folder(folder));
        }
        return path;
    }

    private static byte[] folder(String part) {
        if (part.isEmpty()) {
            return new byte[] {'%'};
        }
        if (part.equals(".") || part.equals("..")) {
            return part.replace(".", "%2E").getBytes(StandardCharsets.UTF_8);
        }
        return escaped(part, true);
    }

    private static byte[] version(String id) {
        var escaped = id.replace("%", "%25").replace("/", "%2F").replace("\0", "%00");
        if (escaped.isEmpty()) {
            escaped = "%";
        }
        if (escaped.equals(".") || escaped.equals("..")) {
            escaped = escaped.replace(".", "%2E");
        }
        return escaped.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] escaped(String part, boolean folder) {
        var text = part.replace("%", "%25").replace("\0", "%00");
        if (folder && text.endsWith("!")) {
            text = text.substring(0, text.length() - 1) + "%21";
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String plain(byte[] name) {
        var plain = new ByteArrayOutputStream(name.length);
        for (int i = 0; i < name.length; i++) {
            if (name[i] == '%' && i + 2 < name.length && isHex(name[i + 1]) && isHex(name[i + 2])) {
                plain.write(Character.digit(name[i + 1], 16) * 16 + Character.digit(name[i + 2], 16));
                i += 2;
            } else if (name[i] != '%' || name.length > 1) {
                plain.write(name[i]);
            }
        }
        return plain.toString(StandardCharsets.UTF_8);
    }

    private static boolean isHex(byte b) {
        return Character.digit(b, 16) >= 0;
    }

    /** The order in which S3 lists keys: that of their bytes in UTF-8. */
    static int compare(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            int left = a.codePointAt(i);
            int right = b.codePointAt(j);
            if (left != right) {
                return Integer.compare(left, right);
            }
            i += Character.charCount(left);
            j += Character.charCount(right);
        }
        return Integer.compare(a.length() - i, b.length() - j);
    }
}
