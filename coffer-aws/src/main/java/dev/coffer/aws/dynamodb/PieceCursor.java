package dev.coffer.aws.dynamodb;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** The pieces of a table in a point, one after the other in the order of their keys. Holds those of one folder. Used by one thread. */
final class PieceCursor {
    private final PointTable table;
    private final Queue<PointTable.FirstKey> ready = new ArrayDeque<>();
    private int folder;

    PieceCursor(PointTable table) {
        this.table = table;
    }

    /** The next piece, which stays the next. */
    Optional<PointTable.FirstKey> peek() throws InterruptedException {
        while (ready.isEmpty() && folder < Pieces.folders(table.digits())) {
            ready.addAll(table.pieces(Pieces.folder(folder++, table.digits())));
        }
        return Optional.ofNullable(ready.peek());
    }

    /** The next piece, if it begins at the key or before. */
    Optional<PointTable.FirstKey> nextUpTo(ItemKey key) throws InterruptedException {
        return peek().filter(next -> next.key().compareTo(key) <= 0).map(_ -> ready.remove());
    }

    /** The next piece. */
    Optional<PointTable.FirstKey> next() throws InterruptedException {
        return peek().map(_ -> ready.remove());
    }
}
