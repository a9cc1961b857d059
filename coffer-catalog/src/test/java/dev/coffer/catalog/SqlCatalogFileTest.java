package dev.coffer.catalog;

import static dev.coffer.testkit.catalog.CatalogSamples.SCOPE;
import static dev.coffer.testkit.catalog.CatalogSamples.at;
import static dev.coffer.testkit.catalog.CatalogSamples.fileSystem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.catalog.CatalogException;
import dev.coffer.core.store.SpareRoom;
import dev.coffer.testkit.catalog.CatalogSamples;
import dev.coffer.testkit.catalog.CatalogUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of the catalog: opened again, of another version, locked, damaged. */
final class SqlCatalogFileTest {
    @TempDir
    private Path folder;

    private final CatalogSamples samples = new CatalogSamples(new Random(4));

    @Test
    void whatWasCommittedIsThereAfterOpeningAgain() {
        var vault = samples.vault("kept", at(0));
        var job = samples.backupJob(fileSystem(1), at(1));
        var event = samples.event(at(2));
        long epoch;
        try (var catalog = SqlCatalog.open(folder)) {
            epoch = catalog.write(tx -> {
                tx.vaults().insert(vault);
                tx.backupJobs().insert(job);
                tx.emit(event);
                return tx.backupJobs().nextEpoch();
            });
        }
        for (int round = 0; round < 2; round++) {
            try (var catalog = SqlCatalog.open(folder)) {
                var vaults = catalog.read(view -> view.vaults().all());
                assertThat(vaults).containsExactly(vault);
                var found = catalog.read(view -> view.backupJobs().find(SCOPE, job.id()));
                assertThat(found).contains(job);
                var events = catalog.read(view -> view.outbox().after(0, 9));
                assertThat(events).extracting(entry -> entry.event()).containsExactly(event);
                long later = catalog.write(tx -> tx.backupJobs().nextEpoch());
                assertThat(later).isGreaterThan(epoch);
                epoch = later;
            }
        }
    }

    @Test
    void theFilesAreTheOwnersAlone() throws IOException {
        try (var catalog = SqlCatalog.open(folder)) {
            catalog.write(tx -> {
                tx.vaults().insert(samples.vault("any", at(0)));
                return true;
            });
            for (var name : List.of("catalog.db", "catalog.db-wal", "catalog.db-shm")) {
                var permissions = Files.getPosixFilePermissions(folder.resolve(name));
                assertThat(PosixFilePermissions.toString(permissions)).as(name).isEqualTo("rw-------");
            }
        }
    }

    @Test
    void aCatalogOfANewerVersionIsRefusedAndLeftAsItIs() throws Exception {
        SqlCatalog.open(folder).close();
        execute("""
                insert into flyway_schema_history
                    (installed_rank, version, description, type, script, checksum, installed_by, installed_on,
                     execution_time, success)
                select 99, '999', 'later', type, 'V999__later.sql', 5, installed_by, installed_on, 1, 1
                from flyway_schema_history where version = '001'
                """);
        var before = Files.readAllBytes(folder.resolve("catalog.db"));
        assertThatThrownBy(() -> SqlCatalog.open(folder))
                .isInstanceOf(CatalogException.class)
                .hasMessageContaining("catalog.db has schema version 999")
                .hasMessageContaining("a newer Coffer has written")
                .hasMessageContaining("Start the newer version again")
                .satisfies(thrown -> assertThat(retryable(thrown)).isFalse());
        assertThat(Files.readAllBytes(folder.resolve("catalog.db"))).isEqualTo(before);
    }

    @Test
    void aFileThatIsNoDatabaseIsRefusedAndLeftAsItIs() throws IOException {
        var text = "These are notes and not a database.\n".repeat(300);
        Files.writeString(folder.resolve("catalog.db"), text);
        assertThatThrownBy(() -> SqlCatalog.open(folder))
                .isInstanceOf(CatalogException.class)
                .hasMessageContaining("is damaged or not a catalog")
                .hasMessageContaining("put back a copy")
                .satisfies(thrown -> assertThat(retryable(thrown)).isFalse());
        assertThat(folder.resolve("catalog.db")).hasContent(text);
    }

    @Test
    void aDamagedFileIsRefused() throws IOException {
        SqlCatalog.open(folder).close();
        var file = folder.resolve("catalog.db");
        var bytes = Files.readAllBytes(file);
        // The header of the file stays; every page behind it is damaged.
        Arrays.fill(bytes, 100, bytes.length, (byte) 0xff);
        Files.write(file, bytes);
        assertThatThrownBy(() -> SqlCatalog.open(folder))
                .isInstanceOf(CatalogException.class)
                .hasMessageContaining("is damaged or not a catalog");
    }

    @Test
    void aFolderThatCannotBeMadeIsToldWithTheWayOut() throws IOException {
        var file = Files.createFile(folder.resolve("taken"));
        assertThatThrownBy(() -> SqlCatalog.open(file))
                .isInstanceOf(CatalogException.class)
                .hasMessageContaining("cannot be made or protected")
                .hasMessageContaining("own its folder");
    }

    @Test
    void aWriterThatAnotherProcessLocksOutTellsSoAndComesBack() throws Exception {
        try (var catalog = SqlCatalog.open(CatalogFile.in(folder, Duration.ofMillis(10)), SpareRoom.NONE)) {
            var vault = samples.vault("waits", at(0));
            try (var other = CatalogFile.in(folder).connectForWriting();
                    var statement = other.createStatement()) {
                statement.execute("begin immediate");
                assertThatThrownBy(() -> catalog.write(tx -> {
                            tx.vaults().insert(vault);
                            return true;
                        }))
                        .isInstanceOf(CatalogException.class)
                        .hasMessageContaining("is locked by another process")
                        .hasMessageContaining("Stop the other process")
                        .satisfies(thrown -> assertThat(retryable(thrown)).isTrue());
                // A reader needs no lock of the writer.
                var vaults = catalog.read(view -> view.vaults().all());
                assertThat(vaults).isEmpty();
                statement.execute("rollback");
            }
            catalog.write(tx -> {
                tx.vaults().insert(vault);
                return true;
            });
            var vaults = catalog.read(view -> view.vaults().all());
            assertThat(vaults).containsExactly(vault);
        }
    }

    @Test
    void readersNeitherWaitForTheWriterNorSeeWhatItHasNotCommitted() {
        try (var catalog = SqlCatalog.open(folder);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var seen = catalog.write(tx -> {
                tx.vaults().insert(samples.vault("open", at(0)));
                var reader = threads.submit(
                        () -> catalog.<Long>read(view -> view.vaults().count(SCOPE)));
                return CatalogUnderTest.got(reader);
            });
            assertThat(seen).isZero();
            var after = catalog.<Long>read(view -> view.vaults().count(SCOPE));
            assertThat(after).isEqualTo(1);
        }
    }

    @Test
    void aTransactionInsideATransactionIsABug() {
        try (var catalog = SqlCatalog.open(folder)) {
            assertThatThrownBy(() -> catalog.write(tx -> catalog.write(inner -> true)))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(catalog.<Boolean>write(tx -> true)).isTrue();
        }
    }

    @Test
    void aClosedCatalogStaysClosedAndClosingAgainDoesNothing() {
        var catalog = SqlCatalog.open(folder);
        catalog.close();
        catalog.close();
        assertThatThrownBy(() -> catalog.read(view -> true)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> catalog.write(tx -> true)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aCommitIsSyncedInFull() throws SQLException {
        try (var connection = CatalogFile.in(folder).connectForWriting();
                var statement = connection.createStatement()) {
            try (var mode = statement.executeQuery("pragma journal_mode")) {
                assertThat(mode.getString(1)).isEqualTo("wal");
            }
            try (var synced = statement.executeQuery("pragma synchronous")) {
                assertThat(synced.getInt(1)).as("FULL").isEqualTo(2);
            }
        }
    }

    private static boolean retryable(Throwable thrown) {
        return thrown instanceof CatalogException fault && fault.retryable();
    }

    private void execute(String command) throws SQLException {
        try (var connection = CatalogFile.in(folder).connectForWriting();
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(command)).isEqualTo(1);
        }
    }
}
