package dev.coffer.core.arn;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.util.regex.Pattern;

/** The name of a region, for example {@code eu-west-1}. Lower-case letters, digits and hyphens. */
public record Region(String value) implements Comparable<Region> {
    private static final Pattern FORM = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");

    public Region {
        if (!isOne(value)) {
            throw new Refused(Problem.invalid("A region name has lower-case letters, digits and hyphens, at most 32."));
        }
    }

    /** Whether the text can be the name of a region. */
    public static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }

    @Override
    public int compareTo(Region other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
