package dev.coffer.core.access;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;

/** Who makes a request, after the signature has been verified, and in which region. */
public record Caller(AccountId account, Arn principal, Region region) {
    /** The state that this request is about. */
    public Scope scope() {
        return new Scope(account, region);
    }
}
