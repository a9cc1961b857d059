package dev.coffer.engine.access;

import dev.coffer.core.access.AccessKey;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Catalog;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Gives an account what it needs to be used: the service role, the Default vaults, and an access key of its administrator. */
public final class AccountBootstrap {
    /** Path and name of the role that AWS Backup makes for its users. */
    public static final String DEFAULT_ROLE = "service-role/AWSBackupDefaultServiceRole";

    private static final String ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String SECRET_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final int ID_RANDOM = 16;
    private static final int SECRET_LENGTH = 40;

    /** Credentials as their owner gets them, once. {@link #toString} shows none of the secret. */
    public record NewCredentials(AccountId account, Arn principal, String accessKeyId, String secretAccessKey) {
        @Override
        public String toString() {
            return "NewCredentials[" + accessKeyId + " of " + principal + "]";
        }
    }

    private final Catalog catalog;
    private final DefaultVaults vaults;
    private final SecretSealer sealer;
    private final RandomGenerator random;
    private final InstantSource clock;

    /**
     * A bootstrap.
     *
     * @param random must be a cryptographic source
     */
    public AccountBootstrap(
            Catalog catalog, DefaultVaults vaults, SecretSealer sealer, RandomGenerator random, InstantSource clock) {
        this.catalog = catalog;
        this.vaults = vaults;
        this.sealer = sealer;
        this.random = random;
        this.clock = clock;
    }

    /**
     * Makes what the account does not have yet; durable on return, and a repeat makes only what is missing. The key comes last.
     *
     * @return the plain credentials if the key was made by this call; they cannot be read again
     */
    public Optional<NewCredentials> ensure(AccountId account, List<Region> regions) throws InterruptedException {
        catalog.<Boolean>write(tx -> {
            var role = Arn.ofRole(account, DEFAULT_ROLE);
            if (!tx.access().roleTrustsBackup(role)) {
                tx.access().putRole(role, clock.instant());
            }
            return true;
        });
        for (var region : regions) {
            vaults.ensure(new Scope(account, region));
        }
        var principal = Gate.administratorOf(account);
        if (catalog.read(view -> hasKey(view.access().keysOf(account), principal))) {
            return Optional.empty();
        }
        var credentials = new NewCredentials(
                account, principal, "AKIA" + letters(ID_LETTERS, ID_RANDOM), letters(SECRET_LETTERS, SECRET_LENGTH));
        var sealed = sealer.seal(credentials.secretAccessKey());
        boolean made = catalog.write(tx -> {
            if (hasKey(tx.access().keysOf(account), principal)) {
                return false;
            }
            tx.access().insert(new AccessKey(credentials.accessKeyId(), account, principal, sealed, clock.instant()));
            return true;
        });
        return made ? Optional.of(credentials) : Optional.empty();
    }

    private static boolean hasKey(List<AccessKey> keys, Arn principal) {
        return keys.stream().anyMatch(key -> key.principal().equals(principal));
    }

    private String letters(String from, int count) {
        var text = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            text.append(from.charAt(random.nextInt(from.length())));
        }
        return text.toString();
    }
}
