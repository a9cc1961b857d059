package dev.coffer.engine.job;

import dev.coffer.core.connector.SourceException;
import dev.coffer.core.job.JobId;
import dev.coffer.core.key.KeyServiceException;
import dev.coffer.core.key.WrongKey;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a failure inside a job means.
 *
 * @param message what the user reads: what, why, next step
 * @param passing whether the same work may succeed later
 */
record JobFailure(String message, boolean passing) {
    private static final Logger LOG = LoggerFactory.getLogger(JobFailure.class);

    /** AWS's text for a fault of the service itself. */
    static final String INTERNAL = "An internal error occurred.";

    static JobFailure of(JobId job, RuntimeException failure) {
        return switch (failure) {
            case SourceException source -> new JobFailure(text(source), source.retryable());
            case StoreException store ->
                logged(job, store, "The vault's storage failed: " + text(store) + ".", store.retryable());
            case RepositoryException vault -> logged(job, vault, "The vault failed: " + text(vault) + ".", false);
            case WrongKey key -> logged(job, key, text(key), false);
            case KeyServiceException service -> logged(job, service, text(service), service.retryable());
            case Refused refused -> new JobFailure(refused.problem().message(), false);
            default -> logged(job, failure, INTERNAL, false);
        };
    }

    private static String text(RuntimeException failure) {
        return String.valueOf(failure.getMessage());
    }

    private static JobFailure logged(JobId job, RuntimeException failure, String message, boolean passing) {
        LOG.atError()
                .setCause(failure)
                .addKeyValue("event", "job.fault")
                .addKeyValue("job", job)
                .log("a job met a fault");
        return new JobFailure(message, passing);
    }
}
