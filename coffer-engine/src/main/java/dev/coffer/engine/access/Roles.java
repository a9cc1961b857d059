package dev.coffer.engine.access;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.AccessRows;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.util.Optional;

/** The checks of a role that a request hands to the service (AWS Backup: role checks at API time). */
public final class Roles {
    private Roles() {}

    /** Reads a role's ARN, or refuses what is not one. */
    public static Arn parse(String text) {
        var role = Arn.parse("IamRoleArn", text);
        boolean form = role.service().equals("iam")
                && role.region().isEmpty()
                && role.account().matches("[0-9]{12}")
                && role.resource().startsWith("role/")
                && role.resource().length() > "role/".length();
        if (!form) {
            throw new Refused(Problem.invalid("IamRoleArn is not the ARN of an IAM role: " + text));
        }
        return role;
    }

    /** Why the service cannot work under the role for this account; empty if it can. */
    public static Optional<Problem> objection(AccessRows access, AccountId account, Arn role) {
        return role.account().equals(account.value()) && access.roleTrustsBackup(role)
                ? Optional.empty()
                : Optional.of(Problem.invalid(notAssumable(role)));
    }

    /** The role that the service has in an account for itself: what copies that another account has made are kept under. Nobody can hand it to the service. */
    public static Arn ofService(AccountId account) {
        return Arn.ofRole(account, "aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup");
    }

    /** Why the service cannot delete what is kept under the role; empty if it can. */
    public static Optional<Problem> objectionToDeletion(AccessRows access, AccountId account, Arn role) {
        return role.equals(ofService(account)) ? Optional.empty() : objection(access, account, role);
    }

    /** AWS's text for a role that does not exist or does not trust the service. */
    public static String notAssumable(Arn role) {
        return "IAM Role " + role + " cannot be assumed by AWS Backup";
    }
}
