package dev.coffer.catalog;

import static dev.coffer.testkit.catalog.CatalogSamples.SCOPE;
import static dev.coffer.testkit.catalog.CatalogSamples.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.catalog.CatalogException;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.store.SpareRoom;
import dev.coffer.testkit.catalog.CatalogSamples;
import dev.coffer.testkit.catalog.CatalogUnderTest;
import dev.coffer.testkit.database.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Several nodes on one database, and a database that goes away and comes back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PostgresNodesTest {
    private final CatalogSamples samples = new CatalogSamples(new Random(9));
    private PostgresServer server;
    private String database;

    @BeforeAll
    void startServer(@TempDir Path folder) throws IOException {
        server = PostgresServer.start(folder);
    }

    @AfterAll
    void stopServer() {
        server.close();
    }

    @BeforeEach
    void makeDatabase() {
        database = server.makeDatabase();
    }

    private PostgresAddress address() {
        return new PostgresAddress(server.url(database), PostgresServer.USER, Optional.empty());
    }

    private SqlCatalog open() {
        return SqlCatalog.open(address());
    }

    private static void count(Transaction tx) {
        int count = tx.settings().installation("count").map(Integer::parseInt).orElse(0);
        tx.settings().putInstallation("count", Integer.toString(count + 1));
    }

    @Test
    void nodesThatStartAtOnceMakeOneSchema() {
        var starts = new ArrayList<Callable<SqlCatalog>>();
        for (int i = 0; i < 3; i++) {
            starts.add(this::open);
        }
        var nodes = CatalogUnderTest.together(starts);
        nodes.forEach(node -> node.write(tx -> {
            count(tx);
            return true;
        }));
        var counted = nodes.getFirst().read(view -> view.settings().installation("count"));
        assertThat(counted).contains("3");
        nodes.forEach(SqlCatalog::close);
    }

    @Test
    void writersOfSeveralNodesTakeTurnsAndNoneBeginsAgain() {
        try (var one = open();
                var other = open()) {
            var bodies = new AtomicInteger();
            var tasks = new ArrayList<Callable<Boolean>>();
            for (var node : List.of(one, other, one, other)) {
                tasks.add(() -> {
                    for (int i = 0; i < 50; i++) {
                        node.write(tx -> {
                            bodies.incrementAndGet();
                            count(tx);
                            tx.emit(samples.event(at(0)));
                            return true;
                        });
                    }
                    return true;
                });
            }
            CatalogUnderTest.together(tasks);
            assertThat(bodies).hasValue(200);
            var counted = other.read(view -> view.settings().installation("count"));
            assertThat(counted).contains("200");
            var events = one.read(view -> view.outbox().after(0, 300));
            assertThat(events)
                    .extracting(entry -> entry.position())
                    .isSorted()
                    .doesNotHaveDuplicates()
                    .hasSize(200);
        }
    }

    @Test
    void textIsOrderedByItsBytesWhateverTheDatabasesOrderIs() throws SQLException {
        try (var catalog = open()) {
            catalog.write(tx -> {
                for (var name : List.of("bb", "BB", "a-1", "a1", "AA")) {
                    tx.vaults().insert(samples.vault(name, at(0)));
                }
                return true;
            });
            try (var connection = server.connect(database);
                    var statement = connection.createStatement();
                    var rows = statement.executeQuery("select name from vault order by name")) {
                var names = new ArrayList<String>();
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
                assertThat(names).containsExactly("AA", "BB", "a-1", "a1", "bb");
            }
        }
    }

    @Test
    void aTextThatCannotBeStoredIsTheRequestsFault() {
        try (var catalog = open()) {
            assertThatThrownBy(() -> catalog.write(tx -> {
                        tx.settings().putInstallation("nul", "\0");
                        return true;
                    }))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("U+0000");
            assertThat(catalog.<Boolean>write(tx -> true)).isTrue();
        }
    }

    @Test
    void aServerThatStartsAgainIsWaitedFor() throws Exception {
        try (var catalog = open();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            catalog.write(tx -> {
                count(tx);
                return true;
            });
            server.stop();
            var writing = threads.submit(() -> catalog.<Boolean>write(tx -> {
                count(tx);
                return true;
            }));
            var reading =
                    threads.submit(() -> catalog.read(view -> view.vaults().count(SCOPE)));
            server.startAgain();
            assertThat(CatalogUnderTest.got(writing)).isTrue();
            assertThat(CatalogUnderTest.got(reading)).isZero();
            var counted = catalog.read(view -> view.settings().installation("count"));
            assertThat(counted).contains("2");
        }
    }

    @Test
    void aSessionThatEndsInATransactionLosesItAndItIsMadeAgain() {
        try (var catalog = open()) {
            var bodies = new AtomicInteger();
            catalog.write(tx -> {
                count(tx);
                if (bodies.incrementAndGet() == 1) {
                    server.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + database
                            + "' and state = 'idle in transaction'");
                }
                tx.settings().putInstallation("last", "yes");
                return true;
            });
            assertThat(bodies).hasValue(2);
            var counted = catalog.read(view -> view.settings().installation("count"));
            assertThat(counted).contains("1");
        }
    }

    @Test
    void aNodeThatStandsStillInATransactionLosesIt() throws Exception {
        try (var still = open();
                var other = open();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var begun = new CountDownLatch(1);
            var resumed = new CountDownLatch(1);
            var bodies = new AtomicInteger();
            var standing = threads.submit(() -> still.<Boolean>write(tx -> {
                count(tx);
                if (bodies.incrementAndGet() == 1) {
                    begun.countDown();
                    await(resumed);
                }
                tx.settings().putInstallation("last", "still");
                return true;
            }));
            begun.await();
            // The other waits for its turn, until the server has ended the session that stands still.
            other.write(tx -> {
                count(tx);
                tx.settings().putInstallation("last", "other");
                return true;
            });
            resumed.countDown();
            assertThat(CatalogUnderTest.got(standing)).isTrue();
            assertThat(bodies).hasValue(2);
            var counted = other.read(view -> view.settings().installation("count"));
            assertThat(counted).contains("2");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    @Test
    void allNodesHaveTheClockOfTheDatabase() {
        // A host whose monotonic clock runs ten times too fast is set right again with the next transaction.
        var nanos = new AtomicLong();
        try (var catalog = SqlCatalog.open(new PostgresDatabase(address()), SpareRoom.NONE, nanos::get)) {
            var clock = catalog.clock(() -> Instant.EPOCH);
            var before = clock.instant();
            assertThat(before).isAfter(Instant.EPOCH.plus(Duration.ofDays(20_000)));
            nanos.addAndGet(Duration.ofHours(1).toNanos());
            assertThat(clock.instant()).isEqualTo(before.plus(Duration.ofHours(1)));
            catalog.read(view -> view.vaults().count(SCOPE));
            assertThat(clock.instant()).isBetween(before, before.plus(Duration.ofMinutes(30)));
        }
    }

    @Test
    void whatIsWrongIsToldWithTheWayOutAndWithoutThePassword() {
        var secret = Optional.of("hunter2hunter2");
        assertThatThrownBy(
                        () -> SqlCatalog.open(new PostgresAddress(server.url("nowhere"), PostgresServer.USER, secret)))
                .isInstanceOf(CatalogException.class)
                .hasMessageContaining("nowhere does not exist")
                .hasMessageContaining("create database")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> SqlCatalog.open(new PostgresAddress(server.url(database), "nobody", secret)))
                .isInstanceOf(CatalogException.class)
                .hasMessageContaining("refuses the user")
                .hasMessageContaining("catalog.user")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> SqlCatalog.open(
                        new PostgresAddress("jdbc:postgresql://127.0.0.1:1/coffer?sslmode=disable", "coffer", secret)))
                .isInstanceOf(CatalogException.class)
                .hasMessageContaining("jdbc:postgresql://127.0.0.1:1/coffer cannot be reached")
                .hasMessageContaining("catalog.url")
                .hasMessageNotContaining("hunter2");
        assertThat(new PostgresAddress("jdbc:postgresql://h/d", "coffer", secret).toString())
                .doesNotContain("hunter2");
    }

    @Test
    void aCatalogOfANewerVersionIsRefused() throws SQLException {
        open().close();
        try (var connection = server.connect(database);
                var statement = connection.createStatement()) {
            statement.execute("""
                    insert into flyway_schema_history
                        (installed_rank, version, description, type, script, checksum, installed_by, installed_on,
                         execution_time, success)
                    select 99, '999', 'later', type, 'V999__later.sql', 5, installed_by, installed_on, 1, true
                    from flyway_schema_history where version = '001'
                    """);
        }
        assertThatThrownBy(this::open)
                .isInstanceOf(CatalogException.class)
                .hasMessageContaining("has schema version 999")
                .hasMessageContaining("Start the newer version again");
    }
}
