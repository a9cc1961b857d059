package dev.coffer.catalog;

import dev.coffer.core.catalog.CatalogException;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;

/** Brings the schema of a catalog to this version. Each step is a file in {@code db/migration} that is never changed after its release. */
final class Migrations {
    private final CatalogFile file;

    Migrations(CatalogFile file) {
        this.file = file;
    }

    /**
     * Runs the steps that are missing.
     *
     * @throws CatalogException if the file has steps of a newer version, or a step fails
     */
    void run() {
        try {
            var flyway = Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(file.writable())
                    .locations("classpath:db/migration")
                    .failOnMissingLocations(true)
                    // Policies have variables that look like placeholders.
                    .placeholderReplacement(false)
                    .load();
            var current = flyway.info().current();
            if (current != null && isUnknown(current)) {
                throw new CatalogException(
                        "The catalog " + file.path() + " has schema version " + current.getVersion()
                                + ", which a newer Coffer has written and this one does not know. Start the newer version"
                                + " again, or put back the copy of the file from before the upgrade.",
                        CatalogException.Fault.BROKEN,
                        new IllegalStateException("unknown schema version"));
            }
            flyway.migrate();
        } catch (FlywayException failed) {
            throw translated(failed);
        }
    }

    private static boolean isUnknown(MigrationInfo applied) {
        return !applied.getState().isResolved();
    }

    private RuntimeException translated(FlywayException failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return file.faults().of(sql);
            }
        }
        return new CatalogException(
                "The schema of the catalog " + file.path() + " cannot be brought up to date (" + failed.getMessage()
                        + "). Put back the copy of the file from before the upgrade, and report this message.",
                CatalogException.Fault.BROKEN,
                failed);
    }
}
