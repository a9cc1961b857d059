package dev.coffer.core.repository;

import java.nio.ByteBuffer;

/** Takes the content of one item from front to back. Used by one thread. */
public interface ContentWriter extends AutoCloseable {
    /** Appends all remaining bytes. The buffer may be used again when this returns. */
    void write(ByteBuffer bytes) throws InterruptedException;

    /** Appends bytes that read as zeros and take no place: a hole of a sparse file. */
    void hole(long length) throws InterruptedException;

    /** Ends the content and adds the item. */
    Item finish(Attributes attributes) throws InterruptedException;

    /** Without {@link #finish}: the item is not added, and the path may be opened again. After it: nothing. */
    @Override
    void close();
}
