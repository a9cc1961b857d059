package dev.coffer.engine.vault;

import dev.coffer.core.access.Caller;
import dev.coffer.core.access.Facts;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.View;
import dev.coffer.core.clock.VaultClock;
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
    private final LockKeeper keeper;
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
            LockKeeper keeper,
            Runnable wakeRetention) {
        this.catalog = catalog;
        this.gate = gate;
        this.trusted = trusted;
        this.clock = clock;
        this.events = new Events(ids);
        this.keeper = keeper;
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
            Optional<Long> changeableForDays)
            throws InterruptedException {
        gate.check(
                caller,
                "backup:PutBackupVaultLockConfiguration",
                Arn.ofVault(caller.scope(), vault),
                Facts.NONE
                        .with("backup:MinRetentionDays", minRetentionDays.map(Object::toString))
                        .with("backup:MaxRetentionDays", maxRetentionDays.map(Object::toString))
                        .with("backup:ChangeableForDays", changeableForDays.map(Object::toString)));
        var bounds = RetentionBounds.ofRequest(minRetentionDays, maxRetentionDays);
        var asked = catalog.read(view -> asked(view, caller, vault));
        var wanted = VaultLock.ofRequest(bounds, changeableForDays, asked.now());
        refuse(asked.lock().objectsToReplacement(wanted, asked.now()));
        keeper.change(
                asked.vault(),
                wanted,
                present -> present.objectsToReplacement(wanted, asked.now()),
                tx -> tx.emit(events.vaultLocked(same(tx, caller, asked.vault()), true, clock.instant())));
        wakeRetention.run();
    }

    /**
     * Takes the lock off. A vault without lock stays as it is.
     *
     * @throws Refused RESOURCE_NOT_FOUND; INVALID_REQUEST for a lock that is permanent, and while the vault clock is suspect
     */
    public void delete(Caller caller, String vault) throws InterruptedException {
        gate.check(caller, "backup:DeleteBackupVaultLockConfiguration", Arn.ofVault(caller.scope(), vault));
        var asked = catalog.read(view -> asked(view, caller, vault));
        if (!asked.lock().isLocked() && !keeper.inVault(asked.vault()).isLocked()) {
            return;
        }
        refuse(asked.lock().objectsToRemoval(asked.now()));
        keeper.change(
                asked.vault(),
                new VaultLock.None(),
                present -> present.objectsToRemoval(asked.now()),
                tx -> tx.emit(events.vaultLocked(same(tx, caller, asked.vault()), false, clock.instant())));
    }

    /** The vault that a request is about, its lock in the catalog, and the time of the rules. */
    private record Asked(Vault vault, VaultLock lock, VaultClock now) {}

    private Asked asked(View view, Caller caller, String name) {
        var vault = existing(view, caller, name);
        return new Asked(vault, view.locks().of(vault), trusted.at(view));
    }

    private static void refuse(Optional<Problem> objection) {
        objection.ifPresent(problem -> {
            throw new Refused(problem);
        });
    }

    /** The vault, if it is still the same one. */
    private static Vault same(View view, Caller caller, Vault vault) {
        var found = existing(view, caller, vault.name().value());
        if (!found.id().equals(vault.id())) {
            throw new Refused(Problem.notFound("Backup vault " + vault.name() + " was not found."));
        }
        return found;
    }

    private static Vault existing(View view, Caller caller, String name) {
        return VaultName.parse(name)
                .flatMap(vaultName -> view.vaults().find(caller.scope(), vaultName))
                .orElseThrow(() -> new Refused(Problem.notFound("Backup vault " + name + " was not found.")));
    }
}
