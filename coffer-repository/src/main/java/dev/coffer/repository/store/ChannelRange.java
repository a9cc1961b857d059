package dev.coffer.repository.store;

import dev.coffer.core.store.ByteRange;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;

/** A range of an open file; ends at the end of the range, and fails if the file ends before. */
final class ChannelRange extends InputStream {
    // Each thread keeps a buffer as large as what it has read at once.
    private static final int AT_ONCE = 4 << 20;

    private final FileChannel channel;
    private final long end;
    private long position;

    ChannelRange(FileChannel channel, ByteRange range) {
        this.channel = channel;
        this.position = range.offset();
        this.end = range.end();
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        if (position >= end) {
            return -1;
        }
        int most = (int) Math.min(Math.min(length, AT_ONCE), end - position);
        int count = channel.read(ByteBuffer.wrap(bytes, offset, most), position);
        if (count < 0) {
            throw new EOFException("the file became shorter");
        }
        position += count;
        return count;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
