package dev.coffer.catalog;

import dev.coffer.core.catalog.CatalogException;
import dev.coffer.core.catalog.CatalogException.Fault;
import java.io.Serial;
import java.sql.SQLException;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;

/** Turns the driver's exceptions into ones that tell the operator what to do. The statement is left out: its text is of no use to an operator, and its values may be confidential. */
abstract class SqlFaults implements ExecuteListener {
    @Serial
    private static final long serialVersionUID = 1;

    @Override
    public void exception(ExecuteContext context) {
        var cause = context.sqlException();
        if (cause != null) {
            context.exception(of(cause));
        }
    }

    /** What the catalog is called in messages, without anything confidential. */
    abstract String name();

    /** What the exception means. A row that breaks a rule of the schema is a bug of the caller, all else is a fault of the database. */
    abstract RuntimeException of(SQLException cause);

    /** What it means that a commit failed. */
    RuntimeException ofCommit(SQLException cause) {
        return of(cause);
    }

    final CatalogException fault(String what, String nextStep, Fault fault, SQLException cause) {
        return new CatalogException(
                "The catalog " + name() + " " + what + " (" + cause.getMessage() + "). " + nextStep, fault, cause);
    }
}
