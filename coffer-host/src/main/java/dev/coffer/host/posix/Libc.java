package dev.coffer.host.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/** The C library's functions, one method each, named as there. The first argument of most receives errno. */
final class Libc {
    /** Where a call leaves errno. */
    static final StructLayout STATE = Linker.Option.captureStateLayout();

    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final Linker LINKER = Linker.nativeLinker();

    private static final MethodHandle OPENAT = function(
            "openat",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
            Linker.Option.firstVariadicArg(3));
    private static final MethodHandle STATX =
            function("statx", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle GETDENTS64 =
            function("getdents64", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle READLINKAT =
            function("readlinkat", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));
    private static final MethodHandle MKDIRAT =
            function("mkdirat", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SYMLINKAT =
            function("symlinkat", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS));
    private static final MethodHandle MKNODAT =
            function("mknodat", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG));
    private static final MethodHandle LINKAT =
            function("linkat", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle RENAMEAT2 =
            function("renameat2", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle UNLINKAT =
            function("unlinkat", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle FCHMODAT =
            function("fchmodat", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle FCHMOD = function("fchmod", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle FCHOWNAT =
            function("fchownat", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle UTIMENSAT =
            function("utimensat", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
    private static final MethodHandle FUTIMENS =
            function("futimens", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle LLISTXATTR =
            function("llistxattr", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG));
    private static final MethodHandle LGETXATTR =
            function("lgetxattr", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
    private static final MethodHandle FGETXATTR =
            function("fgetxattr", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));
    private static final MethodHandle SETXATTR =
            function("setxattr", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle REMOVEXATTR =
            function("removexattr", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle PREAD =
            function("pread", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle PWRITE =
            function("pwrite", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle LSEEK =
            function("lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle FTRUNCATE =
            function("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle SYNC_FILE_RANGE =
            function("sync_file_range", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle FSYNC = function("fsync", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle SYNCFS = function("syncfs", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle FCNTL = function(
            "fcntl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle FSTATFS = function("fstatfs", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle FSTATVFS =
            function("fstatvfs", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle CLOSE = plain("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle GETEUID = plain("geteuid", FunctionDescriptor.of(JAVA_INT));

    private Libc() {}

    private static MethodHandle function(String name, FunctionDescriptor shape, Linker.Option... more) {
        var options = new Linker.Option[more.length + 1];
        options[0] = Linker.Option.captureCallState("errno");
        System.arraycopy(more, 0, options, 1, more.length);
        return LINKER.downcallHandle(address(name), shape, options);
    }

    private static MethodHandle plain(String name, FunctionDescriptor shape) {
        return LINKER.downcallHandle(address(name), shape);
    }

    private static MemorySegment address(String name) {
        var lookup = LINKER.defaultLookup();
        // musl has the 64-bit call under the old name alone.
        return lookup.find(name)
                .or(() -> name.equals("getdents64") ? lookup.find("getdents") : java.util.Optional.empty())
                .orElseThrow(() -> new UnsatisfiedLinkError("the C library has no " + name + "; Linux is needed"));
    }

    private static IllegalStateException broken(Throwable cause) {
        return new IllegalStateException("a call of the C library could not be made", cause);
    }

    static int errnoOf(MemorySegment state) {
        return (int) Objects.requireNonNull(ERRNO.get(state, 0L));
    }

    static int openat(MemorySegment errno, int folder, MemorySegment name, int flags, int mode) {
        try {
            return (int) OPENAT.invokeExact(errno, folder, name, flags, mode);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static int statx(MemorySegment errno, int folder, MemorySegment name, int flags, int mask, MemorySegment found) {
        try {
            return (int) STATX.invokeExact(errno, folder, name, flags, mask, found);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static long getdents64(MemorySegment errno, int fd, MemorySegment buffer, long size) {
        try {
            return (long) GETDENTS64.invokeExact(errno, fd, buffer, size);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static long readlinkat(MemorySegment errno, int folder, MemorySegment name, MemorySegment buffer, long size) {
        try {
            return (long) READLINKAT.invokeExact(errno, folder, name, buffer, size);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static int mkdirat(MemorySegment errno, int folder, MemorySegment name, int mode) {
        try {
            return (int) MKDIRAT.invokeExact(errno, folder, name, mode);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static int symlinkat(MemorySegment errno, MemorySegment target, int folder, MemorySegment name) {
        try {
            return (int) SYMLINKAT.invokeExact(errno, target, folder, name);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static int mknodat(MemorySegment errno, int folder, MemorySegment name, int mode, long device) {
        try {
            return (int) MKNODAT.invokeExact(errno, folder, name, mode, device);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static int linkat(
            MemorySegment errno, int folder, MemorySegment name, int newFolder, MemorySegment newName, int flags) {
        try {
            return (int) LINKAT.invokeExact(errno, folder, name, newFolder, newName, flags);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static int renameat2(
            MemorySegment errno, int folder, MemorySegment name, int newFolder, MemorySegment newName, int flags) {
        try {
            return (int) RENAMEAT2.invokeExact(errno, folder, name, newFolder, newName, flags);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static int unlinkat(MemorySegment errno, int folder, MemorySegment name, int flags) {
        try {
            return (int) UNLINKAT.invokeExact(errno, folder, name, flags);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static int fchmodat(MemorySegment errno, int folder, MemorySegment name, int mode, int flags) {
        try {
            return (int) FCHMODAT.invokeExact(errno, folder, name, mode, flags);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static int fchmod(MemorySegment errno, int fd, int mode) {
        try {
            return (int) FCHMOD.invokeExact(errno, fd, mode);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static int fchownat(MemorySegment errno, int folder, MemorySegment name, int uid, int gid, int flags) {
        try {
            return (int) FCHOWNAT.invokeExact(errno, folder, name, uid, gid, flags);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static int utimensat(MemorySegment errno, int folder, MemorySegment name, MemorySegment times, int flags) {
        try {
            return (int) UTIMENSAT.invokeExact(errno, folder, name, times, flags);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static int futimens(MemorySegment errno, int fd, MemorySegment times) {
        try {
            return (int) FUTIMENS.invokeExact(errno, fd, times);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static long llistxattr(MemorySegment errno, MemorySegment path, MemorySegment buffer, long size) {
        try {
            return (long) LLISTXATTR.invokeExact(errno, path, buffer, size);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static long lgetxattr(
            MemorySegment errno, MemorySegment path, MemorySegment name, MemorySegment buffer, long size) {
        try {
            return (long) LGETXATTR.invokeExact(errno, path, name, buffer, size);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static long fgetxattr(MemorySegment errno, int fd, MemorySegment name, MemorySegment buffer, long size) {
        try {
            return (long) FGETXATTR.invokeExact(errno, fd, name, buffer, size);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static int setxattr(
            MemorySegment errno, MemorySegment path, MemorySegment name, MemorySegment value, long size, int flags) {
        try {
            return (int) SETXATTR.invokeExact(errno, path, name, value, size, flags);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static int fcntl(MemorySegment errno, int fd, int command, int argument) {
        try {
            return (int) FCNTL.invokeExact(errno, fd, command, argument);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static int fstatfs(MemorySegment errno, int fd, MemorySegment found) {
        try {
            return (int) FSTATFS.invokeExact(errno, fd, found);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static int removexattr(MemorySegment errno, MemorySegment path, MemorySegment name) {
        try {
            return (int) REMOVEXATTR.invokeExact(errno, path, name);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static long pread(MemorySegment errno, int fd, MemorySegment buffer, long size, long offset) {
        try {
            return (long) PREAD.invokeExact(errno, fd, buffer, size, offset);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static long pwrite(MemorySegment errno, int fd, MemorySegment buffer, long size, long offset) {
        try {
            return (long) PWRITE.invokeExact(errno, fd, buffer, size, offset);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static long lseek(MemorySegment errno, int fd, long offset, int whence) {
        try {
            return (long) LSEEK.invokeExact(errno, fd, offset, whence);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static int ftruncate(MemorySegment errno, int fd, long size) {
        try {
            return (int) FTRUNCATE.invokeExact(errno, fd, size);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static int fsync(MemorySegment errno, int fd) {
        try {
            return (int) FSYNC.invokeExact(errno, fd);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static int syncFileRange(MemorySegment errno, int fd, long offset, long length, int flags) {
        try {
            return (int) SYNC_FILE_RANGE.invokeExact(errno, fd, offset, length, flags);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static int syncfs(MemorySegment errno, int fd) {
        try {
            return (int) SYNCFS.invokeExact(errno, fd);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static int fstatvfs(MemorySegment errno, int fd, MemorySegment found) {
        try {
            return (int) FSTATVFS.invokeExact(errno, fd, found);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static int close(int fd) {
        try {
            return (int) CLOSE.invokeExact(fd);
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }

    static int geteuid() {
        try {
            return (int) GETEUID.invokeExact();
        } catch (Throwable cause) {
            throw broken(cause);
        }
    }
}
