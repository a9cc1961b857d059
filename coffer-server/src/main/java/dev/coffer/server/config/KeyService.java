package dev.coffer.server.config;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.keys.kms.KmsCredentials;
import java.net.URI;
import java.util.Optional;

/**
 * A key service with keys that users may name for their vaults, as an entry of the section {@code kms} says it.
 *
 * @param account whose keys it has; empty for those of any account
 * @param endpoint of a service that is not AWS's own in that Region
 */
public record KeyService(
        Region region, Optional<AccountId> account, Optional<URI> endpoint, KmsCredentials credentials) {
    /** Whether it could have the key. */
    public boolean has(Arn key) {
        return region.value().equals(key.region())
                && account.map(AccountId::value).map(key.account()::equals).orElse(true);
    }
}
