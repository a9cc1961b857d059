package dev.coffer.testkit.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server of the test's own, from binaries that Maven brings: on loopback, in a folder of the test, stopped with it. It can be stopped and started again with its data. Databases are made with another order of text than
 * Coffer's, as an operator's may be. Used by one thread at a time.
 */
public final class PostgresServer implements AutoCloseable {
    /** The user of every database; there is no password. */
    public static final String USER = "postgres";

    private final Path folder;
    private final int port;
    private final AtomicInteger databases = new AtomicInteger();
    private @Nullable EmbeddedPostgres running;

    private PostgresServer(Path folder, EmbeddedPostgres running) {
        this.folder = folder;
        this.port = running.getPort();
        this.running = running;
    }

    /** Starts a server with its files below the folder. */
    public static PostgresServer start(Path folder) throws IOException {
        return new PostgresServer(folder, run(folder, Optional.empty()));
    }

    private static EmbeddedPostgres run(Path folder, Optional<Integer> port) throws IOException {
        var builder = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(folder.resolve("binaries").toFile())
                .setDataDirectory(folder.resolve("data"))
                .setCleanDataDirectory(false)
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("fsync", "off");
        port.ifPresent(builder::setPort);
        return builder.start();
    }

    /** Makes an empty database; its name. */
    public String makeDatabase() {
        var name = "coffer" + databases.incrementAndGet();
        execute("create database " + name + " template template0 encoding 'UTF8' locale_provider icu icu_locale 'en'"
                + " locale 'C.UTF-8'");
        return name;
    }

    /** Runs a command in the server's own database. */
    public void execute(String command) {
        try (var connection = connect("postgres");
                var statement = connection.createStatement()) {
            statement.execute(command);
        } catch (SQLException failed) {
            throw new IllegalStateException(command, failed);
        }
    }

    /** A connection to the database. */
    public Connection connect(String database) throws SQLException {
        var server = running;
        if (server == null) {
            throw new IllegalStateException("the server is stopped");
        }
        return server.getDatabase(USER, database).getConnection();
    }

    /** The URL of the database, without user. */
    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** Ends every session and stops. */
    public void stop() {
        var server = running;
        running = null;
        if (server != null) {
            try {
                server.close();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    /** Starts again at the same address with the same data. */
    public void startAgain() throws IOException {
        running = run(folder, Optional.of(port));
    }

    @Override
    public void close() {
        stop();
    }
}
