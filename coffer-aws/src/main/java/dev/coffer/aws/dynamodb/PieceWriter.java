package dev.coffer.aws.dynamodb;

import dev.coffer.aws.dynamodb.Pieces.Piece;
import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.WriteSession;
import dev.coffer.core.task.TaskGroup;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Puts pieces into a session, some at once. What the parent has is carried over. */
final class PieceWriter {
    private static final int WRITERS = 2;

    private final WriteSession session;
    private final int digits;
    private final BlockingQueue<Optional<Piece>> queue = new ArrayBlockingQueue<>(1);
    private Optional<ItemPath> lastFolder = Optional.empty();

    /** Makes pieces, or carries them over, in the order of their keys. */
    interface Maker {
        void make(Pieces pieces) throws InterruptedException;
    }

    PieceWriter(WriteSession session, int digits) {
        this.session = session;
        this.digits = digits;
    }

    /** Returns when all that the maker has made is in the session. */
    void write(Maker maker) throws InterruptedException {
        try (var group = new TaskGroup<Boolean>("pieces")) {
            group.fork(() -> {
                var pieces = new Pieces(digits, piece -> {
                    putFolder(piece.path().parent());
                    queue.put(Optional.of(piece));
                });
                maker.make(pieces);
                pieces.end();
                for (int i = 0; i < WRITERS; i++) {
                    queue.put(Optional.empty());
                }
                return true;
            });
            for (int i = 0; i < WRITERS; i++) {
                group.fork(() -> {
                    for (var piece = queue.take(); piece.isPresent(); piece = queue.take()) {
                        put(piece.get());
                    }
                    return true;
                });
            }
            group.join();
        }
    }

    /** Carries a piece of the parent over; called by the maker. False if the vault has lost some of it. */
    boolean keep(ItemPath piece) throws InterruptedException {
        var before = session.inherited(piece);
        if (before.isEmpty()) {
            return false;
        }
        putFolder(piece.parent());
        session.keep(before.get(), before.get().attributes());
        return true;
    }

    /** Puts each folder once; pieces come in order. */
    private void putFolder(ItemPath folder) throws InterruptedException {
        if (lastFolder.filter(folder::equals).isEmpty()) {
            session.put(folder, ItemKind.DIRECTORY, Attributes.NONE);
            lastFolder = Optional.of(folder);
        }
    }

    /** Puts the piece, or carries it over. */
    void put(Piece piece) throws InterruptedException {
        var before = session.inherited(piece.path());
        if (before.isPresent()
                && before.get().size() == piece.content().length
                && before.get()
                        .attributes()
                        .bytes(Pieces.SHA256)
                        .filter(digest -> Arrays.equals(digest, piece.sha256()))
                        .isPresent()) {
            session.keep(before.get(), piece.attributes());
            return;
        }
        try (var content = session.open(piece.path(), ItemKind.FILE)) {
            content.write(ByteBuffer.wrap(piece.content()));
            content.finish(piece.attributes());
        }
    }
}
