package dev.coffer.catalog;

import com.zaxxer.hikari.HikariConfig;
import dev.coffer.core.catalog.CatalogException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jooq.SQLDialect;

/** What a catalog lies in: how it is connected to, how transactions begin, and what its faults mean. All that differs between the databases is here. Safe for many threads. */
sealed interface Database permits CatalogFile, PostgresDatabase {
    /** What it is called in messages, without anything confidential. */
    String name();

    SQLDialect dialect();

    SqlFaults faults();

    /** For the steps that bring the schema up to date. */
    DataSource forMigrations();

    /**
     * Keeps other processes from changing the schema until the connection is closed.
     *
     * @throws SQLException if the database cannot be used
     */
    Connection lockForMigrations() throws SQLException;

    /**
     * Brings what the common text of the steps cannot say. A repeat changes nothing.
     *
     * @throws SQLException if it cannot be done
     */
    void afterMigrations(Connection held) throws SQLException;

    /**
     * A new connection for writing.
     *
     * @throws CatalogException if there is none to be had
     */
    Connection connectForWriting();

    /** Connections for reading; the size of the pool is the caller's. */
    HikariConfig readers();

    /** Begins a transaction that conflicts with no other writer, of this process or another: it waits for its turn first. */
    String beginWriting();

    /** Begins a transaction that sees one state. */
    String beginReading();

    /** For how long something that passes by itself is tried again. */
    Duration patience();
}
