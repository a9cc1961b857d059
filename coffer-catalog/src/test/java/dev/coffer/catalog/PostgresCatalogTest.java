package dev.coffer.catalog;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.testkit.catalog.CatalogContract;
import dev.coffer.testkit.database.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The catalog on PostgreSQL keeps the same contract as on SQLite. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PostgresCatalogTest implements CatalogContract {
    private PostgresServer server;
    private String empty;
    private String database;
    private SqlCatalog catalog;

    @BeforeAll
    void startServer(@TempDir Path folder) throws IOException {
        server = PostgresServer.start(folder);
        // A copy of a database with tables takes a tenth of the time that the steps of the schema take.
        empty = server.makeDatabase();
        SqlCatalog.open(address(empty)).close();
    }

    @AfterAll
    void stopServer() {
        server.close();
    }

    @BeforeEach
    void open() {
        database = empty + "_test";
        server.execute("create database " + database + " template " + empty);
        catalog = SqlCatalog.open(address(database));
    }

    @AfterEach
    void close() {
        catalog.close();
        server.execute("drop database " + database + " with (force)");
    }

    private PostgresAddress address(String name) {
        return new PostgresAddress(server.url(name), PostgresServer.USER, Optional.empty());
    }

    @Override
    public Catalog catalog() {
        return catalog;
    }
}
