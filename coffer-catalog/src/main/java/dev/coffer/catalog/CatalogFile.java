package dev.coffer.catalog;

import dev.coffer.core.catalog.CatalogException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;

/**
 * The file of the catalog, readable by its owner alone, and how it is connected to. Beside it lie SQLite's log and its index ({@code -wal}, {@code -shm}), which belong to it, and a folder {@code native} with the
 * unpacked SQLite library.
 */
final class CatalogFile {
    static final String NAME = "catalog.db";

    private static final String NATIVE_FOLDER_PROPERTY = "org.sqlite.tmpdir";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Pages that a connection keeps, outside of the heap. A row goes into many indexes, and those of a large catalog are not in SQLite's usual 2 MiB. */
    private static final int WRITER_CACHE_KIB = 32 * 1024;

    private static final int READER_CACHE_KIB = 8 * 1024;

    private final Path path;
    private final SqlFaults faults;

    private final Duration patience;

    private CatalogFile(Path path, Duration patience) {
        this.path = path;
        this.patience = patience;
        this.faults = new SqlFaults(path);
    }

    /** The catalog in the folder. The folder and the file are made if they are missing. */
    static CatalogFile in(Path folder) {
        return in(folder, PATIENCE);
    }

    /** As {@link #in(Path)}, with the time that a connection waits for a lock of another process. */
    static CatalogFile in(Path folder, Duration patience) {
        var path = folder.toAbsolutePath().normalize().resolve(NAME);
        try {
            Files.createDirectories(path.getParent());
            useForNativeLibrary(path.resolveSibling("native"));
            if (!Files.exists(path)) {
                Files.createFile(path);
            }
            var posix = Files.getFileAttributeView(path, PosixFileAttributeView.class);
            if (posix != null) {
                // SQLite gives its log and its index the permissions of the file.
                posix.setPermissions(PosixFilePermissions.fromString("rw-------"));
            }
        } catch (IOException cannot) {
            throw new CatalogException(
                    "The catalog " + path + " cannot be made or protected (" + cannot.getMessage()
                            + "). Let the user that the server runs as own its folder.",
                    CatalogException.Fault.UNWRITABLE,
                    cannot);
        }
        return new CatalogFile(path, patience);
    }

    Path path() {
        return path;
    }

    SqlFaults faults() {
        return faults;
    }

    /** For writing: a commit is on the disk when it returns (write-ahead log, synced in full). */
    SQLiteDataSource writable() {
        var config = config(WRITER_CACHE_KIB);
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.enforceForeignKeys(true);
        return source(config);
    }

    /** For reading; a statement that would change something fails. The file has to be open for writing elsewhere. */
    SQLiteDataSource readOnly() {
        var config = config(READER_CACHE_KIB);
        config.setReadOnly(true);
        return source(config);
    }

    /** A new connection for writing. */
    Connection connectForWriting() {
        try {
            return writable().getConnection();
        } catch (SQLException cannot) {
            throw faults.of(cannot);
        }
    }

    private SQLiteConfig config(int cacheKib) {
        var config = new SQLiteConfig();
        // Negative: in KiB and not in pages.
        config.setCacheSize(-cacheKib);
        config.setBusyTimeout(Math.toIntExact(patience.toMillis()));
        return config;
    }

    private SQLiteDataSource source(SQLiteConfig config) {
        var source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + path);
        return source;
    }

    /**
     * The driver unpacks its native library; the system's folder for temporary files may forbid to run what lies there, the data folder does not. The first catalog of the process decides, and a setting from outside goes
     * before. What a killed process has left is removed: a library that is in use stays in memory.
     */
    private static void useForNativeLibrary(Path folder) throws IOException {
        if (System.getProperty(NATIVE_FOLDER_PROPERTY) != null) {
            return;
        }
        Files.createDirectories(folder);
        try (var left = Files.newDirectoryStream(folder, "sqlite-*")) {
            for (var file : left) {
                Files.deleteIfExists(file);
            }
        } catch (UncheckedIOException inUse) {
            throw inUse.getCause();
        }
        System.setProperty(NATIVE_FOLDER_PROPERTY, folder.toString());
    }
}
