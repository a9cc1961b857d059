package dev.coffer.engine.access;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.util.regex.Pattern;

/** The names of users, roles, policies and sessions, as IAM has them. */
final class PrincipalName {
    private static final Pattern FORM = Pattern.compile("[\\w+=,.@-]{1,64}");
    private static final Pattern SESSION = Pattern.compile("[\\w+=,.@-]{2,64}");

    private PrincipalName() {}

    /** The name, if it can be one. */
    static String checked(String parameter, String name) {
        if (!FORM.matcher(name).matches()) {
            throw new Refused(
                    Problem.invalid(parameter + " must be 1 to 64 letters, digits or characters of _+=,.@-."));
        }
        return name;
    }

    /** Whether a session can have the name. */
    static boolean canBeSession(String name) {
        return SESSION.matcher(name).matches();
    }

    /** The ARN of a user or role of the account, given as its ARN or as {@code user/NAME} or {@code role/PATH/NAME}. */
    static Arn principal(AccountId account, String text) {
        var arn = Arn.parse(text)
                .orElseGet(() -> isShort(text) ? new Arn("aws", "iam", "", account.value(), text) : none());
        if (!arn.service().equals("iam") || !isShort(arn.resource())) {
            none();
        }
        return arn;
    }

    private static boolean isShort(String text) {
        return (text.startsWith("user/") && text.length() > "user/".length())
                || (text.startsWith("role/") && text.length() > "role/".length());
    }

    private static Arn none() {
        throw new Refused(Problem.invalid(
                "Principal must be the ARN of a user or role, or user/NAME, or role/NAME with the role's path."));
    }
}
