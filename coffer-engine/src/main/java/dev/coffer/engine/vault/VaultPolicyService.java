package dev.coffer.engine.vault;

import dev.coffer.core.access.Caller;
import dev.coffer.core.access.PolicyKind;
import dev.coffer.core.access.PolicyReader;
import dev.coffer.core.access.VaultSharing;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.View;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultName;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.access.NamedPrincipals;
import java.util.Optional;

/** The use cases of the access policies of vaults. A vault that does not exist and one that the caller may not see answer alike. */
public final class VaultPolicyService {
    private final Catalog catalog;
    private final Gate gate;
    private final PolicyReader policies;

    /** A vault's policy as it was put, text for text. */
    public record VaultPolicy(Vault vault, String text) {}

    public VaultPolicyService(Catalog catalog, Gate gate, PolicyReader policies) {
        this.catalog = catalog;
        this.gate = gate;
        this.policies = policies;
    }

    /**
     * Puts a policy in the place of the one before. Every later call is judged by it, also the caller's.
     *
     * @throws Refused RESOURCE_NOT_FOUND for an unknown vault; MISSING_PARAMETER_VALUE without a policy; INVALID_PARAMETER_VALUE for a policy that breaks a rule, names somebody who is not there, or shares more than AWS
     *     lets be shared
     */
    public void put(Caller caller, String name, Optional<String> policy) {
        var arn = Arn.ofVault(caller.scope(), name);
        gate.check(caller, "backup:PutBackupVaultAccessPolicy", arn);
        var text = policy.filter(given -> !given.isBlank())
                .orElseThrow(() -> new Refused(Problem.missing("Policy is missing.")));
        var document = policies.read(PolicyKind.VAULT, text);
        VaultSharing.objection(document.policy(), caller.account().value()).ifPresent(problem -> {
            throw new Refused(problem);
        });
        catalog.<Boolean>write(tx -> {
            var vault = found(tx, caller, name)
                    .orElseThrow(() -> new Refused(Problem.notFound("Backup vault " + name + " was not found.")));
            new NamedPrincipals(tx).require(document.policy());
            tx.vaultPolicies().put(caller.scope(), vault.name(), document);
            return true;
        });
    }

    /**
     * Shows the policy.
     *
     * @throws Refused ACCESS_DENIED for an unknown vault, RESOURCE_NOT_FOUND if it has no policy
     */
    public VaultPolicy get(Caller caller, String name) {
        var arn = Arn.ofVault(caller.scope(), name);
        gate.check(caller, "backup:GetBackupVaultAccessPolicy", arn);
        return catalog.read(view -> {
            var vault = visible(view, caller, name);
            return view.vaultPolicies()
                    .of(caller.scope(), vault.name())
                    .map(document -> new VaultPolicy(vault, document.text()))
                    .orElseThrow(() ->
                            new Refused(Problem.notFound("Backup Vault " + vault.arn() + " has no associated POLICY")));
        });
    }

    /**
     * Removes the policy; absent counts as done.
     *
     * @throws Refused ACCESS_DENIED for an unknown vault
     */
    public void delete(Caller caller, String name) {
        gate.check(caller, "backup:DeleteBackupVaultAccessPolicy", Arn.ofVault(caller.scope(), name));
        catalog.<Boolean>write(tx -> {
            tx.vaultPolicies().delete(caller.scope(), visible(tx, caller, name).name());
            return true;
        });
    }

    private static Vault visible(View view, Caller caller, String name) {
        return found(view, caller, name).orElseThrow(Gate::hidden);
    }

    private static Optional<Vault> found(View view, Caller caller, String name) {
        return VaultName.parse(name).flatMap(vaultName -> view.vaults().find(caller.scope(), vaultName));
    }
}
