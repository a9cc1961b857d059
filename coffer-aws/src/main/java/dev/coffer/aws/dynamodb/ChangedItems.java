package dev.coffer.aws.dynamodb;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * The items of a point with changes brought in, in the order of their keys. A piece that no change falls into is given to {@link Result#unchanged} unread; if that does not take it, its items are. Changes come through {@link #accept}, in the order of
 * their keys, and then comes {@link #end}. Used by one thread.
 */
final class ChangedItems implements Sorter.Sink {
    private final PointTable table;
    private final PieceCursor pieces;
    private final Result result;
    private final Queue<Held> held = new ArrayDeque<>();
    /** The piece that the last key falls into, as long as it is not read. */
    private Optional<PointTable.FirstKey> unread = Optional.empty();

    /** Takes what comes out. */
    interface Result {
        /** Takes the whole piece, or does not. */
        boolean unchanged(PointTable.FirstKey piece) throws InterruptedException;

        void item(ItemKey key, byte[] item) throws InterruptedException;
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Held(ItemKey key, byte[] item) {}

    ChangedItems(PointTable table, Result result) {
        this.table = table;
        this.pieces = new PieceCursor(table);
        this.result = result;
    }

    @Override
    public void accept(ItemKey key, Optional<byte[]> item) throws InterruptedException {
        for (var next = pieces.nextUpTo(key); next.isPresent(); next = pieces.nextUpTo(key)) {
            finish();
            unread = next;
        }
        read();
        while (!held.isEmpty() && held.element().key().compareTo(key) < 0) {
            give();
        }
        if (!held.isEmpty() && held.element().key().equals(key)) {
            held.remove();
        }
        if (item.isPresent()) {
            result.item(key, item.get());
        }
    }

    /** Gives what comes after the last change. */
    void end() throws InterruptedException {
        finish();
        for (var next = pieces.next(); next.isPresent(); next = pieces.next()) {
            unread = next;
            finish();
        }
    }

    private void finish() throws InterruptedException {
        if (unread.isPresent() && !result.unchanged(unread.get())) {
            read();
        }
        unread = Optional.empty();
        while (!held.isEmpty()) {
            give();
        }
    }

    private void read() throws InterruptedException {
        if (unread.isPresent()) {
            var piece = unread.get().piece();
            unread = Optional.empty();
            table.itemsOf(piece, (key, item) -> held.add(new Held(key, item)));
        }
    }

    private void give() throws InterruptedException {
        var next = held.remove();
        result.item(next.key(), next.item());
    }
}
