package dev.coffer.core.arn;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.util.regex.Pattern;

/** An account: twelve digits. */
public record AccountId(String value) implements Comparable<AccountId> {
    private static final Pattern FORM = Pattern.compile("[0-9]{12}");

    public AccountId {
        if (!isOne(value)) {
            throw new Refused(Problem.invalid("An account id is twelve digits."));
        }
    }

    /** Whether the text is an account id. */
    public static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }

    @Override
    public int compareTo(AccountId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
