package dev.coffer.core.plan;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.util.Map;
import java.util.function.Supplier;

/** How AWS Backup names the rule of a plan in its objections: code {@code ERROR_3015}, the rule and the reason in the message and in {@code Context}. */
public final class RuleProblem {
    private RuleProblem() {}

    /** The objection to a rule. */
    public static Problem of(String rule, String reason) {
        return Problem.invalid("Error in rule " + rule + " : " + reason)
                .withCode("ERROR_3015")
                .withDetails(Map.of("Context", "[" + json(rule) + "," + json(reason) + "]"));
    }

    /** The result of the body; what it refuses as an invalid value is refused as an objection to the rule. */
    public static <T> T in(String rule, Supplier<T> body) {
        try {
            return body.get();
        } catch (Refused refused) {
            var problem = refused.problem();
            if (problem.kind() != Problem.Kind.INVALID_PARAMETER_VALUE
                    || problem.details().containsKey("Context")) {
                throw refused;
            }
            throw new Refused(of(rule, problem.message()));
        }
    }

    private static String json(String text) {
        var out = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
            } else if (c < ' ') {
                out.append("\\u%04x".formatted(c));
            } else {
                out.append((char) c);
            }
        });
        return out.append('"').toString();
    }
}
