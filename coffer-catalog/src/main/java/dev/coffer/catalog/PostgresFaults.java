package dev.coffer.catalog;

import dev.coffer.core.catalog.CatalogException;
import dev.coffer.core.catalog.CatalogException.Fault;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.io.Serial;
import java.sql.SQLException;
import java.util.Set;

/** What the exceptions of PostgreSQL mean, by their SQLSTATE (PostgreSQL manual, appendix A). */
final class PostgresFaults extends SqlFaults {
    @Serial
    private static final long serialVersionUID = 1;

    private static final String CONNECTION = "08";
    private static final String CONSTRAINT = "23";
    private static final String AUTHORIZATION = "28";
    /** Serialization failure, deadlock, lock not to be had in time. */
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01", "55P03");
    /** The server is starting or stopping, or ended the session; too many connections; the primary has become a standby. */
    private static final Set<String> INTERRUPTIONS =
            Set.of("57P01", "57P02", "57P03", "57P05", "25P03", "53300", "25006", "57014");

    private static final String NO_SUCH_DATABASE = "3D000";
    private static final String NO_PRIVILEGE = "42501";
    private static final String DISK_FULL = "53100";
    /** A character that text cannot have, a text that is too long for its column or for an index. */
    private static final Set<String> UNSTORABLE = Set.of("22021", "22P05", "22001", "54000");

    private final String name;

    PostgresFaults(String name) {
        this.name = name;
    }

    @Override
    String name() {
        return name;
    }

    @Override
    RuntimeException of(SQLException cause) {
        var state = state(cause);
        if (state.startsWith(CONSTRAINT)) {
            return new IllegalStateException("The catalog refuses a row that breaks a rule of its schema.", cause);
        }
        if (UNSTORABLE.contains(state)) {
            return new Refused(
                    Problem.invalid(
                            "A text of the request cannot be stored: it is too long, or holds the character U+0000. Send it without."));
        }
        if (CONFLICTS.contains(state)) {
            return fault(
                    "is busy with the transactions of other nodes",
                    "It passes by itself; if it comes often, look at the server's load.",
                    Fault.BUSY,
                    cause);
        }
        if (state.startsWith(CONNECTION) || INTERRUPTIONS.contains(state)) {
            return fault(
                    "cannot be reached",
                    "Look whether the database server runs, and whether catalog.url in the configuration names it.",
                    Fault.BUSY,
                    cause);
        }
        if (state.startsWith(AUTHORIZATION)) {
            return fault(
                    "refuses the user",
                    "Look at catalog.user and catalog.password in the configuration, and at pg_hba.conf of the server.",
                    Fault.BROKEN,
                    cause);
        }
        return switch (state) {
            case NO_SUCH_DATABASE ->
                fault(
                        "does not exist",
                        "Make it: create database NAME owner USER encoding 'UTF8' template template0.",
                        Fault.BROKEN,
                        cause);
            case NO_PRIVILEGE ->
                fault("may not be changed by the user", "Let the user own the database.", Fault.UNWRITABLE, cause);
            case DISK_FULL ->
                fault("cannot grow: the disk is full", "Free space on the server's disk.", Fault.FULL, cause);
            default ->
                fault(
                        "failed",
                        "This is likely a fault of the program; report it with this message.",
                        Fault.BROKEN,
                        cause);
        };
    }

    /** {@inheritDoc} If the answer to a commit is lost, nobody knows whether it was made; doing it again could do it twice. */
    @Override
    RuntimeException ofCommit(SQLException cause) {
        var meaning = of(cause);
        if (meaning instanceof CatalogException told && told.retryable() && !CONFLICTS.contains(state(cause))) {
            return fault(
                    "was lost during a commit, and the change may or may not have been stored",
                    "Look whether it was before doing it again.",
                    Fault.BROKEN,
                    cause);
        }
        return meaning;
    }

    private static String state(SQLException cause) {
        for (Throwable one = cause; one != null; one = one.getCause()) {
            // The pool says without a state that it waited in vain, or that a connection is gone.
            if (one instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return CONNECTION;
    }
}
