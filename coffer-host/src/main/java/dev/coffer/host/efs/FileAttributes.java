package dev.coffer.host.efs;

import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.host.posix.Stat;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.BiConsumer;

/**
 * How an inode's metadata becomes an item's attributes. Part of the format of recovery points: names and shapes do not change.
 *
 * <table>
 * <caption>Attributes</caption>
 * <tr><td>{@code mode}</td><td>number: permission, set-id and sticky bits (the type is the item's kind)</td></tr>
 * <tr><td>{@code uid}, {@code gid}</td><td>numbers</td></tr>
 * <tr><td>{@code mtime}, {@code ctime}</td><td>number of nanoseconds since 1970, or, before 1677 and after 2262, twelve bytes: seconds (8) and nanoseconds (4)</td></tr>
 * <tr><td>{@code ino}</td><td>number; only to see changes. The device is not kept: a remount changes it and not the tree</td></tr>
 * <tr><td>{@code nlink}</td><td>number, if above 1</td></tr>
 * <tr><td>{@code rdev}</td><td>number, of a device: major in the upper, minor in the lower 32 bits</td></tr>
 * <tr><td>{@code target}</td><td>the bytes of a symbolic link</td></tr>
 * <tr><td>{@code link}</td><td>of a hard link: the path's bytes of the file's first name</td></tr>
 * <tr><td>{@code racy}</td><td>number 1: the inode had changed so shortly before the capture that a later change might leave the same times; the next capture reads it again</td></tr>
 * <tr><td>{@code x.NAME}</td><td>an extended attribute: bytes of NAME outside of {@code !}..{@code ~}, and {@code %}, are written {@code %NN}</td></tr>
 * <tr><td>{@code X.HASH}</td><td>an extended attribute whose written name is over 255 characters: SHA-256 of the name; the value has the name's length (2), the name, the value</td></tr>
 * </table>
 *
 * <p>Not kept: the access time, the birth time, inode flags (chattr), project quotas.
 */
final class FileAttributes {
    static final String MODE = "mode";
    static final String UID = "uid";
    static final String GID = "gid";
    static final String MTIME = "mtime";
    static final String CTIME = "ctime";
    static final String INO = "ino";
    static final String NLINK = "nlink";
    static final String RDEV = "rdev";
    static final String TARGET = "target";
    static final String LINK = "link";
    static final String RACY = "racy";

    private static final long NANOS = 1_000_000_000L;
    private static final int LONGEST_NAME = 255;
    private static final String PLAIN = "x.";
    private static final String ACCESS_LIST = "system.posix_acl_access";
    private static final String HASHED = "X.";

    private FileAttributes() {}

    /** The attributes that every inode has. */
    static Attributes.Builder of(Stat stat) {
        var attributes = Attributes.builder()
                .number(MODE, stat.permissions())
                .number(UID, Integer.toUnsignedLong(stat.uid()))
                .number(GID, Integer.toUnsignedLong(stat.gid()))
                .number(INO, stat.inode());
        time(attributes, MTIME, stat.modified());
        time(attributes, CTIME, stat.changed());
        if (stat.links() > 1 && stat.type() != Stat.Type.FOLDER) {
            attributes.number(NLINK, stat.links());
        }
        return attributes;
    }

    private static void time(Attributes.Builder attributes, String name, Stat.Time time) {
        try {
            attributes.number(name, Math.addExact(Math.multiplyExact(time.seconds(), NANOS), time.nanos()));
        } catch (ArithmeticException outOfRange) {
            attributes.bytes(
                    name,
                    ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                            .putLong(time.seconds())
                            .putInt(time.nanos())
                            .array());
        }
    }

    /** Adds an extended attribute. */
    static void extended(Attributes.Builder attributes, byte[] name, byte[] value) {
        var written = new StringBuilder(PLAIN);
        for (byte b : name) {
            if (b > 0x20 && b < 0x7f && b != '%') {
                written.append((char) b);
            } else {
                written.append('%').append(HexFormat.of().toHexDigits(b));
            }
        }
        if (written.length() <= LONGEST_NAME) {
            attributes.bytes(written.toString(), value);
            return;
        }
        attributes.bytes(
                HASHED + HexFormat.of().formatHex(sha256(name)),
                ByteBuffer.allocate(Short.BYTES + name.length + value.length)
                        .putShort((short) name.length)
                        .put(name)
                        .put(value)
                        .array());
    }

    /** Whether there is an access list besides the mode. */
    static boolean hasAccessList(Attributes attributes) {
        return attributes.bytes(PLAIN + ACCESS_LIST).isPresent();
    }

    /** Shows the extended attributes of an item: name and value. */
    static void forEachExtended(Attributes attributes, BiConsumer<byte[], byte[]> visit) {
        attributes.forEach((name, value) -> {
            if (name.startsWith(PLAIN)) {
                visit.accept(unwritten(name), value);
            } else if (name.startsWith(HASHED)) {
                var parts = ByteBuffer.wrap(value);
                if (value.length < Short.BYTES || value.length < Short.BYTES + Short.toUnsignedInt(parts.getShort(0))) {
                    throw new RepositoryException.Corrupt("attribute " + name + " has no name in it");
                }
                var whole = new byte[Short.toUnsignedInt(parts.getShort())];
                parts.get(whole);
                var rest = new byte[parts.remaining()];
                parts.get(rest);
                visit.accept(whole, rest);
            }
        });
    }

    private static byte[] unwritten(String written) {
        var bytes = ByteBuffer.allocate(written.length());
        var text = written.substring(PLAIN.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                bytes.put((byte) c);
                continue;
            }
            if (i + 2 >= text.length()
                    || !HexFormat.isHexDigit(text.charAt(i + 1))
                    || !HexFormat.isHexDigit(text.charAt(i + 2))) {
                throw new RepositoryException.Corrupt("attribute " + written + " is not written as a name is");
            }
            bytes.put((byte) HexFormat.fromHexDigits(text, i + 1, i + 3));
            i += 2;
        }
        return java.util.Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** The modification time of an item. */
    static Stat.Time modified(Item item) {
        return time(item.attributes(), MTIME);
    }

    private static Stat.Time time(Attributes attributes, String name) {
        var bytes = attributes
                .bytes(name)
                .orElseThrow(() -> new RepositoryException.Corrupt("an item has no attribute " + name));
        if (bytes.length == Long.BYTES + Integer.BYTES) {
            var parts = ByteBuffer.wrap(bytes);
            return new Stat.Time(parts.getLong(), parts.getInt());
        }
        long nanos = number(attributes, name);
        return new Stat.Time(Math.floorDiv(nanos, NANOS), (int) Math.floorMod(nanos, NANOS));
    }

    /** A number that every item has. */
    static long number(Attributes attributes, String name) {
        return attributes
                .number(name)
                .orElseThrow(() -> new RepositoryException.Corrupt("an item has no attribute " + name));
    }

    /** Whether an inherited file has the content of this inode, so that it need not be read. */
    static boolean unchanged(Item inherited, Stat stat) {
        var kept = inherited.attributes();
        return inherited.size() == stat.size()
                && kept.number(RACY).isEmpty()
                && number(kept, INO) == stat.inode()
                && time(kept, MTIME).equals(stat.modified())
                && time(kept, CTIME).equals(stat.changed());
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
