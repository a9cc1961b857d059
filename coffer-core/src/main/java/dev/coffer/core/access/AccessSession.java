package dev.coffer.core.access;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import java.time.Instant;
import java.util.Optional;

/**
 * Temporary credentials. They end at their time, and with the user or role that they were issued for.
 *
 * @param id the access key id
 * @param account of the principal
 * @param principal who they stand for: the user, or the session of a role
 * @param issuer the user or role whose policies hold
 * @param issuerId the identity of the issuer; one that is made again under the same name has another
 * @param policy caps what the session may do
 * @param sealedSecret the secret, encrypted under the node's key, in Base64; {@link #toString} shows none of it
 * @param tokenDigest SHA-256 of the session token, in hexadecimal digits
 */
public record AccessSession(
        String id,
        AccountId account,
        Arn principal,
        Arn issuer,
        String issuerId,
        Optional<PolicyDocument> policy,
        String sealedSecret,
        String tokenDigest,
        Instant createdAt,
        Instant expiresAt) {
    private static final String ROLE = "role/";

    /** The last part of the principal's ARN. */
    public String name() {
        return principal.resource().substring(principal.resource().lastIndexOf('/') + 1);
    }

    /** Whether it is of a role, and not of a user. */
    public boolean ofRole() {
        return issuer.resource().startsWith(ROLE);
    }

    /** The unique id of the principal, {@code aws:userid}. */
    public String userId() {
        return ofRole() ? issuerId + ":" + name() : issuerId;
    }

    @Override
    public String toString() {
        return "AccessSession[" + id + " of " + principal + "]";
    }
}
