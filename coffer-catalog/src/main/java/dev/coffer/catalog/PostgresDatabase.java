package dev.coffer.catalog;

import com.zaxxer.hikari.HikariConfig;
import dev.coffer.core.catalog.CatalogException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import javax.sql.DataSource;
import org.jooq.SQLDialect;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A database of PostgreSQL that several nodes share. Writers take turns by locking an empty table, before their transaction has its first look: so they see what was committed last, and none has to begin again. A node that
 * stands still in a transaction loses it, and its turn, after {@link #IDLE_AT_MOST}. Text is compared by its bytes ({@code collate "C"}), as SQLite does, whatever the database's own order is.
 */
final class PostgresDatabase implements Database {
    /** One number for all that Coffer does to the schema of a database: "coffer" in ASCII. */
    private static final long MIGRATION_LOCK = 0x63_6f_66_66_65_72L;

    private static final Duration IDLE_AT_MOST = Duration.ofSeconds(15);
    private static final Duration TURN_WITHIN = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int ANSWER_WITHIN_SECONDS = 60;
    private static final int CONNECT_WITHIN_SECONDS = 5;

    private final PostgresAddress address;
    private final PostgresFaults faults;

    PostgresDatabase(PostgresAddress address) {
        this.address = address;
        this.faults = new PostgresFaults(address.place());
    }

    @Override
    public String name() {
        return address.place();
    }

    @Override
    public SQLDialect dialect() {
        return SQLDialect.POSTGRES;
    }

    @Override
    public PostgresFaults faults() {
        return faults;
    }

    @Override
    public DataSource forMigrations() {
        // A step over large tables may take its time.
        return source(0);
    }

    @Override
    public Connection lockForMigrations() throws SQLException {
        var connection = forMigrations().getConnection();
        try (var statement = connection.createStatement()) {
            refuseOtherEncodings(connection);
            statement.execute("select pg_advisory_lock(" + MIGRATION_LOCK + ")");
            return connection;
        } catch (SQLException | RuntimeException failed) {
            connection.close();
            throw failed;
        }
    }

    private void refuseOtherEncodings(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("show server_encoding")) {
            row.next();
            var encoding = row.getString(1);
            if (!encoding.equals("UTF8")) {
                throw new CatalogException(
                        "The catalog " + name() + " stores text as " + encoding
                                + ", which has not all characters. Make another database for it: create database NAME owner USER encoding 'UTF8' template template0.",
                        CatalogException.Fault.BROKEN,
                        new IllegalStateException(encoding));
            }
        }
    }

    @Override
    public void afterMigrations(Connection held) throws SQLException {
        var changesByTable = new LinkedHashMap<String, StringBuilder>();
        try (var statement = held.createStatement();
                var columns = statement.executeQuery("""
                        select a.attrelid::regclass::text, quote_ident(a.attname), format_type(a.atttypid, a.atttypmod)
                        from pg_attribute a
                            join pg_class t on t.oid = a.attrelid
                            join pg_collation c on c.oid = a.attcollation
                        where t.relkind = 'r' and t.relnamespace = current_schema()::regnamespace
                            and t.relname <> 'flyway_schema_history'
                            and a.attnum > 0 and not a.attisdropped and c.collname <> 'C'
                        order by a.attrelid, a.attnum
                        """)) {
            while (columns.next()) {
                var changes = changesByTable.computeIfAbsent(columns.getString(1), _ -> new StringBuilder());
                changes.append(changes.isEmpty() ? "" : ", ")
                        .append("alter column ")
                        .append(columns.getString(2))
                        .append(" type ")
                        .append(columns.getString(3))
                        .append(" collate \"C\"");
            }
        }
        for (var entry : changesByTable.entrySet()) {
            try (var statement = held.createStatement()) {
                statement.execute("alter table " + entry.getKey() + " " + entry.getValue());
            }
        }
    }

    @Override
    public Connection connectForWriting() {
        try {
            var connection = source(ANSWER_WITHIN_SECONDS).getConnection();
            try (var statement = connection.createStatement()) {
                statement.execute("set lock_timeout = " + TURN_WITHIN.toMillis()
                        + "; set idle_in_transaction_session_timeout = " + IDLE_AT_MOST.toMillis()
                        // What was answered has to be on the disk, whatever the server's usual is.
                        + "; select set_config('synchronous_commit', 'on', false)"
                        + " where current_setting('synchronous_commit') = 'off'");
                return connection;
            } catch (SQLException failed) {
                connection.close();
                throw failed;
            }
        } catch (SQLException cannot) {
            throw faults.of(cannot);
        }
    }

    @Override
    public HikariConfig readers() {
        var config = new HikariConfig();
        config.setDataSource(source(ANSWER_WITHIN_SECONDS));
        config.setConnectionTimeout(PATIENCE.toMillis());
        // The server may be gone for a while, also now.
        config.setInitializationFailTimeout(-1);
        return config;
    }

    @Override
    public String beginWriting() {
        return "begin isolation level serializable; lock table writing_turn in exclusive mode";
    }

    @Override
    public String beginReading() {
        return "begin isolation level repeatable read read only";
    }

    @Override
    public Duration patience() {
        return PATIENCE;
    }

    private PGSimpleDataSource source(int answerWithinSeconds) {
        var source = new PGSimpleDataSource();
        source.setUrl(address.url());
        source.setUser(address.user());
        address.password().ifPresent(source::setPassword);
        // Details quote values.
        source.setLogServerErrorDetail(false);
        if (isLeftOut(PGProperty.APPLICATION_NAME)) {
            source.setApplicationName("coffer");
        }
        if (isLeftOut(PGProperty.CONNECT_TIMEOUT)) {
            source.setConnectTimeout(CONNECT_WITHIN_SECONDS);
        }
        if (isLeftOut(PGProperty.SOCKET_TIMEOUT)) {
            source.setSocketTimeout(answerWithinSeconds);
        }
        if (isLeftOut(PGProperty.TCP_KEEP_ALIVE)) {
            source.setTcpKeepAlive(true);
        }
        if (isLeftOut(PGProperty.TARGET_SERVER_TYPE)) {
            // Of several servers, the one that takes writes.
            source.setTargetServerType("primary");
        }
        return source;
    }

    /** Whether the URL leaves it to us. */
    private boolean isLeftOut(PGProperty property) {
        return !address.url().contains(property.getName() + "=");
    }
}
