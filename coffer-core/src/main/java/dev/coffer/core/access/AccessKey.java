package dev.coffer.core.access;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import java.time.Instant;

/**
 * A long-lived access key.
 *
 * @param sealedSecret the secret, encrypted under the node's key, in Base64; {@link #toString} shows none of it
 * @param active whether requests may be signed with it
 */
public record AccessKey(
        String id, AccountId account, Arn principal, String sealedSecret, Instant createdAt, boolean active) {
    @Override
    public String toString() {
        return "AccessKey[" + id + " of " + principal + (active ? "" : ", inactive") + "]";
    }
}
