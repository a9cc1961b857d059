package dev.coffer.repository.tree;

import dev.coffer.repository.format.FieldReader;
import dev.coffer.repository.format.FieldWriter;
import dev.coffer.repository.seal.SegmentSealer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;

/**
 * Records in a scratch file, encrypted under a key that only this object has. The file has no name once it is open, so that nothing of it stays behind. First written, then read; used by one thread at a time.
 */
final class SpillRun implements AutoCloseable {
    private static final int BLOCK_BYTES = 64 << 10;
    private static final int KEY_BYTES = 32;
    private static final byte[] CONTEXT = {};

    private final FileChannel file;
    private final SecretKeySpec key;
    private final SegmentSealer sealer = new SegmentSealer(BLOCK_BYTES);
    private final FieldWriter block = new FieldWriter(BLOCK_BYTES);
    private final ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
    private long position;
    private FieldReader records = new FieldReader(new byte[0], "a spilled block");

    SpillRun(Path folder, SecureRandom random) throws IOException {
        Files.createDirectories(folder);
        var secret = new byte[KEY_BYTES];
        random.nextBytes(secret);
        key = new SecretKeySpec(secret, "AES");
        var path = Files.createTempFile(
                folder,
                "items-",
                ".spill",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        file = FileChannel.open(path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
        Files.delete(path);
    }

    void write(byte[] record) throws IOException {
        block.sized(record);
        if (block.length() >= BLOCK_BYTES) {
            writeBlock();
        }
    }

    private void writeBlock() throws IOException {
        var sealed = new byte[sealer.sealedLength(block.length())];
        // The place of a block is part of its nonces, so it must be its own: each block begins where the one before has
        // ended.
        sealer.seal(key, CONTEXT, position + Integer.BYTES, block.array(), 0, block.length(), sealed, 0);
        put(ByteBuffer.allocate(Integer.BYTES).putInt(sealed.length).flip());
        put(ByteBuffer.wrap(sealed));
        block.clear();
    }

    private void put(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            position += file.write(bytes, position);
        }
    }

    /** Ends writing; reading begins at the start. */
    void rewind() throws IOException {
        if (block.length() > 0) {
            writeBlock();
        }
        position = 0;
    }

    /** The next record; empty behind the last. */
    Optional<byte[]> next() throws IOException {
        if (records.remaining() == 0 && !readBlock()) {
            return Optional.empty();
        }
        return Optional.of(records.sized());
    }

    private boolean readBlock() throws IOException {
        length.clear();
        if (!fill(length)) {
            return false;
        }
        var sealed = new byte[length.getInt(0)];
        long at = position;
        if (!fill(ByteBuffer.wrap(sealed))) {
            throw new IOException("the scratch file ends early");
        }
        var plain = new byte[sealer.plainLength(sealed.length)];
        if (!sealer.open(key, CONTEXT, at, sealed, 0, sealed.length, plain, 0)) {
            throw new IOException("the scratch file was changed");
        }
        records = new FieldReader(plain, "a spilled block");
        return true;
    }

    private boolean fill(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int count = file.read(bytes, position);
            if (count < 0) {
                return false;
            }
            position += count;
        }
        return true;
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
