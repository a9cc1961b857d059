package dev.coffer.server.selection;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.server.admin.AdminCall;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which part of a list in the order of ARNs is wanted: {@code maxResults}, 1 to 1000, by default 100, and {@code nextToken}, the last ARN of the part before.
 */
record ArnPage(int limit, String after) {
    private static final int USUAL = 100;
    private static final int AT_MOST = 1000;

    static ArnPage of(AdminCall call) {
        var limit = Optional.ofNullable(call.query().get("maxResults"))
                .map(ArnPage::number)
                .orElse(USUAL);
        return new ArnPage(limit, call.query().getOrDefault("nextToken", ""));
    }

    /** Puts the rows of this part into the answer, and the token of the next part if there is one. */
    <T> void put(
            Map<String, Object> answer, List<T> rows, Function<T, String> arn, Function<T, Map<String, Object>> shown) {
        var rest = rows.stream()
                .filter(row -> arn.apply(row).compareTo(after) > 0)
                .limit(limit + 1L)
                .collect(Collectors.toList());
        if (rest.size() > limit) {
            rest.removeLast();
            answer.put("NextToken", arn.apply(rest.getLast()));
        }
        answer.put("Resources", rest.stream().map(shown).toList());
    }

    private static int number(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= AT_MOST) {
                return number;
            }
        } catch (NumberFormatException noNumber) {
            // Refused below, as a number that is too large is.
        }
        throw new Refused(Problem.invalid("maxResults is a number from 1 to " + AT_MOST + "."));
    }
}
