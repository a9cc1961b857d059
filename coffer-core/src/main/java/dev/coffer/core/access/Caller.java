package dev.coffer.core.access;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import java.util.Optional;

/**
 * Who makes a request, after the signature has been verified, and in which region.
 *
 * @param principal the user; for a session of a role its {@code arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION}
 * @param session the session whose credentials signed it
 */
public record Caller(AccountId account, Arn principal, Region region, Optional<AccessSession> session, Origin origin) {
    /** Somebody with long-lived credentials, from within. */
    public Caller(AccountId account, Arn principal, Region region) {
        this(account, principal, region, Optional.empty(), Origin.WITHIN);
    }

    /** The state that this request is about. */
    public Scope scope() {
        return new Scope(account, region);
    }
}
