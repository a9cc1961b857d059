package dev.coffer.aws.event;

import dev.coffer.core.event.EventPatterns;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.io.IOException;
import software.amazon.event.ruler.Machine;
import software.amazon.event.ruler.MachineComplexityEvaluator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Event patterns, matched by the library that EventBridge itself uses. */
public final class RulerPatterns implements EventPatterns {
    /** As long as EventBridge allows. */
    private static final int LONGEST = 4096;

    private static final int MOST_COMPLEX = 100;

    /** In how many ways alternatives may combine, as with EventBridge: the library lays out each way. */
    private static final long MOST_COMBINED = 1000;

    private static final String OR = "$or";

    private final JsonMapper json = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    @Override
    public Pattern compile(String text) {
        if (text.length() > LONGEST) {
            throw refused("it is longer than " + LONGEST + " characters");
        }
        if (combinations(tree(text)) > MOST_COMBINED) {
            throw refused("its alternatives (" + OR + ") combine in more than " + MOST_COMBINED + " ways");
        }
        var machine = Machine.builder().build();
        try {
            machine.addRule("rule", text);
        } catch (IOException | RuntimeException wrong) {
            throw refused(firstLine(wrong));
        }
        if (machine.isEmpty()) {
            throw refused("it names nothing to match");
        }
        if (machine.evaluateComplexity(new MachineComplexityEvaluator(MOST_COMPLEX)) >= MOST_COMPLEX) {
            throw refused("its wildcards are too many to be matched fast");
        }
        return event -> matches(machine, event);
    }

    /** The pattern as the library will read it: whole, and each name once. */
    private JsonNode tree(String text) {
        try {
            return json.readTree(text);
        } catch (JacksonException wrong) {
            throw refused(firstLine(wrong));
        }
    }

    /** In how many ways the alternatives of an object combine; at most one more than are allowed. */
    private static long combinations(JsonNode object) {
        long all = 1;
        for (var member : object.properties()) {
            var value = member.getValue();
            long ways = 1;
            if (value.isObject()) {
                ways = combinations(value);
            } else if (member.getKey().equals(OR) && value.isArray()) {
                ways = 0;
                for (var alternative : value) {
                    ways += combinations(alternative);
                }
            }
            all = Math.min(all * Math.max(1, ways), MOST_COMBINED + 1);
        }
        return all;
    }

    private static boolean matches(Machine machine, String event) {
        try {
            return !machine.rulesForJSONEvent(event).isEmpty();
        } catch (InterruptedException | RuntimeException impossible) {
            throw new IllegalStateException(impossible);
        } catch (Exception notJson) {
            throw new IllegalArgumentException("no event to be matched", notJson);
        }
    }

    private static Refused refused(String why) {
        return new Refused(Problem.invalid("The event pattern is not valid: " + why + "."));
    }

    private static String firstLine(Exception wrong) {
        return String.valueOf(wrong.getMessage())
                .lines()
                .findFirst()
                .orElse("it cannot be read")
                .strip();
    }
}
