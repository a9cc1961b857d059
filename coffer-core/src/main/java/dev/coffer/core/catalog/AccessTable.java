package dev.coffer.core.catalog;

import dev.coffer.core.access.AccessKey;
import dev.coffer.core.arn.Arn;
import java.time.Instant;

/** Changes keys and roles. */
public interface AccessTable extends AccessRows {
    void insert(AccessKey key);

    /** Adds a role that trusts the backup service; a repeat changes nothing. */
    void putRole(Arn role, Instant createdAt);

    /** Remembers a signature until the moment. False if it is remembered already: the request is a replay. */
    boolean firstUse(String signature, Instant until);

    /** Forgets signatures whose moment has passed. */
    int forgetSignaturesBefore(Instant moment);
}
