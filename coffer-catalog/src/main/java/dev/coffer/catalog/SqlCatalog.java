package dev.coffer.catalog;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.CatalogException;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.store.SpareRoom;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
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
 * The catalog in one SQLite file, {@code catalog.db}.
 *
 * <p>One connection writes; a fair lock lets one transaction at a time have it, so within the process writers wait for each other and never conflict. Readers have connections of their own and see the last commit from
 * before their first look; they neither wait for the writer nor hold it up. A commit is on the disk when {@link #write} returns.
 *
 * <p>Instants are stored in milliseconds: what is finer is cut off when a row is written, and read back without it.
 *
 * <p>The folder must be on a local file system, because SQLite's locks are not dependable on network ones.
 */
public final class SqlCatalog implements Catalog {
    private static final Logger LOG = LoggerFactory.getLogger(SqlCatalog.class);
    private static final int READERS = 4;
    private static final int ATTEMPTS = 5;

    private final CatalogFile file;
    private final SpareRoom spare;
    private final HikariDataSource readers;
    private final DefaultConfiguration jooq;
    private final ReentrantLock writing = new ReentrantLock(true);

    /** One permit for each connection of the pool: who has one never waits in the pool, where an interrupt would end the wait with an error. */
    private final Semaphore freeReaders = new Semaphore(READERS, true);

    /** The writing connection, null after it failed; guarded by {@link #writing}. */
    private @Nullable Connection writer;

    /** Whether the spare room may have been given up; guarded by {@link #writing}. */
    private boolean tight = true;

    /** Guarded by {@link #writing} for writers, and by holding a permit of {@link #freeReaders} for readers. */
    private volatile boolean closed;

    private SqlCatalog(CatalogFile file, SpareRoom spare, Connection writer, HikariDataSource readers) {
        this.file = file;
        this.spare = spare;
        this.writer = writer;
        this.readers = readers;
        this.jooq = new DefaultConfiguration();
        jooq.set(SQLDialect.SQLITE);
        jooq.set(new Settings()
                .withRenderQuotedNames(RenderQuotedNames.NEVER)
                .withRenderSchema(false)
                // Statements carry what users entrust to the service; they are not for the log.
                .withExecuteLogging(false));
        jooq.setExecuteListener(file.faults());
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
            return open(CatalogFile.in(folder), spare);
        } catch (CatalogException stuck) {
            if (!stuck.mayNeedRoom() || !spare.giveUp()) {
                throw stuck;
            }
            tellTight(stuck);
            return open(CatalogFile.in(folder), spare);
        }
    }

    static SqlCatalog open(CatalogFile file, SpareRoom spare) {
        new Migrations(file).run();
        var writer = file.connectForWriting();
        try {
            return new SqlCatalog(file, spare, writer, readersOf(file));
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

    @Override
    public <T> T read(Function<View, T> body) {
        freeReaders.acquireUninterruptibly();
        try {
            checkOpen();
            try (var connection = readers.getConnection()) {
                execute(connection, "begin deferred");
                var borrowed = new BorrowedConnection(connection);
                try {
                    return body.apply(SqlTransaction.over(over(borrowed)));
                } finally {
                    borrowed.end();
                    execute(connection, "rollback");
                }
            } catch (SQLException failed) {
                throw file.faults().of(failed);
            }
        } finally {
            freeReaders.release();
        }
    }

    @Override
    public <T> T write(Function<Transaction, T> body) {
        if (writing.isHeldByCurrentThread()) {
            throw new IllegalStateException("A transaction cannot begin inside another; use the one that is there.");
        }
        writing.lock();
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    var result = writeOnce(body);
                    tight = tight && !spare.keep();
                    return result;
                } catch (CatalogException failed) {
                    // Also where there is nothing to give up: when there is room again, some is to be kept.
                    tight |= failed.mayNeedRoom();
                    if (failed.mayNeedRoom() && spare.giveUp()) {
                        tellTight(failed);
                    } else if (!failed.retryable() || attempt == ATTEMPTS) {
                        throw failed;
                    } else {
                        LOG.atInfo()
                                .addKeyValue("attempt", attempt)
                                .addKeyValue("cause", failed.getMessage())
                                .log("catalog transaction repeated");
                    }
                }
            }
        } finally {
            writing.unlock();
        }
    }

    /** Waits for the transactions that run, then closes the file. A repeat does nothing. Not to be called from a body. */
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
            throw file.faults().of(failed);
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
            // Immediate: a transaction that first reads and then writes could otherwise find that another process
            // wrote.
            execute(connection, "begin immediate");
            var result = body.apply(SqlTransaction.over(over(borrowed)));
            borrowed.end();
            execute(connection, "commit");
            committed = true;
            return result;
        } finally {
            borrowed.end();
            if (!committed) {
                rollBack(connection);
            }
        }
    }

    private Connection writer() {
        var open = writer;
        if (open == null) {
            open = file.connectForWriting();
            writer = open;
        }
        return open;
    }

    private void rollBack(Connection connection) {
        try (var statement = connection.createStatement()) {
            statement.execute("rollback");
        } catch (SQLException failed) {
            // Either nothing had begun, or SQLite has rolled back by itself, or the connection is broken. A new
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
            throw file.faults().of(failed);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The catalog is closed.");
        }
    }

    private static HikariDataSource readersOf(CatalogFile file) {
        var config = new HikariConfig();
        config.setPoolName("catalog-readers");
        config.setDataSource(file.readOnly());
        config.setReadOnly(true);
        config.setMaximumPoolSize(READERS);
        config.setMinimumIdle(READERS);
        // Connections to a file do not go stale.
        config.setMaxLifetime(0);
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
