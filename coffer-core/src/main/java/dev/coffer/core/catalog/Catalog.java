package dev.coffer.core.catalog;

import java.util.function.Function;

/** The control plane's memory. One use case is one transaction. Safe for many threads. */
public interface Catalog extends AutoCloseable {
    /** Runs the body on one unchanging view. A fault that passes by itself runs the body again from the start. */
    <T> T read(Function<View, T> body);

    /**
     * Runs the body in one serializable transaction and commits it with the events that it recorded; durable on return. A conflict, or a fault that passes by itself, runs the body again from the start, so the body touches nothing but its transaction. An
     * exception from the body leaves nothing.
     */
    <T> T write(Function<Transaction, T> body);

    @Override
    void close();
}
