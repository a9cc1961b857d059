package dev.coffer.core.catalog;

import dev.coffer.core.access.AccessKey;
import dev.coffer.core.access.AccessSession;
import dev.coffer.core.arn.Arn;
import java.time.Instant;

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

    /** Remembers a signature until the moment. False if it is remembered already: the request is a replay. */
    boolean firstUse(String signature, Instant until);

    /** Forgets signatures whose moment has passed. */
    int forgetSignaturesBefore(Instant moment);
}
