package dev.coffer.engine.plan;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.util.regex.Pattern;

/** The token of a create call. */
final class CreatorRequestIds {
    private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9\\-_.]{1,50}");

    private CreatorRequestIds() {}

    /** Refuses what is not one. */
    static void check(String id) {
        if (!FORM.matcher(id).matches()) {
            throw new Refused(Problem.invalid(
                    "CreatorRequestId must be 1 to 50 letters, digits, hyphens (-), underscores (_) or periods (.)."));
        }
    }
}
