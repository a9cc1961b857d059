package dev.coffer.engine.vault;

import dev.coffer.core.access.Caller;
import dev.coffer.core.access.Facts;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.vault.RetentionBounds;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultLock;
import dev.coffer.core.vault.VaultName;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.clock.TrustedClock;
import dev.coffer.engine.event.Events;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** The use cases of vault locks. */
public final class VaultLockService {
    private final Catalog catalog;
    private final Gate gate;
    private final TrustedClock trusted;
    private final InstantSource clock;
    private final Events events;
    private final Runnable wakeRetention;

    /**
     * The use cases.
     *
     * @param wakeRetention tells that the storage of a vault may have to keep its points from now on
     */
    public VaultLockService(
            Catalog catalog,
            Gate gate,
            TrustedClock trusted,
            InstantSource clock,
            Supplier<UUID> ids,
            Runnable wakeRetention) {
        this.catalog = catalog;
        this.gate = gate;
        this.trusted = trusted;
        this.clock = clock;
        this.events = new Events(ids);
        this.wakeRetention = wakeRetention;
    }

    /**
     * Locks a vault, in the place of the lock that it has. In force when this returns.
     *
     * @param changeableForDays for compliance; empty for governance
     * @throws Refused INVALID_PARAMETER_VALUE for days that cannot be; RESOURCE_NOT_FOUND; INVALID_REQUEST for a lock that is permanent, or would become weaker while the vault clock is suspect
     */
    public void put(
            Caller caller,
            String vault,
            Optional<Long> minRetentionDays,
            Optional<Long> maxRetentionDays,
            Optional<Long> changeableForDays) {
        gate.check(
                caller,
                "backup:PutBackupVaultLockConfiguration",
                Arn.ofVault(caller.scope(), vault),
                Facts.NONE
                        .with("backup:MinRetentionDays", minRetentionDays.map(Object::toString))
                        .with("backup:MaxRetentionDays", maxRetentionDays.map(Object::toString))
                        .with("backup:ChangeableForDays", changeableForDays.map(Object::toString)));
        var bounds = RetentionBounds.ofRequest(minRetentionDays, maxRetentionDays);
        catalog.<Boolean>write(tx -> {
            var now = trusted.at(tx);
            var wanted = VaultLock.ofRequest(bounds, changeableForDays, now);
            var found = existing(tx, caller, vault);
            tx.locks().of(found).objectsToReplacement(wanted, now).ifPresent(problem -> {
                throw new Refused(problem);
            });
            tx.locks().put(found, wanted);
            tx.emit(events.vaultLocked(found, true, clock.instant()));
            return true;
        });
        wakeRetention.run();
    }

    /**
     * Takes the lock off. A vault without lock stays as it is.
     *
     * @throws Refused RESOURCE_NOT_FOUND; INVALID_REQUEST for a lock that is permanent, and while the vault clock is suspect
     */
    public void delete(Caller caller, String vault) {
        gate.check(caller, "backup:DeleteBackupVaultLockConfiguration", Arn.ofVault(caller.scope(), vault));
        catalog.<Boolean>write(tx -> {
            var found = existing(tx, caller, vault);
            var lock = tx.locks().of(found);
            lock.objectsToRemoval(trusted.at(tx)).ifPresent(problem -> {
                throw new Refused(problem);
            });
            if (lock.isLocked()) {
                tx.locks().put(found, new VaultLock.None());
                tx.emit(events.vaultLocked(found, false, clock.instant()));
            }
            return true;
        });
    }

    private static Vault existing(Transaction tx, Caller caller, String name) {
        return VaultName.parse(name)
                .flatMap(vaultName -> tx.vaults().find(caller.scope(), vaultName))
                .orElseThrow(() -> new Refused(Problem.notFound("Backup vault " + name + " was not found.")));
    }
}
