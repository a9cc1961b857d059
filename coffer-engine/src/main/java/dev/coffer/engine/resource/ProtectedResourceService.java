package dev.coffer.engine.resource;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.resource.ProtectedResource;
import dev.coffer.core.vault.VaultName;
import dev.coffer.engine.access.Gate;
import java.util.Optional;

/** The use cases of protected resources: those with at least one successful backup. */
public final class ProtectedResourceService {
    private final Catalog catalog;
    private final Gate gate;

    public ProtectedResourceService(Catalog catalog, Gate gate) {
        this.catalog = catalog;
        this.gate = gate;
    }

    /**
     * The facts of a protected resource.
     *
     * @throws Refused RESOURCE_NOT_FOUND if it has never been backed up
     */
    public ProtectedResource describe(Caller caller, String arn) {
        var resource = Arn.parse("resourceArn", arn);
        gate.check(caller, "backup:DescribeProtectedResource", resource);
        return catalog.read(view -> view.resources().findProtected(caller.scope(), resource))
                .orElseThrow(() ->
                        new Refused(Problem.notFound("The resource " + resource + " has no backup in this Region.")));
    }

    /** All protected resources of the caller's account and Region. */
    public Page<ProtectedResource> list(Caller caller, PageRequest page) {
        gate.check(
                caller,
                "backup:ListProtectedResources",
                new Arn(
                        "aws",
                        "backup",
                        caller.region().value(),
                        caller.account().value(),
                        "*"));
        return catalog.read(view -> view.resources().listProtected(caller.scope(), page));
    }

    /**
     * Protected resources with a recovery point in the vault.
     *
     * @throws Refused ACCESS_DENIED if there is no such vault
     */
    public Page<ProtectedResource> listByVault(
            Caller caller, String vault, Optional<String> accountId, PageRequest page) {
        gate.checkAccount(caller, accountId);
        gate.check(caller, "backup:ListProtectedResourcesByBackupVault", Arn.ofVault(caller.scope(), vault));
        return catalog.read(view -> {
            var found = VaultName.parse(vault)
                    .flatMap(name -> view.vaults().find(caller.scope(), name))
                    .orElseThrow(Gate::hidden);
            return view.resources().listProtected(caller.scope(), found.name(), page);
        });
    }
}
