package dev.coffer.engine.recoverypoint;

import dev.coffer.core.continuous.Series;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All manifests of one recovery point: one of a snapshot, those of all marks of a continuous backup.
 *
 * @param sessions in the order of the marks
 */
record SeriesStorage(List<SessionId> sessions) {
    /** A continuous backup's: besides the marks that the catalog has the numbers of, the one that a round may have stored and not listed. */
    static SeriesStorage of(Series series, List<Long> numbers) {
        var sessions = new ArrayList<SessionId>();
        long last = 0;
        for (long number : numbers) {
            sessions.add(series.session(number));
            last = number;
        }
        sessions.add(series.session(last + 1));
        return new SeriesStorage(sessions);
    }

    static SeriesStorage of(String session) {
        return new SeriesStorage(List.of(new SessionId(session)));
    }

    void forget(Repository repository) throws InterruptedException {
        for (var session : sessions) {
            repository.forget(session);
        }
    }

    /** The newest manifest that is there. */
    Optional<SessionId> newest(Repository repository) throws InterruptedException {
        for (var session : sessions.reversed()) {
            try (var _ = repository.open(session)) {
                return Optional.of(session);
            } catch (RepositoryException.NotFound forgotten) {
                // An earlier one may be there.
            }
        }
        return Optional.empty();
    }
}
