package dev.coffer.aws.dynamodb;

import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.WriteSession;
import dev.coffer.core.store.ByteRange;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Changes in the order in which they came, those of one key in theirs. Memory is bounded: what is over goes into a {@link Scratch}. Safe for many threads until it is written.
 *
 * <p>In a mark it is the item {@code changes}: for each change the milliseconds of its moment in eight bytes, the size and the bytes of the key, 1 and the size and the bytes of the item or 0 for a deleted one. The count of changes is an attribute.
 */
final class ChangeLog implements StreamTail.Target, AutoCloseable {
    static final ItemPath CHANGES = ItemPath.of("changes");
    private static final int BLOCK_BYTES = 4 << 20;
    private static final int READ_BYTES = 1 << 20;

    private final Scratch scratch;
    private final List<Scratch.Block> stored = new ArrayList<>();
    private final Bytes waiting = new Bytes(64 * 1024);
    private long count;

    ChangeLog(Path folder, SecureRandom random) {
        scratch = new Scratch(folder, random);
    }

    @Override
    public synchronized void accept(List<StreamTail.Change> changes) {
        for (var change : changes) {
            // The moment is put right when the end is known; one that the source does not tell is that.
            waiting.putLong(
                    change.at().orElse(Instant.ofEpochMilli(Long.MAX_VALUE)).toEpochMilli());
            waiting.putSized(change.key().bytes());
            waiting.put(change.item().isPresent() ? 1 : 0);
            change.item().ifPresent(waiting::putSized);
            count++;
            if (waiting.size() >= BLOCK_BYTES) {
                stored.add(scratch.write(waiting.array(), waiting.size()));
                waiting.clear();
            }
        }
    }

    synchronized boolean isEmpty() {
        return count == 0;
    }

    /**
     * Writes all into a mark.
     *
     * @param from moments are put behind this: what was known then stays as it was
     * @param to moments are not after this
     */
    synchronized void write(WriteSession session, Instant from, Instant to) throws InterruptedException {
        try (var content = session.open(CHANGES, ItemKind.FILE)) {
            for (var block : stored) {
                var bytes = scratch.read(block);
                content.write(ByteBuffer.wrap(between(bytes, bytes.length, from, to)));
            }
            content.write(ByteBuffer.wrap(between(waiting.array(), waiting.size(), from, to)));
            content.finish(Attributes.builder().number(Pieces.COUNT, count).build());
        }
    }

    private static byte[] between(byte[] bytes, int length, Instant from, Instant to) {
        var in = new Bytes.Reader(bytes, 0, length);
        var out = new Bytes(length);
        while (!in.atEnd()) {
            out.putLong(Math.clamp(in.getLong(), from.toEpochMilli() + 1, to.toEpochMilli()));
            out.putSized(in.getSized());
            int present = in.get();
            out.put(present);
            if (present == 1) {
                out.putSized(in.getSized());
            }
        }
        return out.copy();
    }

    /** Gives the changes of a mark up to the moment, and including it, to the target. */
    static void read(RecoveryPointReader mark, PrimaryKey key, Instant moment, StreamTail.Target target)
            throws InterruptedException {
        var item = mark.find(CHANGES);
        if (item.isPresent() && item.get().size() > 0) {
            read(mark, item.get(), key, moment, target);
        }
    }

    private static void read(
            RecoveryPointReader mark, Item item, PrimaryKey key, Instant moment, StreamTail.Target target)
            throws InterruptedException {
        try (var in = new Input(new BufferedInputStream(mark.open(item, new ByteRange(0, item.size())), READ_BYTES))) {
            var changes = new ArrayList<StreamTail.Change>();
            long bytes = 0;
            for (long left = item.attributes().number(Pieces.COUNT).orElse(0); left > 0; left--) {
                var at = Instant.ofEpochMilli(in.getLong());
                var place = key.of(key.attributes(new ItemKey(0, in.getSized())));
                var state = in.get() == 1 ? Optional.of(in.getSized()) : Optional.<byte[]>empty();
                if (!at.isAfter(moment)) {
                    changes.add(new StreamTail.Change(place, state, Optional.of(at)));
                    bytes += state.map(value -> value.length).orElse(0);
                }
                if (bytes >= READ_BYTES || left == 1) {
                    target.accept(List.copyOf(changes));
                    changes.clear();
                    bytes = 0;
                }
            }
        } catch (IOException | IllegalArgumentException strange) {
            throw new RepositoryException.Corrupt(item.path() + " cannot be read", strange);
        }
    }

    /** What {@link Bytes} has written, as a stream. */
    private record Input(InputStream in) implements AutoCloseable {
        private static final int SEVEN_BITS = 7;
        private static final int MORE = 0x80;

        int get() throws IOException {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the bytes end early");
            }
            return next;
        }

        long getLong() throws IOException {
            return new Bytes.Reader(exactly(Long.BYTES), 0, Long.BYTES).getLong();
        }

        byte[] getSized() throws IOException {
            int length = 0;
            for (int shift = 0; shift < Integer.SIZE; shift += SEVEN_BITS) {
                int next = get();
                length |= (next & (MORE - 1)) << shift;
                if (next < MORE) {
                    return exactly(length);
                }
            }
            throw new IOException("a length is out of bounds");
        }

        private byte[] exactly(int length) throws IOException {
            var bytes = length < 0 ? new byte[0] : in.readNBytes(length);
            if (bytes.length != length) {
                throw new IOException("the bytes end early");
            }
            return bytes;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    @Override
    public void close() {
        scratch.close();
    }
}
