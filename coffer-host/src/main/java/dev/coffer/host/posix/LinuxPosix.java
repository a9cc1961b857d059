package dev.coffer.host.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The calls of the running Linux kernel through its C library (glibc 2.30, or musl 1.2, and newer). Needs /proc for extended attributes and for the metadata of links and nodes. Holds no state but some memory for each thread. */
public final class LinuxPosix implements Posix {
    private static final int CURRENT_FOLDER = -100;
    private static final int SYMLINK_NOFOLLOW = 0x100;
    private static final int NO_AUTOMOUNT = 0x800;
    private static final int EMPTY_PATH = 0x1000;
    private static final int BASIC_STATS_AND_MOUNT = 0x17ff;
    private static final int MOUNT_KNOWN = 0x1000;
    private static final int RENAME_NOREPLACE = 1;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int START_WRITING = 2;
    private static final int GET_FLAGS = 3;
    private static final int SET_FLAGS = 4;
    /** The magic numbers of ext4 (and its forebears), XFS and Btrfs. */
    private static final Set<Integer> PAST_CACHE_WELL = Set.of(0xef53, 0x58465342, 0x9123683e);

    private static final long NANOS_OMIT = 0x3ffffffeL;
    private static final int NAMES_BYTES = 64 * 1024;
    private static final int LONGEST_LINK = 64 * 1024;
    private static final byte[] EMPTY = new byte[0];

    private final OpenFlags flags = OpenFlags.ofThisMachine();
    // No call is made within another.
    private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

    @Override
    public int openRoot(byte[] path) throws PosixException {
        return open(CURRENT_FOLDER, path, flags.directory(), 0);
    }

    @Override
    public int openFolder(int folder, byte[] name) throws PosixException {
        return open(folder, name, flags.directory() | flags.noFollow(), 0);
    }

    @Override
    public int openToRead(int folder, byte[] name) throws PosixException {
        int always = flags.noFollow() | OpenFlags.NONBLOCK | OpenFlags.NOCTTY;
        try {
            return open(folder, name, always | OpenFlags.NOATIME, 0);
        } catch (PosixException refused) {
            if (refused.errno() != Errno.EPERM) {
                throw refused;
            }
            // O_NOATIME is for the owner and root.
            return open(folder, name, always, 0);
        }
    }

    @Override
    public int create(int folder, byte[] name, int permissions) throws PosixException {
        int createNew = OpenFlags.WRITE_ONLY | OpenFlags.CREATE | OpenFlags.EXCLUSIVE;
        return open(folder, name, createNew | flags.noFollow(), permissions);
    }

    @Override
    public int openHandle(int folder, byte[] name) throws PosixException {
        return open(folder, name, OpenFlags.PATH | flags.noFollow(), 0);
    }

    private int open(int folder, byte[] name, int flags, int permissions) throws PosixException {
        try (var call = new Call(scratch.get(), "openat")) {
            return call.checked(
                    Libc.openat(call.errno(), folder, call.text(name), flags | OpenFlags.CLOEXEC, permissions));
        }
    }

    @Override
    public void close(int fd) {
        // The result tells of lost writes only on file systems that report late; sync() and syncFileSystem() are asked
        // for those.
        Libc.close(fd);
    }

    @Override
    public Stat stat(int fd) throws PosixException {
        return statx(fd, EMPTY, EMPTY_PATH);
    }

    @Override
    public Stat statAt(int folder, byte[] name) throws PosixException {
        return statx(folder, name, SYMLINK_NOFOLLOW | NO_AUTOMOUNT);
    }

    private Stat statx(int folder, byte[] name, int flags) throws PosixException {
        try (var call = new Call(scratch.get(), "statx")) {
            var found = call.allocate(256);
            call.checked(Libc.statx(call.errno(), folder, call.text(name), flags, BASIC_STATS_AND_MOUNT, found));
            boolean mountKnown = (found.get(JAVA_INT, 0) & MOUNT_KNOWN) != 0;
            return new Stat(
                    Short.toUnsignedInt(found.get(JAVA_SHORT, 28)),
                    found.get(JAVA_INT, 20),
                    found.get(JAVA_INT, 24),
                    Integer.toUnsignedLong(found.get(JAVA_INT, 16)),
                    found.get(JAVA_LONG, 32),
                    found.get(JAVA_LONG, 40),
                    found.get(JAVA_LONG, 48),
                    new Stat.Time(found.get(JAVA_LONG, 112), found.get(JAVA_INT, 120)),
                    new Stat.Time(found.get(JAVA_LONG, 96), found.get(JAVA_INT, 104)),
                    device(found, 128),
                    device(found, 136),
                    mountKnown ? found.get(JAVA_LONG, 144) : 0);
        }
    }

    private static long device(MemorySegment found, long at) {
        return Integer.toUnsignedLong(found.get(JAVA_INT, at)) << 32
                | Integer.toUnsignedLong(found.get(JAVA_INT, at + 4));
    }

    @Override
    public List<FolderEntry> entries(int folder) throws PosixException {
        try (var call = new Call(scratch.get(), "getdents64")) {
            var buffer = call.allocate(NAMES_BYTES);
            while (true) {
                long filled = call.checked(Libc.getdents64(call.errno(), folder, buffer, NAMES_BYTES));
                if (filled == 0) {
                    return List.of();
                }
                var entries = new ArrayList<FolderEntry>();
                for (long at = 0; at < filled; at += Short.toUnsignedInt(buffer.get(JAVA_SHORT, at + 16))) {
                    var name = textAt(buffer, at + 19);
                    if (!isDots(name)) {
                        entries.add(new FolderEntry(name, Stat.Type.of(buffer.get(JAVA_BYTE, at + 18) << 12)));
                    }
                }
                if (!entries.isEmpty()) {
                    return entries;
                }
            }
        }
    }

    private static byte[] textAt(MemorySegment buffer, long from) {
        long end = from;
        while (buffer.get(JAVA_BYTE, end) != 0) {
            end++;
        }
        return buffer.asSlice(from, end - from).toArray(JAVA_BYTE);
    }

    private static boolean isDots(byte[] name) {
        return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
    }

    @Override
    public byte[] readLink(int folder, byte[] name) throws PosixException {
        try (var call = new Call(scratch.get(), "readlinkat")) {
            var target = call.allocate(LONGEST_LINK);
            long length = call.checked(Libc.readlinkat(call.errno(), folder, call.text(name), target, LONGEST_LINK));
            return target.asSlice(0, length).toArray(JAVA_BYTE);
        }
    }

    @Override
    public void makeFolder(int folder, byte[] name, int permissions) throws PosixException {
        try (var call = new Call(scratch.get(), "mkdirat")) {
            call.checked(Libc.mkdirat(call.errno(), folder, call.text(name), permissions));
        }
    }

    @Override
    public void makeSymlink(int folder, byte[] name, byte[] target) throws PosixException {
        try (var call = new Call(scratch.get(), "symlinkat")) {
            call.checked(Libc.symlinkat(call.errno(), call.text(target), folder, call.text(name)));
        }
    }

    @Override
    public void makeNode(int folder, byte[] name, Stat.Type type, long rdev) throws PosixException {
        try (var call = new Call(scratch.get(), "mknodat")) {
            call.checked(Libc.mknodat(call.errno(), folder, call.text(name), type.bits(), encoded(rdev)));
        }
    }

    /** The device number in the C library's 64-bit form, as makedev(3) builds it. */
    private static long encoded(long rdev) {
        long major = rdev >>> 32;
        long minor = rdev & 0xffffffffL;
        return (major & 0xfffL) << 8 | (major & ~0xfffL) << 32 | (minor & 0xffL) | (minor & ~0xffL) << 12;
    }

    @Override
    public void link(int folder, byte[] name, int newFolder, byte[] newName) throws PosixException {
        try (var call = new Call(scratch.get(), "linkat")) {
            call.checked(Libc.linkat(call.errno(), folder, call.text(name), newFolder, call.text(newName), 0));
        }
    }

    @Override
    public void rename(int folder, byte[] name, byte[] newName, boolean replace) throws PosixException {
        try (var call = new Call(scratch.get(), "renameat2")) {
            call.checked(Libc.renameat2(
                    call.errno(), folder, call.text(name), folder, call.text(newName), replace ? 0 : RENAME_NOREPLACE));
        } catch (PosixException refused) {
            boolean cannotExclude = refused.errno() == Errno.EINVAL || refused.errno() == Errno.ENOSYS;
            if (replace || !cannotExclude) {
                throw refused;
            }
            // NFS has no exclusive rename; a link excludes as well, and needs a second step.
            link(folder, name, folder, newName);
            unlink(folder, name);
        }
    }

    @Override
    public void unlink(int folder, byte[] name) throws PosixException {
        try (var call = new Call(scratch.get(), "unlinkat")) {
            call.checked(Libc.unlinkat(call.errno(), folder, call.text(name), 0));
        }
    }

    @Override
    public void chmod(int fd, int permissions) throws PosixException {
        try (var call = new Call(scratch.get(), "fchmodat")) {
            int result = Libc.fchmod(call.errno(), fd, permissions);
            call.checked(
                    call.isRefusedToHandle(result)
                            ? Libc.fchmodat(call.errno(), CURRENT_FOLDER, call.text(handle(fd)), permissions, 0)
                            : result);
        }
    }

    @Override
    public void chown(int fd, int uid, int gid) throws PosixException {
        try (var call = new Call(scratch.get(), "fchownat")) {
            call.checked(Libc.fchownat(call.errno(), fd, call.text(EMPTY), uid, gid, EMPTY_PATH));
        }
    }

    @Override
    public void setModified(int fd, Stat.Time time) throws PosixException {
        try (var call = new Call(scratch.get(), "utimensat")) {
            var times = call.allocate(32);
            times.set(JAVA_LONG, 8, NANOS_OMIT);
            times.set(JAVA_LONG, 16, time.seconds());
            times.set(JAVA_LONG, 24, time.nanos());
            int result = Libc.futimens(call.errno(), fd, times);
            call.checked(
                    call.isRefusedToHandle(result)
                            ? Libc.utimensat(call.errno(), CURRENT_FOLDER, call.text(handle(fd)), times, 0)
                            : result);
        }
    }

    /** The inode behind a descriptor as a path: works for handles, to which the calls by descriptor are refused, and follows no link of the tree. To look it up takes longer than most calls. */
    private static byte[] handle(int fd) {
        return ("/proc/self/fd/" + fd).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] below(int folder, byte[] name) {
        var prefix = ("/proc/self/fd/" + folder + "/").getBytes(StandardCharsets.US_ASCII);
        var path = Arrays.copyOf(prefix, prefix.length + name.length);
        System.arraycopy(name, 0, path, prefix.length, name.length);
        return path;
    }

    @Override
    public List<byte[]> attributeNames(int folder, byte[] name) throws PosixException {
        try (var call = new Call(scratch.get(), "llistxattr")) {
            var path = call.text(below(folder, name));
            long size = Libc.llistxattr(call.errno(), path, MemorySegment.NULL, 0);
            if (size == 0 || (size < 0 && call.failedWith(Errno.EOPNOTSUPP))) {
                return List.of();
            }
            call.checked(size);
            // Room for what may be added between the two calls; more than that shows as ERANGE.
            var buffer = call.allocate(size + 4096);
            long filled = call.checked(Libc.llistxattr(call.errno(), path, buffer, buffer.byteSize()));
            var names = new ArrayList<byte[]>();
            for (long at = 0; at < filled; ) {
                var found = textAt(buffer, at);
                names.add(found);
                at += found.length + 1;
            }
            return names;
        }
    }

    @Override
    public byte[] attribute(int folder, byte[] name, byte[] attribute) throws PosixException {
        try (var call = new Call(scratch.get(), "lgetxattr")) {
            var path = call.text(below(folder, name));
            var key = call.text(attribute);
            long size = call.checked(Libc.lgetxattr(call.errno(), path, key, MemorySegment.NULL, 0));
            var buffer = call.allocate(size + 1024);
            long filled = call.checked(Libc.lgetxattr(call.errno(), path, key, buffer, buffer.byteSize()));
            return buffer.asSlice(0, filled).toArray(JAVA_BYTE);
        }
    }

    @Override
    public void setAttribute(int fd, byte[] attribute, byte[] value) throws PosixException {
        try (var call = new Call(scratch.get(), "setxattr")) {
            var bytes = call.allocate(Math.max(1, value.length));
            MemorySegment.copy(value, 0, bytes, JAVA_BYTE, 0, value.length);
            call.checked(
                    Libc.setxattr(call.errno(), call.text(handle(fd)), call.text(attribute), bytes, value.length, 0));
        }
    }

    @Override
    public void removeAttribute(int fd, byte[] attribute) throws PosixException {
        try (var call = new Call(scratch.get(), "removexattr")) {
            var name = call.text(attribute);
            // To look is cheap; to remove what is not there is a transaction of the file system.
            long size = Libc.fgetxattr(call.errno(), fd, name, MemorySegment.NULL, 0);
            if (size < 0 && call.failedWith(Errno.ENODATA)) {
                return;
            }
            int result = Libc.removexattr(call.errno(), call.text(handle(fd)), name);
            if (result < 0 && (call.failedWith(Errno.ENODATA) || call.failedWith(Errno.EOPNOTSUPP))) {
                return;
            }
            call.checked(result);
        }
    }

    @Override
    public boolean goPastCache(int fd) throws PosixException {
        try (var call = new Call(scratch.get(), "fstatfs")) {
            var found = call.allocate(256);
            call.checked(Libc.fstatfs(call.errno(), fd, found));
            if (!PAST_CACHE_WELL.contains((int) found.get(JAVA_LONG, 0))) {
                return false;
            }
        }
        try (var call = new Call(scratch.get(), "fcntl")) {
            int now = call.checked(Libc.fcntl(call.errno(), fd, GET_FLAGS, 0));
            int result = Libc.fcntl(call.errno(), fd, SET_FLAGS, now | flags.direct());
            if (result < 0 && call.failedWith(Errno.EINVAL)) {
                return false;
            }
            call.checked(result);
            return true;
        }
    }

    @Override
    public void goThroughCache(int fd) throws PosixException {
        try (var call = new Call(scratch.get(), "fcntl")) {
            int now = call.checked(Libc.fcntl(call.errno(), fd, GET_FLAGS, 0));
            call.checked(Libc.fcntl(call.errno(), fd, SET_FLAGS, now & ~flags.direct()));
        }
    }

    @Override
    public int read(int fd, ByteBuffer direct, long offset) throws PosixException {
        try (var call = new Call(scratch.get(), "pread")) {
            while (true) {
                long got = Libc.pread(call.errno(), fd, MemorySegment.ofBuffer(direct), direct.remaining(), offset);
                if (got < 0 && call.failedWith(Errno.EINTR)) {
                    continue;
                }
                call.checked(got);
                direct.position(direct.position() + (int) got);
                return (int) got;
            }
        }
    }

    @Override
    public void write(int fd, ByteBuffer direct, long offset) throws PosixException {
        long at = offset;
        try (var call = new Call(scratch.get(), "pwrite")) {
            while (direct.hasRemaining()) {
                long put = Libc.pwrite(call.errno(), fd, MemorySegment.ofBuffer(direct), direct.remaining(), at);
                if (put < 0 && call.failedWith(Errno.EINTR)) {
                    continue;
                }
                call.checked(put);
                direct.position(direct.position() + (int) put);
                at += put;
            }
        }
    }

    @Override
    public OptionalLong nextData(int fd, long offset) throws PosixException {
        try (var call = new Call(scratch.get(), "lseek")) {
            long at = Libc.lseek(call.errno(), fd, offset, SEEK_DATA);
            if (at < 0 && call.failedWith(Errno.ENXIO)) {
                return OptionalLong.empty();
            }
            return OptionalLong.of(call.checked(at));
        }
    }

    @Override
    public long nextHole(int fd, long offset) throws PosixException {
        try (var call = new Call(scratch.get(), "lseek")) {
            return call.checked(Libc.lseek(call.errno(), fd, offset, SEEK_HOLE));
        }
    }

    @Override
    public void truncate(int fd, long size) throws PosixException {
        try (var call = new Call(scratch.get(), "ftruncate")) {
            call.checked(Libc.ftruncate(call.errno(), fd, size));
        }
    }

    @Override
    public void startWriting(int fd, long offset, long length) {
        try (var call = new Call(scratch.get(), "sync_file_range")) {
            // A hint: where the file system knows no such thing, it writes when it likes.
            int _ = Libc.syncFileRange(call.errno(), fd, offset, length, START_WRITING);
        }
    }

    @Override
    public void sync(int fd) throws PosixException {
        try (var call = new Call(scratch.get(), "fsync")) {
            call.checked(Libc.fsync(call.errno(), fd));
        }
    }

    @Override
    public void syncFileSystem(int fd) throws PosixException {
        try (var call = new Call(scratch.get(), "syncfs")) {
            call.checked(Libc.syncfs(call.errno(), fd));
        }
    }

    @Override
    public long usedBytes(int fd) throws PosixException {
        try (var call = new Call(scratch.get(), "fstatvfs")) {
            var found = call.allocate(256);
            call.checked(Libc.fstatvfs(call.errno(), fd, found));
            return (found.get(JAVA_LONG, 16) - found.get(JAVA_LONG, 24)) * found.get(JAVA_LONG, 8);
        }
    }

    @Override
    public int effectiveUser() {
        return Libc.geteuid();
    }

    /** Memory that the calls of a thread use one after the other: to ask for it each time costs more than most calls. */
    private static final class Scratch {
        private static final long BYTES = NAMES_BYTES + 4096;

        private final MemorySegment memory = Arena.ofAuto().allocate(BYTES, 8);
        private final MemorySegment errno = memory.asSlice(0, Libc.STATE.byteSize());
    }

    /** The memory of one call. */
    private static final class Call implements AutoCloseable {
        private static final long ALIGNMENT = 8;

        private final Scratch scratch;
        private final String name;
        private long used = aligned(Libc.STATE.byteSize());
        private Optional<Arena> large = Optional.empty();

        Call(Scratch scratch, String name) {
            this.scratch = scratch;
            this.name = name;
        }

        private static long aligned(long bytes) {
            return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
        }

        MemorySegment errno() {
            return scratch.errno;
        }

        /** Memory with anything in it, aligned to 8 bytes, until the end of the call. */
        @SuppressWarnings("MustBeClosedChecker") // The end of the call closes it.
        MemorySegment allocate(long bytes) {
            if (bytes <= Scratch.BYTES - used) {
                var part = scratch.memory.asSlice(used, bytes);
                used = Math.min(Scratch.BYTES, aligned(used + bytes));
                return part;
            }
            if (large.isEmpty()) {
                large = Optional.of(Arena.ofConfined());
            }
            return large.get().allocate(bytes, ALIGNMENT);
        }

        MemorySegment text(byte[] bytes) {
            var text = allocate(bytes.length + 1L);
            MemorySegment.copy(bytes, 0, text, JAVA_BYTE, 0, bytes.length);
            text.set(JAVA_BYTE, bytes.length, (byte) 0);
            return text;
        }

        /** Whether the result says that the descriptor is a handle, which the call does not take. */
        boolean isRefusedToHandle(int result) {
            return result < 0 && failedWith(Errno.EBADF);
        }

        boolean failedWith(Errno expected) {
            return Errno.of(Libc.errnoOf(scratch.errno)) == expected;
        }

        int checked(int result) throws PosixException {
            return (int) checked((long) result);
        }

        long checked(long result) throws PosixException {
            if (result < 0) {
                throw new PosixException(name, Libc.errnoOf(scratch.errno));
            }
            return result;
        }

        @Override
        public void close() {
            large.ifPresent(Arena::close);
        }
    }
}
