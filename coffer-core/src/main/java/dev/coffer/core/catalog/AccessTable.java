package dev.coffer.core.catalog;

import dev.coffer.core.access.AccessKey;
import dev.coffer.core.access.AccessSession;
import dev.coffer.core.arn.Arn;
import java.time.Instant;
import java.util.Optional;

/** Changes keys and sessions. */
public interface AccessTable extends AccessRows {
    void insert(AccessKey key);

    /** Replaces the key that has the same id. */
    void update(AccessKey key);

    void deleteKey(String id);

    void insert(AccessSession session);

    /** Forgets sessions that ended before the moment. */
    int forgetSessionsBefore(Instant moment);

    /** Adds a role that trusts the backup service and has its policies; a repeat changes nothing. */
    void putRole(Arn role, Instant createdAt);

    /**
     * Remembers a signature until the moment.
     *
     * @return when it was used first, if it is remembered already; empty for its first use
     */
    Optional<Instant> usedBefore(String signature, Instant now, Instant until);

    /** Forgets signatures whose moment has passed. */
    int forgetSignaturesBefore(Instant moment);
}
