package dev.coffer.catalog;

import dev.coffer.core.catalog.CatalogException;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;

/** Brings the schema of a catalog to this version. Each step is a file in {@code db/migration} that is never changed after its release. */
final class Migrations {
    private final Database database;

    Migrations(Database database) {
        this.database = database;
    }

    /**
     * Runs the steps that are missing. Processes that start at once take turns.
     *
     * @throws CatalogException if the database has steps of a newer version, or a step fails
     */
    void run() {
        try (var held = database.lockForMigrations()) {
            var flyway = Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(database.forMigrations())
                    .locations("classpath:db/migration")
                    .failOnMissingLocations(true)
                    // Policies have variables that look like placeholders.
                    .placeholderReplacement(false)
                    .load();
            var current = flyway.info().current();
            if (current != null && isUnknown(current)) {
                throw new CatalogException(
                        "The catalog " + database.name() + " has schema version " + current.getVersion()
                                + ", which a newer Coffer has written and this one does not know. Start the newer version"
                                + " again, or put back the copy of it from before the upgrade.",
                        CatalogException.Fault.BROKEN,
                        new IllegalStateException("unknown schema version"));
            }
            flyway.migrate();
            database.afterMigrations(held);
        } catch (FlywayException failed) {
            throw translated(failed);
        } catch (SQLException failed) {
            throw database.faults().of(failed);
        }
    }

    private static boolean isUnknown(MigrationInfo applied) {
        return !applied.getState().isResolved();
    }

    private RuntimeException translated(FlywayException failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return database.faults().of(sql);
            }
        }
        return new CatalogException(
                "The schema of the catalog " + database.name() + " cannot be brought up to date (" + failed.getMessage()
                        + "). Put back the copy of it from before the upgrade, and report this message.",
                CatalogException.Fault.BROKEN,
                failed);
    }
}
