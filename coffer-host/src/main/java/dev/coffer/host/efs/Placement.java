package dev.coffer.host.efs;

import dev.coffer.core.repository.Item;
import dev.coffer.host.posix.Errno;
import dev.coffer.host.posix.Posix;
import dev.coffer.host.posix.PosixException;
import dev.coffer.host.posix.Stat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Optional;

/** The rule for names at which something is already. */
sealed interface Placement {
    /** The permission bits of a folder that a restore has made and not yet finished. No program leaves a folder like that, so a repeat knows its own. */
    int UNFINISHED = 0x3c0;

    /** Makes an inode at a free name; EEXIST if it is taken. */
    interface Maker {
        void make(byte[] name, boolean durably) throws PosixException, NotRestored, InterruptedException;
    }

    /** Says whether what is at a name is the item already. */
    interface Comparison {
        boolean matches(byte[] name, Stat there) throws PosixException;
    }

    /** Brings the item to its name in the folder, or says why not. Never writes through what is there. */
    void put(int folder, byte[] name, Item item, Maker maker, Comparison comparison)
            throws PosixException, NotRestored, InterruptedException;

    /** Whether a folder that was there already gets the attributes of its item. */
    boolean owns(Stat folder, Optional<Item> item);

    /** What is at a name. */
    static Optional<Stat> look(Posix posix, int folder, byte[] name) throws PosixException {
        try {
            return Optional.of(posix.statAt(folder, name));
        } catch (PosixException failure) {
            if (failure.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    private static NotRestored inTheWay(Stat there) {
        return new NotRestored(
                switch (there.type()) {
                    case SYMLINK -> "a symbolic link is in the way; it is neither followed nor replaced";
                    case FOLDER -> "a folder is in the way";
                    case FILE -> "a file is in the way";
                    case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> "a special file is in the way";
                });
    }

    /**
     * Into a folder of the restore's own, where everything is written straight to its name.
     *
     * @param repeated whether an earlier run may have left things of the same type, which are then made anew: after a power failure, size and time would not prove the content
     */
    record Fresh(Posix posix, boolean repeated) implements Placement {
        @Override
        public void put(int folder, byte[] name, Item item, Maker maker, Comparison comparison)
                throws PosixException, NotRestored, InterruptedException {
            try {
                maker.make(name, false);
                return;
            } catch (PosixException failure) {
                if (failure.errno() != Errno.EEXIST) {
                    throw failure;
                }
            }
            var there = look(posix, folder, name);
            if (there.isPresent()) {
                if (!repeated || !Inodes.sameType(there.get(), item.kind())) {
                    throw inTheWay(there.get());
                }
                posix.unlink(folder, name);
            }
            maker.make(name, false);
        }

        @Override
        public boolean owns(Stat folder, Optional<Item> item) {
            return true;
        }
    }

    /**
     * Onto the original paths. What is made gets its name when it is whole and durable, so that no reader and no repeat meets half of it.
     */
    record InPlace(Posix posix, Conflict conflict, String jobId, Instant createdAt) implements Placement {
        private static final DateTimeFormatter STAMP =
                DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
        private static final int NAME_BYTES_AT_MOST = 255;
        private static final int ALL_MAY = 0x1ff;
        private static final int STICKY = 0x200;
        private static final int SET_GROUP = 0x400;

        @Override
        public void put(int folder, byte[] name, Item item, Maker maker, Comparison comparison)
                throws PosixException, NotRestored, InterruptedException {
            var there = look(posix, folder, name);
            if (there.isEmpty()) {
                make(folder, name, maker);
                return;
            }
            switch (conflict) {
                case SKIP -> {
                    // Also true of what an earlier run of the same job has put there.
                    if (!comparison.matches(name, there.get())) {
                        throw new NotRestored("there is something else at its path; coffer:conflict is skip");
                    }
                }
                case OVERWRITE -> {
                    if (there.get().type() == Stat.Type.FOLDER) {
                        throw inTheWay(there.get());
                    }
                    make(folder, name, maker);
                }
                case RENAME -> {
                    if (!comparison.matches(name, there.get())) {
                        beside(folder, name, maker, comparison);
                    }
                }
            }
        }

        private void beside(int folder, byte[] name, Maker maker, Comparison comparison)
                throws PosixException, NotRestored, InterruptedException {
            var suffix = (".restored-" + STAMP.format(createdAt)).getBytes(StandardCharsets.US_ASCII);
            var other = java.util.Arrays.copyOf(name, name.length + suffix.length);
            System.arraycopy(suffix, 0, other, name.length, suffix.length);
            if (other.length > NAME_BYTES_AT_MOST) {
                throw new NotRestored("there is something else at its path, and the name is too long to add to it");
            }
            var there = look(posix, folder, other);
            if (there.isEmpty()) {
                make(folder, other, maker);
            } else if (!comparison.matches(other, there.get())) {
                throw new NotRestored("there is something else at its path and at the path with "
                        + new String(suffix, StandardCharsets.US_ASCII));
            }
        }

        private void make(int folder, byte[] name, Maker maker)
                throws PosixException, NotRestored, InterruptedException {
            var torn = temporary(name);
            try {
                maker.make(torn, true);
            } catch (PosixException failure) {
                if (failure.errno() != Errno.EEXIST) {
                    throw failure;
                }
                // An earlier run ended here.
                posix.unlink(folder, torn);
                maker.make(torn, true);
            }
            boolean named = false;
            try {
                posix.rename(folder, torn, name, conflict == Conflict.OVERWRITE);
                named = true;
            } catch (PosixException failure) {
                if (failure.errno() == Errno.EEXIST) {
                    throw new NotRestored("something was put at its path meanwhile", failure);
                }
                throw failure;
            } finally {
                if (!named) {
                    posix.unlink(folder, torn);
                }
            }
        }

        private byte[] temporary(byte[] name) {
            var job = (jobId + "\0").getBytes(StandardCharsets.UTF_8);
            var both = java.util.Arrays.copyOf(job, job.length + name.length);
            System.arraycopy(name, 0, both, job.length, name.length);
            return (".coffer-" + HexFormat.of().formatHex(FileAttributes.sha256(both), 0, 12))
                    .getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public boolean owns(Stat folder, Optional<Item> item) {
            return conflict == Conflict.OVERWRITE || isUnfinished(folder, item);
        }

        private static boolean isUnfinished(Stat folder, Optional<Item> item) {
            // A folder may hand its group down, which adds a bit.
            int permissions = folder.permissions() & ~SET_GROUP;
            if (permissions == UNFINISHED) {
                return true;
            }
            // An access list sets all bits but the sticky one, which goes with the mode that comes next.
            return item.map(Item::attributes)
                    .filter(FileAttributes::hasAccessList)
                    .map(attributes -> FileAttributes.number(attributes, FileAttributes.MODE))
                    .filter(mode -> (mode & STICKY) == 0 && permissions == (STICKY | (mode & ALL_MAY)))
                    .isPresent();
        }
    }
}
