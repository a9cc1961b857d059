package dev.coffer.core.repository;

import dev.coffer.core.store.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads one committed recovery point, from any number of threads. Bytes that fail authentication raise Corrupt, never a short read. */
public interface RecoveryPointReader extends AutoCloseable {
    Manifest manifest();

    /** The item at the path. */
    Optional<Item> find(ItemPath path) throws InterruptedException;

    /** Shows the item at the path and all below it, in path order, until {@code visit} returns false. Reads only what it shows. */
    void items(ItemPath under, Predicate<Item> visit) throws InterruptedException;

    /** Shows the items right below the folder, in path order, until {@code visit} returns false. Reads only what it shows, and steps over what lies deeper. */
    void children(ItemPath folder, Predicate<Item> visit) throws InterruptedException;

    /** Gives the whole content of an item to the sink, in order. An exception of the sink passes through. */
    void read(Item item, ContentSink sink) throws IOException, InterruptedException;

    /** Opens part of an item, fetching only the chunks that the range touches; holes read as zeros. The caller closes it. */
    InputStream open(Item item, ByteRange range) throws InterruptedException;

    @Override
    void close();
}
