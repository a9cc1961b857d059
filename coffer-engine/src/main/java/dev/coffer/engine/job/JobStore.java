package dev.coffer.engine.job;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.problem.Refused;
import java.util.function.Function;

/** The catalog as runners use it. A fault of the catalog says nothing about the work, so it must not end a job; here it gets a type of its own. */
final class JobStore {
    private final Catalog catalog;

    JobStore(Catalog catalog) {
        this.catalog = catalog;
    }

    /** The catalog could not be read or written. The job stays as it is; when its lease has lapsed, it goes on. */
    static final class Fault extends RuntimeException {
        Fault(RuntimeException cause) {
            super("the catalog could not be used", cause);
        }
    }

    <T> T read(Function<View, T> body) {
        return told(() -> catalog.read(body));
    }

    <T> T write(Function<Transaction, T> body) {
        return told(() -> catalog.write(body));
    }

    private interface Call<T> {
        T make();
    }

    private static <T> T told(Call<T> call) {
        try {
            return call.make();
        } catch (SourceException | Refused | CalledBack ofTheWork) {
            throw ofTheWork;
        } catch (RuntimeException failure) {
            throw new Fault(failure);
        }
    }
}
