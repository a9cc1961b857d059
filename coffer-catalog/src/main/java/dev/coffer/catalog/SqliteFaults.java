package dev.coffer.catalog;

import dev.coffer.core.catalog.CatalogException.Fault;
import java.io.Serial;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteException;

/** What the exceptions of SQLite mean. */
final class SqliteFaults extends SqlFaults {
    @Serial
    private static final long serialVersionUID = 1;

    /** The low byte of an extended result code is the primary one (SQLite, result and error codes). */
    private static final int PRIMARY = 0xff;

    private static final int SQLITE_BUSY = 5;
    private static final int SQLITE_LOCKED = 6;
    private static final int SQLITE_READONLY = 8;
    private static final int SQLITE_IOERR = 10;
    private static final int SQLITE_CORRUPT = 11;
    private static final int SQLITE_FULL = 13;
    private static final int SQLITE_CANTOPEN = 14;
    private static final int SQLITE_CONSTRAINT = 19;
    private static final int SQLITE_NOTADB = 26;

    private final transient Path file;

    SqliteFaults(Path file) {
        this.file = file;
    }

    @Override
    String name() {
        return file.toString();
    }

    @Override
    RuntimeException of(SQLException cause) {
        return switch (primaryCode(cause)) {
            case SQLITE_CONSTRAINT ->
                new IllegalStateException("The catalog refuses a row that breaks a rule of its schema.", cause);
            case SQLITE_BUSY, SQLITE_LOCKED ->
                fault(
                        "is locked by another process",
                        "Stop the other process that has it open; only one server may use a data folder.",
                        Fault.BUSY,
                        cause);
            case SQLITE_NOTADB, SQLITE_CORRUPT ->
                fault(
                        "is damaged or not a catalog",
                        "Stop the server, keep the file for inspection, and put back a copy of it, or move it away and"
                                + " import the recovery points from the vaults.",
                        Fault.BROKEN,
                        cause);
            case SQLITE_FULL -> fault("cannot grow: the disk is full", "Free space on its disk.", Fault.FULL, cause);
            case SQLITE_READONLY, SQLITE_CANTOPEN ->
                fault(
                        "cannot be opened for writing",
                        "Let the user that the server runs as own the file and its folder, and look whether the disk is full.",
                        Fault.UNWRITABLE,
                        cause);
            case SQLITE_IOERR ->
                fault(
                        "cannot be read or written",
                        "Look at the disk and the system's log; the folder must be on a local file system.",
                        Fault.UNWRITABLE,
                        cause);
            default ->
                fault(
                        "failed",
                        "This is likely a fault of the program; report it with this message.",
                        Fault.BROKEN,
                        cause);
        };
    }

    private static int primaryCode(SQLException cause) {
        return cause instanceof SQLiteException sqlite ? sqlite.getResultCode().code & PRIMARY : 0;
    }
}
