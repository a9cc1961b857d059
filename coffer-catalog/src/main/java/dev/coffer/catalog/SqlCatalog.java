package dev.coffer.catalog;

import com.zaxxer.hikari.HikariDataSource;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.CatalogException;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.store.SpareRoom;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.RenderQuotedNames;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConfiguration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalog in a database: one SQLite file of this node, {@code catalog.db}, or a PostgreSQL database that several nodes share.
 *
 * <p>One connection writes; a fair lock lets one transaction at a time have it, and the database lets one node at a time have its turn, so writers wait for each other and never conflict. Readers have connections of their own
 * and see the last commit from before their first look; they neither wait for the writer nor hold it up. A commit is on the disk when {@link #write} returns. What passes by itself, as a server that starts again, is waited
 * for: ten seconds for a file, twenty for a server.
 *
 * <p>Instants are stored in milliseconds: what is finer is cut off when a row is written, and read back without it.
 *
 * <p>The folder of a file must be on a local file system, because SQLite's locks are not dependable on network ones.
 */
public final class SqlCatalog implements Catalog {
    private static final Logger LOG = LoggerFactory.getLogger(SqlCatalog.class);
    private static final int READERS = 4;
    private static final long FIRST_PAUSE_NANOS = 10_000_000;
    private static final long LONGEST_PAUSE_NANOS = 500_000_000;

    private final Database database;
    private final SpareRoom spare;
    private final LongSupplier monotonic;
    private final HikariDataSource readers;
    private final DefaultConfiguration jooq;
    private final ReentrantLock writing = new ReentrantLock(true);

    /** One permit for each connection of the pool: who has one never waits in the pool, where an interrupt would end the wait with an error. */
    private final Semaphore freeReaders = new Semaphore(READERS, true);

    /** That of the database, if it is another's than the host's. */
    private final Optional<DatabaseClock> clock;

    /** The writing connection, null after it failed; guarded by {@link #writing}. */
    private @Nullable Connection writer;

    /** Whether the spare room may have been given up; guarded by {@link #writing}. */
    private boolean tight = true;

    /** Guarded by {@link #writing} for writers, and by holding a permit of {@link #freeReaders} for readers. */
    private volatile boolean closed;

    private SqlCatalog(
            Database database,
            SpareRoom spare,
            LongSupplier monotonic,
            Connection writer,
            HikariDataSource readers,
            Optional<DatabaseClock> clock) {
        this.database = database;
        this.spare = spare;
        this.monotonic = monotonic;
        this.writer = writer;
        this.readers = readers;
        this.clock = clock;
        this.jooq = new DefaultConfiguration();
        jooq.set(database.dialect());
        jooq.set(new Settings()
                .withRenderQuotedNames(RenderQuotedNames.NEVER)
                .withRenderSchema(false)
                // Statements carry what users entrust to the service; they are not for the log.
                .withExecuteLogging(false));
        jooq.setExecuteListener(database.faults());
    }

    /**
     * Opens the catalog in the folder, makes it if it is missing, and brings its schema up to date. The caller closes it. The first catalog that a process opens also decides where SQLite's native library is unpacked: in
     * {@code native} below the folder, unless the system property {@code org.sqlite.tmpdir} is set.
     *
     * @throws CatalogException if the file is damaged, locked, of a newer version, or cannot be written
     */
    public static SqlCatalog open(Path folder) {
        return open(folder, SpareRoom.NONE);
    }

    /**
     * The same.
     *
     * @param spare room on the catalog's disk: it is given up when the catalog cannot be opened or written for want of room, and taken again when there is some
     */
    public static SqlCatalog open(Path folder, SpareRoom spare) {
        try {
            return open(CatalogFile.in(folder), spare, System::nanoTime);
        } catch (CatalogException stuck) {
            if (!stuck.mayNeedRoom() || !spare.giveUp()) {
                throw stuck;
            }
            tellTight(stuck);
            return open(CatalogFile.in(folder), spare, System::nanoTime);
        }
    }

    /**
     * Opens the catalog on PostgreSQL, makes its tables if they are missing, and brings its schema up to date; nodes that do so at once take turns. The caller closes it.
     *
     * @throws CatalogException if the server cannot be reached or does not let the user in, or the schema is of a newer version
     */
    public static SqlCatalog open(PostgresAddress address) {
        return open(new PostgresDatabase(address), SpareRoom.NONE, System::nanoTime);
    }

    static SqlCatalog open(Database database, SpareRoom spare, LongSupplier monotonic) {
        new Migrations(database).run();
        var writer = database.connectForWriting();
        try {
            var clock = database.dialect() == SQLDialect.SQLITE
                    ? Optional.<DatabaseClock>empty()
                    : Optional.of(DatabaseClock.asking(writer, monotonic));
            return new SqlCatalog(database, spare, monotonic, writer, readersOf(database), clock);
        } catch (SQLException failed) {
            closeQuietly(writer, failed);
            throw database.faults().of(failed);
        } catch (RuntimeException failed) {
            closeQuietly(writer, failed);
            throw failed;
        }
    }

    private static void tellTight(CatalogException stuck) {
        LOG.atWarn()
                .addKeyValue("event", "catalog.tight")
                .setCause(stuck)
                .log(
                        "space that was kept for the catalog is used, since it could not be written; free space on its disk");
    }

    /** The clock that all nodes of this catalog share, as near as the way to the database is short: the database server's, or that of the host if the catalog is its file. */
    public InstantSource clock(InstantSource host) {
        return clock.<InstantSource>map(shared -> shared).orElse(host);
    }

    /** Where it is, without anything confidential. */
    public String place() {
        return database.name();
    }

    @Override
    public <T> T read(Function<View, T> body) {
        return patiently(() -> readOnce(body));
    }

    @Override
    public <T> T write(Function<Transaction, T> body) {
        if (writing.isHeldByCurrentThread()) {
            throw new IllegalStateException("A transaction cannot begin inside another; use the one that is there.");
        }
        return patiently(() -> {
            writing.lock();
            try {
                return writeWithRoom(body);
            } finally {
                writing.unlock();
            }
        });
    }

    /** Gives up the spare room when there is no other, and keeps some again when there is. */
    private <T> T writeWithRoom(Function<Transaction, T> body) {
        while (true) {
            try {
                var result = writeOnce(body);
                tight = tight && !spare.keep();
                return result;
            } catch (CatalogException failed) {
                // Also where there is nothing to give up: when there is room again, some is to be kept.
                tight |= failed.mayNeedRoom();
                if (!failed.mayNeedRoom() || !spare.giveUp()) {
                    throw failed;
                }
                tellTight(failed);
            }
        }
    }

    /** Makes the call again while it fails with what passes by itself, with growing pauses, until patience is at its end or the thread is interrupted. Nobody waits for the pauses of others. */
    private <T> T patiently(Supplier<T> call) {
        long start = monotonic.getAsLong();
        long pause = FIRST_PAUSE_NANOS;
        while (true) {
            try {
                return call.get();
            } catch (CatalogException passing) {
                long waited = monotonic.getAsLong() - start;
                if (!passing.retryable()
                        || waited > database.patience().toNanos()
                        || Thread.currentThread().isInterrupted()) {
                    throw passing;
                }
                LOG.atInfo()
                        .addKeyValue("waited_millis", waited / 1_000_000)
                        .addKeyValue("cause", passing.getMessage())
                        .log("catalog transaction repeated");
                LockSupport.parkNanos(pause);
                pause = Math.min(LONGEST_PAUSE_NANOS, 2 * pause);
            }
        }
    }

    private <T> T readOnce(Function<View, T> body) {
        freeReaders.acquireUninterruptibly();
        try {
            checkOpen();
            try (var connection = readers.getConnection()) {
                refreshClock(connection);
                execute(connection, database.beginReading());
                var borrowed = new BorrowedConnection(connection);
                try {
                    return body.apply(SqlTransaction.over(over(borrowed)));
                } finally {
                    borrowed.end();
                    endReading(connection);
                }
            } catch (SQLException failed) {
                throw database.faults().of(failed);
            }
        } finally {
            freeReaders.release();
        }
    }

    private void endReading(Connection connection) {
        try (var statement = connection.createStatement()) {
            statement.execute("rollback");
        } catch (SQLException broken) {
            // What was read was read, or failed with a better reason.
            readers.evictConnection(connection);
        }
    }

    private void refreshClock(Connection connection) throws SQLException {
        if (clock.isPresent()) {
            clock.get().refresh(connection);
        }
    }

    /** Waits for the transactions that run, then closes the database. A repeat does nothing. Not to be called from a body. */
    @Override
    public void close() {
        writing.lock();
        freeReaders.acquireUninterruptibly(READERS);
        try {
            closed = true;
            // The last connection to close moves the log into the file, and only a writing one can.
            readers.close();
            var open = writer;
            writer = null;
            if (open != null) {
                open.close();
            }
        } catch (SQLException failed) {
            throw database.faults().of(failed);
        } finally {
            freeReaders.release(READERS);
            writing.unlock();
        }
    }

    private <T> T writeOnce(Function<Transaction, T> body) {
        checkOpen();
        var connection = writer();
        var borrowed = new BorrowedConnection(connection);
        var committed = false;
        try {
            refreshClock(connection);
            execute(connection, database.beginWriting());
            var result = body.apply(SqlTransaction.over(over(borrowed)));
            borrowed.end();
            commit(connection);
            committed = true;
            return result;
        } catch (SQLException failed) {
            throw database.faults().of(failed);
        } finally {
            borrowed.end();
            if (!committed) {
                rollBack(connection);
            }
        }
    }

    private void commit(Connection connection) {
        try (var statement = connection.createStatement()) {
            statement.execute("commit");
        } catch (SQLException failed) {
            throw database.faults().ofCommit(failed);
        }
    }

    private Connection writer() {
        var open = writer;
        if (open == null) {
            open = database.connectForWriting();
            writer = open;
        }
        return open;
    }

    private void rollBack(Connection connection) {
        try (var statement = connection.createStatement()) {
            statement.execute("rollback");
        } catch (SQLException failed) {
            // Either nothing had begun, or the database has rolled back by itself, or the connection is broken. A new
            // connection is right in each case: closing the old one leaves nothing of its transaction.
            writer = null;
            closeQuietly(connection, failed);
        }
    }

    private DSLContext over(BorrowedConnection connection) {
        return DSL.using(jooq.derive(connection));
    }

    private void execute(Connection connection, String command) {
        try (var statement = connection.createStatement()) {
            statement.execute(command);
        } catch (SQLException failed) {
            throw database.faults().of(failed);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The catalog is closed.");
        }
    }

    private static HikariDataSource readersOf(Database database) {
        var config = database.readers();
        config.setPoolName("catalog-readers");
        config.setMaximumPoolSize(READERS);
        config.setMinimumIdle(READERS);
        return new HikariDataSource(config);
    }

    private static void closeQuietly(Connection connection, Exception because) {
        try {
            connection.close();
        } catch (SQLException alsoFailed) {
            because.addSuppressed(alsoFailed);
        }
    }
}
