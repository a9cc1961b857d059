package dev.coffer.core.access;

import dev.coffer.core.problem.Problem;
import java.util.Optional;

/** What one account may let another do with its vaults: copy into them, and nothing else. */
public final class VaultSharing {
    /** The only action that a vault's policy can allow to another account. */
    public static final String ACTION = "backup:CopyIntoBackupVault";

    private static final Problem TOO_MUCH = Problem.invalid(
            "The specified policy cannot be added to the vault due to cross-account sharing restrictions. Amend the"
                    + " policy or the vault's settings, then retry request");

    private VaultSharing() {}

    /**
     * Why a vault's policy shares too much; empty if it does not. {@code *} is no sharing: what it allows holds within the account, and elsewhere for the one action alone.
     *
     * @param account the account that the vault belongs to
     */
    public static Optional<Problem> objection(Policy policy, String account) {
        return policy.statements().stream().anyMatch(statement -> sharesTooMuch(statement, account))
                ? Optional.of(TOO_MUCH)
                : Optional.empty();
    }

    private static boolean sharesTooMuch(Statement statement, String account) {
        boolean shares = statement.effect() == Effect.ALLOW
                && statement.principals().stream()
                        .flatMap(principals -> principals.aws().stream())
                        .flatMap(principal -> PrincipalSet.accountOf(principal).stream())
                        .anyMatch(owner -> !owner.equals(account));
        boolean copiesOnly = !statement.actions().except()
                && statement.actions().names().stream().allMatch(ACTION::equalsIgnoreCase);
        return shares && !copiesOnly;
    }
}
