package dev.coffer.aws.event;

import dev.coffer.core.event.EventPatterns;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.io.IOException;
import software.amazon.event.ruler.Machine;
import software.amazon.event.ruler.MachineComplexityEvaluator;

/** Event patterns, matched by the library that EventBridge itself uses. */
public final class RulerPatterns implements EventPatterns {
    /** As long as EventBridge allows. */
    private static final int LONGEST = 4096;

    private static final int MOST_COMPLEX = 100;

    @Override
    public Pattern compile(String json) {
        if (json.length() > LONGEST) {
            throw refused("it is longer than " + LONGEST + " characters");
        }
        var machine = Machine.builder().build();
        try {
            machine.addRule("rule", json);
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
