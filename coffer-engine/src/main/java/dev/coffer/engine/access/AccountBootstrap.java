package dev.coffer.engine.access;

import dev.coffer.core.access.AccessKey;
import dev.coffer.core.access.User;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Catalog;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Gives an account what it needs to be used: the service role, the Default vaults, and an access key of its administrator. */
public final class AccountBootstrap {
    /** Path and name of the role that AWS Backup makes for its users. */
    public static final String DEFAULT_ROLE = "service-role/AWSBackupDefaultServiceRole";

    private final Catalog catalog;
    private final DefaultVaults vaults;
    private final SecretSealer sealer;
    private final Credentials maker;
    private final InstantSource clock;

    public AccountBootstrap(
            Catalog catalog, DefaultVaults vaults, SecretSealer sealer, Credentials maker, InstantSource clock) {
        this.catalog = catalog;
        this.vaults = vaults;
        this.sealer = sealer;
        this.maker = maker;
        this.clock = clock;
    }

    /**
     * Makes what the account does not have yet; durable on return, and a repeat makes only what is missing. The key comes last.
     *
     * @return the plain credentials if the key was made by this call; they cannot be read again
     */
    public Optional<NewCredentials> ensure(AccountId account, List<Region> regions) throws InterruptedException {
        var principal = Gate.administratorOf(account);
        catalog.<Boolean>write(tx -> {
            tx.access().putRole(Arn.ofRole(account, DEFAULT_ROLE), clock.instant());
            if (tx.principals().user(principal).isEmpty()) {
                tx.principals().insert(new User(principal, maker.id("AIDA"), Optional.empty(), clock.instant()));
            }
            return true;
        });
        for (var region : regions) {
            vaults.ensure(new Scope(account, region));
        }
        if (catalog.read(view -> hasKey(view.access().keysOf(account), principal))) {
            return Optional.empty();
        }
        var credentials = new NewCredentials(account, principal, maker.id("AKIA"), maker.secret());
        var sealed = sealer.seal(credentials.secretAccessKey());
        boolean made = catalog.write(tx -> {
            if (hasKey(tx.access().keysOf(account), principal)) {
                return false;
            }
            tx.access()
                    .insert(new AccessKey(
                            credentials.accessKeyId(), account, principal, sealed, clock.instant(), true));
            return true;
        });
        return made ? Optional.of(credentials) : Optional.empty();
    }

    private static boolean hasKey(List<AccessKey> keys, Arn principal) {
        return keys.stream().anyMatch(key -> key.principal().equals(principal));
    }
}
