package dev.coffer.host.posix;

import java.util.Optional;

/**
 * What statx(2) tells about an inode.
 *
 * @param mode type and permission bits
 * @param rdev the device that a device node stands for: major in the upper, minor in the lower 32 bits
 * @param blocks units of 512 bytes that the content takes
 * @param device the file system, written as {@code rdev}
 * @param mount the mount's number; 0 where the kernel is older than 5.8
 */
public record Stat(
        int mode,
        int uid,
        int gid,
        long links,
        long inode,
        long size,
        long blocks,
        Time modified,
        Time changed,
        long rdev,
        long device,
        long mount) {
    private static final int TYPE_BITS = 0xf000;

    /** The set-user-id and set-group-id bits. */
    public static final int SET_ID_BITS = 0xc00;

    /** A moment as the kernel keeps it: seconds since 1970 and nanoseconds from 0 to 999,999,999. */
    public record Time(long seconds, int nanos) implements Comparable<Time> {
        @Override
        public int compareTo(Time other) {
            int bySeconds = Long.compare(seconds, other.seconds);
            return bySeconds != 0 ? bySeconds : Integer.compare(nanos, other.nanos);
        }
    }

    /** The type of an inode. */
    public enum Type {
        FIFO(0x1000),
        CHARACTER_DEVICE(0x2000),
        FOLDER(0x4000),
        BLOCK_DEVICE(0x6000),
        FILE(0x8000),
        SYMLINK(0xa000),
        SOCKET(0xc000);

        private static final Type[] ALL = values();

        private final int bits;

        Type(int bits) {
            this.bits = bits;
        }

        /** The type's bits in a mode. */
        public int bits() {
            return bits;
        }

        /** The type with these bits; empty if there is none. */
        static Optional<Type> of(int bits) {
            for (var type : ALL) {
                if (type.bits == bits) {
                    return Optional.of(type);
                }
            }
            return Optional.empty();
        }
    }

    public Type type() {
        return Type.of(mode & TYPE_BITS)
                .orElseThrow(() ->
                        new IllegalStateException("an inode of unknown type, mode " + Integer.toOctalString(mode)));
    }

    /** The permission bits with set-id and sticky bits. */
    public int permissions() {
        return mode & 0xfff;
    }

    /** Whether both describe one inode. */
    public boolean sameInode(Stat other) {
        return inode == other.inode && device == other.device;
    }

    /** Whether size and both times are the same, which a change of the content would not leave. */
    public boolean sameContentAs(Stat other) {
        return size == other.size && modified.equals(other.modified) && changed.equals(other.changed);
    }
}
