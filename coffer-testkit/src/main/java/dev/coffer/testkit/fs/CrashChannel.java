package dev.coffer.testkit.fs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;

/** An open file, or a folder that is opened to be forced. Not for mapping, locking and transfers. */
final class CrashChannel extends FileChannel {
    private static final int TRANSFER = 1 << 16;

    private final FileTree tree;
    private final FileTree.Opened file;
    private final boolean reads;
    private final boolean writes;
    private final boolean appends;
    private int position;

    CrashChannel(FileTree tree, FileTree.Opened file, boolean reads, boolean writes, boolean appends) {
        this.tree = tree;
        this.file = file;
        this.reads = reads;
        this.writes = writes;
        this.appends = appends;
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    /** As a real channel does: an interrupted thread finds it closed. */
    private synchronized <T> T io(Work<T> work) throws IOException {
        boolean done = false;
        try {
            begin();
            if (!isOpen()) {
                throw new ClosedChannelException();
            }
            var result = work.run();
            done = true;
            return result;
        } finally {
            end(done);
        }
    }

    private int readAt(ByteBuffer into, int offset) throws IOException {
        if (!reads) {
            throw new NonReadableChannelException();
        }
        if (!into.hasRemaining()) {
            return 0;
        }
        var bytes = tree.read(file, offset, into.remaining());
        into.put(bytes);
        return bytes.length == 0 ? -1 : bytes.length;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return io(() -> {
            int count = readAt(into, position);
            position += Math.max(0, count);
            return count;
        });
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
        return io(() -> readAt(into, Math.toIntExact(offset)));
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
        long sum = 0;
        for (int i = offset; i < offset + length; i++) {
            int count = read(into[i]);
            if (count < 0) {
                return sum == 0 ? -1 : sum;
            }
            sum += count;
        }
        return sum;
    }

    private FileTree.Extent writeAt(Optional<Integer> offset, ByteBuffer bytes) throws IOException {
        if (!writes) {
            throw new NonWritableChannelException();
        }
        return tree.write(file, offset, bytes);
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        return io(() -> {
            var written = writeAt(appends ? Optional.empty() : Optional.of(position), bytes);
            position = written.offset() + written.length();
            return written.length();
        });
    }

    @Override
    public int write(ByteBuffer bytes, long offset) throws IOException {
        return io(() -> writeAt(Optional.of(Math.toIntExact(offset)), bytes).length());
    }

    @Override
    public long write(ByteBuffer[] bytes, int offset, int length) throws IOException {
        long sum = 0;
        for (int i = offset; i < offset + length && (i == offset || !bytes[i - 1].hasRemaining()); i++) {
            sum += write(bytes[i]);
        }
        return sum;
    }

    @Override
    public long position() throws IOException {
        return io(() -> (long) position);
    }

    @Override
    public FileChannel position(long newPosition) throws IOException {
        return io(() -> {
            position = Math.toIntExact(newPosition);
            return this;
        });
    }

    @Override
    public long size() throws IOException {
        return io(() -> (long) tree.size(file));
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        return io(() -> {
            if (!writes) {
                throw new NonWritableChannelException();
            }
            tree.cut(file, Math.toIntExact(size));
            position = (int) Math.min(position, size);
            return this;
        });
    }

    @Override
    public void force(boolean metaData) throws IOException {
        io(() -> {
            tree.force(file);
            return this;
        });
    }

    @Override
    public long transferTo(long offset, long count, WritableByteChannel target) throws IOException {
        var some = ByteBuffer.allocate((int) Math.min(count, TRANSFER));
        int read = read(some, offset);
        return read < 0 ? 0 : target.write(some.flip());
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long offset, long count) throws IOException {
        var some = ByteBuffer.allocate((int) Math.min(count, TRANSFER));
        if (source.read(some) < 0) {
            return 0;
        }
        some.flip();
        long at = offset;
        while (some.hasRemaining()) {
            at += write(some, at);
        }
        return at - offset;
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long offset, long size) {
        throw new UnsupportedOperationException("files are not mapped here");
    }

    @Override
    public FileLock lock(long offset, long size, boolean shared) {
        throw new UnsupportedOperationException("files are not locked here");
    }

    @Override
    public FileLock tryLock(long offset, long size, boolean shared) {
        throw new UnsupportedOperationException("files are not locked here");
    }

    @Override
    protected void implCloseChannel() {
        // Closing makes nothing durable, and nothing else is held.
    }
}
