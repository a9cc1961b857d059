package dev.coffer.catalog;

import java.sql.Connection;
import org.jooq.ConnectionProvider;

/** The connection of one transaction, for as long as its body runs. What the body keeps beyond that finds the door closed, rather than another's transaction. Used by one thread. */
final class BorrowedConnection implements ConnectionProvider {
    private final Connection connection;
    private boolean ended;

    BorrowedConnection(Connection connection) {
        this.connection = connection;
    }

    void end() {
        ended = true;
    }

    @Override
    public Connection acquire() {
        if (ended) {
            throw new IllegalStateException("This view of the catalog has ended; its body has returned.");
        }
        return connection;
    }

    @Override
    public void release(Connection released) {
        // The connection belongs to the transaction and goes back when that ends.
    }
}
