package dev.coffer.engine.access;

import dev.coffer.core.access.Policy;
import dev.coffer.core.access.PrincipalSet;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.View;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.util.Optional;

/** Looks whether those whom a policy names are there. A name that nobody has is most often misspelt, and its policy would do nothing. */
public final class NamedPrincipals {
    private static final Problem NOT_VALID = Problem.invalid("Provided principal is not valid");
    private static final String SERVICES = ".amazonaws.com";

    private final View view;

    public NamedPrincipals(View view) {
        this.view = view;
    }

    /**
     * Refuses a policy with a principal that is not there.
     *
     * @throws Refused INVALID_PARAMETER_VALUE with AWS's text
     */
    public void require(Policy policy) {
        for (var statement : policy.statements()) {
            statement.principals().ifPresent(principals -> {
                boolean all = principals.aws().stream().allMatch(this::isThere)
                        && principals.services().stream().allMatch(name -> name.endsWith(SERVICES));
                if (!all) {
                    throw new Refused(NOT_VALID);
                }
            });
        }
    }

    private boolean isThere(String principal) {
        return PrincipalSet.account(principal)
                .map(account -> hasAccount(new AccountId(account)))
                .orElseGet(() -> Arn.parse(principal)
                        .map(arn -> arn.service().equals("sts") ? isSessionOfRole(arn) : isPrincipal(arn))
                        .orElse(false));
    }

    /** Every account of the installation has an administrator. */
    private boolean hasAccount(AccountId account) {
        return view.principals().user(Gate.administratorOf(account)).isPresent();
    }

    private boolean isPrincipal(Arn arn) {
        return view.principals().user(arn).isPresent()
                || view.principals().role(arn).isPresent();
    }

    private boolean isSessionOfRole(Arn arn) {
        var parts = arn.resource().split("/", -1);
        var account = Optional.of(arn.account()).filter(AccountId::isOne).map(AccountId::new);
        return parts.length == 3
                && parts[0].equals("assumed-role")
                && PrincipalName.canBeSession(parts[2])
                && account.flatMap(id -> view.principals().roleNamed(id, parts[1]))
                        .isPresent();
    }
}
