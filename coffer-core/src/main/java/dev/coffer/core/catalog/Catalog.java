package dev.coffer.core.catalog;

import java.util.function.Function;

/** The control plane's memory. One use case is one transaction. Safe for many threads. */
public interface Catalog extends AutoCloseable {
    /** Runs the body on one unchanging view. */
    <T> T read(Function<View, T> body);

    /**
     * Runs the body in one serializable transaction and commits it with the events that it recorded; durable on return. A conflict runs the body again from the start, so the body touches nothing but its transaction. An
     * exception from the body leaves nothing.
     */
    <T> T write(Function<Transaction, T> body);

    @Override
    void close();
}
