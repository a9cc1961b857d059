package dev.coffer.engine.access;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Refuses a signed request that changes something and comes a second time, so that who records a delete cannot send it again.
 *
 * <p>Some SDKs sign the host and a time in whole seconds alone, so that two rightful calls within a second have one signature. Hence: within a second of the first, a request is a repeat if its signature,
 * its {@code amz-sdk-invocation-id} and its {@code amz-sdk-request} are the same; after that, if its signature is. Signatures are remembered in the catalog for as long as their time would be accepted,
 * across restarts and for all nodes. Safe for many threads.
 */
public final class ReplayGuard {
    private static final String USED = "This signed request was already used.";
    private static final Duration SAME_SECOND = Duration.ofSeconds(1);

    private final Catalog catalog;
    private final InstantSource clock;
    private final Duration skew;

    /**
     * A guard.
     *
     * @param skew how far the time of a signature may be from the server's
     */
    public ReplayGuard(Catalog catalog, InstantSource clock, Duration skew) {
        this.catalog = catalog;
        this.clock = clock;
        this.skew = skew;
    }

    /** Why the request may not pass; empty for its first use, which is remembered durably before this returns. */
    public Optional<Problem> objection(
            String signature, Optional<String> invocationId, Optional<String> attempt, Instant signedAt) {
        var until = signedAt.plus(skew.multipliedBy(2));
        var exact = signature + "|" + invocationId.orElse("") + "|" + attempt.orElse("");
        var now = clock.instant();
        boolean passes = catalog.<Boolean>write(tx -> {
            // Only a first use opens the second: a refused repeat does not let the next one pass.
            boolean fresh = tx.access()
                    .usedBefore(signature, now, until)
                    .map(first -> Duration.between(first, now).abs().compareTo(SAME_SECOND) <= 0)
                    .orElse(true);
            return fresh && tx.access().usedBefore(exact, now, until).isEmpty();
        });
        return passes ? Optional.empty() : Optional.of(Problem.accessDenied(USED));
    }
}
