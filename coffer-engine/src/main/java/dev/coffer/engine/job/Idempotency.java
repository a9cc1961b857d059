package dev.coffer.engine.job;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.TokenTable;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** The idempotency token of one request: the same request again finds the first answer, another one with the token is refused (AWS Backup API, idempotency). */
public final class Idempotency {
    private final Scope scope;
    private final String operation;
    private final Optional<String> token;
    private final Duration kept;
    private final String digest;

    /**
     * The token of a request.
     *
     * @param kept how long a token finds its answer
     * @param request all that makes two requests the same, in a fixed order; maps are sorted ones
     */
    public Idempotency(Scope scope, String operation, Optional<String> token, Duration kept, List<?> request) {
        this.scope = scope;
        this.operation = operation;
        this.token = token;
        this.kept = kept;
        this.digest = digest(request);
    }

    /** What the first request with the token answered. */
    public Optional<String> earlier(Transaction tx, Instant now) {
        if (token.isEmpty()) {
            return Optional.empty();
        }
        tx.tokens().deleteBefore(now.minus(kept));
        var found = tx.tokens().find(scope, operation, token.get());
        if (found.isPresent() && !found.get().requestDigest().equals(digest)) {
            throw new Refused(Problem.invalid("IdempotencyToken was used by another request with different parameters."
                    + " Use a new token for a new request."));
        }
        return found.map(TokenTable.Token::result);
    }

    /** Lets the token stand for the result. */
    public void keep(Transaction tx, String result, Instant now) {
        token.ifPresent(text -> tx.tokens().insert(scope, operation, text, new TokenTable.Token(digest, result, now)));
    }

    private static String digest(List<?> request) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            request.forEach(part -> add(sha, part));
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private static void add(MessageDigest sha, Object part) {
        if (part instanceof SortedMap<?, ?> map) {
            add(sha, map.size());
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                add(sha, entry.getKey());
                add(sha, entry.getValue());
            }
            return;
        }
        var bytes = part.toString().getBytes(StandardCharsets.UTF_8);
        // With its length, so that no two requests run together to the same bytes.
        sha.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        sha.update(bytes);
    }
}
