package dev.coffer.engine.access;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.util.Optional;

/**
 * Decides whether a caller may do something. Every use case asks it first. It knows administrators only: the root of an account and its user {@code coffer-admin} may do everything in their own
 * account, everybody else nothing.
 */
public final class Gate {
    /** The answer to a call about something that does not exist or belongs to others: AWS's text, which tells neither. */
    public static final String HIDDEN = "Insufficient privileges to perform this action.";

    /**
     * Lets the call pass.
     *
     * @param action for example {@code backup:CreateBackupVault}
     * @param resource what the call is about; an ARN without account, as of a bucket, counts as the caller's
     * @throws Refused with ACCESS_DENIED; for a resource of another account the message does not tell whether it exists
     */
    public void check(Caller caller, String action, Arn resource) {
        checkAccount(caller, Optional.of(resource.account()).filter(account -> !account.isEmpty()));
        if (!isAdministrator(caller)) {
            throw new Refused(Problem.accessDenied("User: " + caller.principal() + " is not authorized to perform: "
                    + action + " on resource: " + resource));
        }
    }

    /**
     * Lets a call pass that names an account.
     *
     * @param account the account id that the request gives, if it gives one
     * @throws Refused with ACCESS_DENIED if it is not the caller's
     */
    public void checkAccount(Caller caller, Optional<String> account) {
        if (account.isPresent() && !account.get().equals(caller.account().value())) {
            throw hidden();
        }
    }

    /** The refusal that tells nothing. */
    public static Refused hidden() {
        return new Refused(Problem.accessDenied(HIDDEN));
    }

    /** The ARN of the account's administrator. */
    static Arn administratorOf(AccountId account) {
        return new Arn("aws", "iam", "", account.value(), "user/coffer-admin");
    }

    private static boolean isAdministrator(Caller caller) {
        var principal = caller.principal();
        return principal.service().equals("iam")
                && principal.account().equals(caller.account().value())
                && (principal.equals(administratorOf(caller.account()))
                        || principal.resource().equals("root"));
    }
}
