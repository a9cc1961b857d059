package dev.coffer.core.catalog;

import dev.coffer.core.arn.Scope;
import java.time.Instant;
import java.util.Optional;

/** Idempotency tokens: one result for each account, region, operation and token. */
public interface TokenTable {
    /**
     * What the token stands for.
     *
     * @param requestDigest tells whether a repeat asks for the same
     * @param result what the first request answered, for example a job id
     */
    record Token(String requestDigest, String result, Instant createdAt) {}

    Optional<Token> find(Scope scope, String operation, String token);

    /** Adds a token that is not there; two transactions cannot both add it. */
    void insert(Scope scope, String operation, String token, Token value);

    /** Removes tokens from before the moment. */
    int deleteBefore(Instant moment);
}
