package dev.coffer.core.vault;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;

/** Where a vault is, whether it exists or not: what its ARN says. */
public record VaultPlace(Scope scope, VaultName name) {
    private static final String RESOURCE = "backup-vault:";

    /**
     * Reads the ARN of a vault.
     *
     * @param parameter the name of what the ARN was given as
     * @throws Refused INVALID_PARAMETER_VALUE for any other ARN
     */
    public static VaultPlace of(String parameter, Arn arn) {
        boolean form = arn.partition().equals("aws")
                && arn.service().equals("backup")
                && arn.resource().startsWith(RESOURCE);
        return arn.scope()
                .filter(_ -> form)
                .flatMap(scope -> VaultName.parse(arn.resource().substring(RESOURCE.length()))
                        .map(name -> new VaultPlace(scope, name)))
                .orElseThrow(() ->
                        new Refused(Problem.invalid(parameter + " " + arn + " is not the ARN of a backup vault")));
    }

    /** Where a vault is that exists. */
    public static VaultPlace of(Vault vault) {
        return new VaultPlace(vault.scope(), vault.name());
    }

    /** The vault's ARN. */
    public Arn arn() {
        return Arn.ofVault(scope, name.value());
    }

    @Override
    public String toString() {
        return arn().toString();
    }
}
