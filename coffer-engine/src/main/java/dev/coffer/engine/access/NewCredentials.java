package dev.coffer.engine.access;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;

/** Credentials as their owner gets them, once. {@link #toString} shows none of the secret. */
public record NewCredentials(AccountId account, Arn principal, String accessKeyId, String secretAccessKey) {
    @Override
    public String toString() {
        return "NewCredentials[" + accessKeyId + " of " + principal + "]";
    }
}
