package dev.coffer.aws.dynamodb;

import dev.coffer.core.connector.SourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A file for what does not fit into memory, encrypted under a key that only this object knows: the items of a table do not lie readable on the disk of the server. It is made when it is first needed and gone when this is closed.
 * Used by one thread at a time.
 */
final class Scratch implements AutoCloseable {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final Path folder;
    private final SecretKey key;
    private FileChannel channel;
    private boolean open;
    private long end;
    private long blocks;

    /** A block of the file. */
    record Block(long number, long offset, int storedBytes) {}

    @SuppressWarnings("NullAway.Init")
    Scratch(Path folder, SecureRandom random) {
        this.folder = folder;
        var bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        key = new SecretKeySpec(bytes, "AES");
    }

    Block write(byte[] bytes, int length) {
        try {
            var sealed = cipher(Cipher.ENCRYPT_MODE, blocks).doFinal(bytes, 0, length);
            var block = new Block(blocks++, end, sealed.length);
            var buffer = ByteBuffer.wrap(sealed);
            while (buffer.hasRemaining()) {
                end += channel().write(buffer, end);
            }
            return block;
        } catch (IOException full) {
            throw failed(full);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    byte[] read(Block block) {
        try {
            var buffer = ByteBuffer.allocate(block.storedBytes());
            while (buffer.hasRemaining()) {
                if (channel().read(buffer, block.offset() + buffer.position()) < 0) {
                    throw new IOException("the file is shorter than what was written");
                }
            }
            return cipher(Cipher.DECRYPT_MODE, block.number()).doFinal(buffer.array());
        } catch (IOException failure) {
            throw failed(failure);
        } catch (GeneralSecurityException changed) {
            throw failed(changed);
        }
    }

    private SourceException failed(Exception cause) {
        return new SourceException.Unavailable(
                "The folder for temporary files " + folder + " failed (" + cause.getMessage()
                        + "). A capture needs as much space there as the table has bytes.",
                cause);
    }

    private FileChannel channel() throws IOException {
        if (!open) {
            Files.createDirectories(folder);
            var file = Files.createTempFile(folder, "coffer-table-", ".tmp");
            channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            open = true;
            // Without a name nothing is left behind by a process that is killed.
            Files.deleteIfExists(file);
        }
        return channel;
    }

    private Cipher cipher(int mode, long number) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        var nonce = ByteBuffer.allocate(NONCE_BYTES).putLong(number).array();
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            try {
                channel.close();
            } catch (IOException nothingIsLost) {
                // The file has no name any more.
            }
        }
    }
}
