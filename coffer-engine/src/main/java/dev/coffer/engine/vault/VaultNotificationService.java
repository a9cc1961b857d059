package dev.coffer.engine.vault;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.View;
import dev.coffer.core.event.SinkState;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultNotifications;
import dev.coffer.engine.access.Gate;
import java.util.List;

/** The use cases of a vault's notifications. */
public final class VaultNotificationService {
    private final Catalog catalog;
    private final Gate gate;
    private final Runnable changed;

    /**
     * @param changed is told after each change, so that it takes effect at once
     */
    public VaultNotificationService(Catalog catalog, Gate gate, Runnable changed) {
        this.catalog = catalog;
        this.gate = gate;
        this.changed = changed;
    }

    /**
     * Sets what the vault tells to which topic, in place of what was set. What happens from now on is told; another topic does not get what the one before has missed.
     *
     * @throws Refused RESOURCE_NOT_FOUND; INVALID_PARAMETER_VALUE for a topic or an event that cannot be
     */
    public void put(Caller caller, String vault, String topicArn, List<String> events) {
        gate.check(caller, "backup:PutBackupVaultNotifications", Arn.ofVault(caller.scope(), vault));
        var topic = Arn.parse("SNSTopicArn", topicArn);
        VaultNotifications.objectionTo(caller.scope(), topic).ifPresent(problem -> {
            throw new Refused(problem);
        });
        var known = VaultNotifications.events(events);
        catalog.<Boolean>write(tx -> {
            var found = existing(tx, caller, vault);
            var before = tx.vaultNotifications().find(found.scope(), found.name());
            var wanted = new VaultNotifications(found.scope(), found.name(), topic, known);
            tx.vaultNotifications().put(wanted);
            if (before.filter(old -> old.topic().equals(topic)).isEmpty()
                    || tx.outbox().state(wanted.sink()).isEmpty()) {
                tx.outbox().put(SinkState.at(wanted.sink(), tx.outbox().last()));
            }
            return true;
        });
        changed.run();
    }

    /**
     * What was set.
     *
     * @throws Refused RESOURCE_NOT_FOUND for an unknown vault, and with code ERROR_2106 if nothing is set
     */
    public VaultNotifications get(Caller caller, String vault) {
        gate.check(caller, "backup:GetBackupVaultNotifications", Arn.ofVault(caller.scope(), vault));
        return catalog.read(view -> {
            var found = existing(view, caller, vault);
            return view.vaultNotifications()
                    .find(found.scope(), found.name())
                    .orElseThrow(() -> new Refused(
                            Problem.notFound("Failed reading notifications from database for Backup vault " + vault)
                                    .withCode("ERROR_2106")));
        });
    }

    /**
     * Ends the vault's notifications; a repeat changes nothing.
     *
     * @throws Refused RESOURCE_NOT_FOUND for an unknown vault
     */
    public void delete(Caller caller, String vault) {
        gate.check(caller, "backup:DeleteBackupVaultNotifications", Arn.ofVault(caller.scope(), vault));
        catalog.<Boolean>write(tx -> {
            var found = existing(tx, caller, vault);
            tx.vaultNotifications().delete(found.scope(), found.name());
            tx.outbox().forget(VaultNotifications.sinkOf(found.scope(), found.name()));
            return true;
        });
        changed.run();
    }

    private static Vault existing(View view, Caller caller, String vault) {
        return VaultName.parse(vault)
                .flatMap(name -> view.vaults().find(caller.scope(), name))
                .orElseThrow(() -> new Refused(Problem.notFound("Backup vault " + vault + " was not found.")));
    }
}
