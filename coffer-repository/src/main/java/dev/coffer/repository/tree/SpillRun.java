package dev.coffer.repository.tree;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.repository.seal.SegmentSealer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * Records in a scratch file, encrypted under a key that only this object has. The file can be read by its owner only, and has no name once it is open, so that nothing of it stays behind.
 * Not a channel on purpose: an interruption would close it half way. Written once, read once; used by one thread at a time.
 */
final class SpillRun implements AutoCloseable {
    private static final int SEGMENT_BYTES = 16 << 10;
    private static final int SEALED_BYTES = SEGMENT_BYTES + SegmentSealer.TAG_BYTES;
    private static final byte[] NO_CONTEXT = {};

    private final Path folder;
    private final RandomAccessFile file;
    private final SecretKey key;
    private long plainBytes;

    /** Records in order; empty at the end. */
    interface Records {
        Optional<byte[]> next();
    }

    private SpillRun(Path folder, RandomAccessFile file, SecretKey key) {
        this.folder = folder;
        this.file = file;
        this.key = key;
    }

    /** Writes all records to a new file; leaves none if that fails. */
    static SpillRun write(Path folder, SecureRandom random, Records records) {
        boolean written = false;
        var run = create(folder, random);
        try {
            run.writeAll(records);
            written = true;
            return run;
        } catch (IOException failure) {
            throw failed(folder, "written", failure);
        } finally {
            if (!written) {
                run.close();
            }
        }
    }

    private static SpillRun create(Path folder, SecureRandom random) {
        var secret = new byte[32];
        random.nextBytes(secret);
        var name = new byte[16];
        random.nextBytes(name);
        var path = folder.resolve("items-" + HexFormat.of().formatHex(name) + ".spill");
        try {
            Files.createDirectories(folder);
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                return new SpillRun(
                        folder, new RandomAccessFile(path.toFile(), "rw"), new SecretKeySpec(secret, "AES"));
            } finally {
                Files.delete(path);
            }
        } catch (IOException failure) {
            throw failed(folder, "made", failure);
        }
    }

    private static UncheckedIOException failed(Path folder, String done, IOException failure) {
        return new UncheckedIOException(
                "scratch space for the list of items cannot be " + done + " in " + folder + ": " + failure.getMessage(),
                failure);
    }

    private void writeAll(Records records) throws IOException {
        var out = new Writer();
        for (var next = records.next(); next.isPresent(); next = records.next()) {
            var record = next.get();
            out.append(ByteBuffer.allocate(Integer.BYTES).putInt(record.length).array());
            out.append(record);
        }
        out.finish();
    }

    /** The records, from the first. */
    Records read() {
        try {
            file.seek(0);
        } catch (IOException failure) {
            throw failed(folder, "read", failure);
        }
        return new Reader();
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException failure) {
            throw failed(folder, "closed", failure);
        }
    }

    private final class Writer {
        private final SegmentSealer sealer = new SegmentSealer(SEGMENT_BYTES);
        private final byte[] plain = new byte[SEGMENT_BYTES];
        private final byte[] sealed = new byte[SEALED_BYTES];
        private int filled;
        private long at;

        void append(byte[] bytes) throws IOException {
            int done = 0;
            while (done < bytes.length) {
                int part = Math.min(bytes.length - done, SEGMENT_BYTES - filled);
                System.arraycopy(bytes, done, plain, filled, part);
                filled += part;
                done += part;
                if (filled == SEGMENT_BYTES) {
                    seal();
                }
            }
        }

        private void seal() throws IOException {
            int length = sealer.seal(key, NO_CONTEXT, at, plain, 0, filled, sealed, 0);
            file.write(sealed, 0, length);
            at += length;
            plainBytes += filled;
            filled = 0;
        }

        void finish() throws IOException {
            if (filled > 0) {
                seal();
            }
        }
    }

    private final class Reader implements Records {
        private final SegmentSealer sealer = new SegmentSealer(SEGMENT_BYTES);
        private final byte[] plain = new byte[SEGMENT_BYTES];
        private final byte[] sealed = new byte[SEALED_BYTES];
        private final byte[] length = new byte[Integer.BYTES];
        private int filled;
        private int position;
        private long at;
        private long left = plainBytes;

        @Override
        public Optional<byte[]> next() {
            if (left == 0 && position == filled) {
                return Optional.empty();
            }
            try {
                fill(length);
                var record = new byte[ByteBuffer.wrap(length).getInt()];
                fill(record);
                return Optional.of(record);
            } catch (IOException failure) {
                throw failed(folder, "read", failure);
            }
        }

        private void fill(byte[] into) throws IOException {
            int done = 0;
            while (done < into.length) {
                if (position == filled) {
                    open();
                }
                int part = Math.min(into.length - done, filled - position);
                System.arraycopy(plain, position, into, done, part);
                position += part;
                done += part;
            }
        }

        private void open() throws IOException {
            int bytes = (int) Math.min(SEGMENT_BYTES, left);
            int expected = bytes + SegmentSealer.TAG_BYTES;
            file.readFully(sealed, 0, expected);
            if (!sealer.open(key, NO_CONTEXT, at, sealed, 0, expected, plain, 0)) {
                throw new RepositoryException.Corrupt("a scratch file in " + folder + " is not what was written");
            }
            at += expected;
            left -= bytes;
            filled = bytes;
            position = 0;
        }
    }
}
