package dev.coffer.core.event;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;

/**
 * Events of one account and Region that match a pattern go to targets.
 *
 * @param pattern an event pattern of EventBridge, as JSON
 * @param enabled whether events are sent; what happens while it is not is not sent later either
 */
public record EventRule(
        Scope scope,
        String name,
        String pattern,
        boolean enabled,
        Origin origin,
        List<EventTarget> targets,
        Instant changedAt) {
    private static final String NAME = "[A-Za-z0-9._-]{1,64}";
    private static final int TARGETS_AT_MOST = 10;

    /** Who said so. */
    public enum Origin {
        /** The configuration file: it wins at each start. */
        FILE,
        /** An administrator of the account, at run time. */
        API
    }

    public EventRule {
        targets = List.copyOf(targets);
        checkName("The name of a rule", name);
        if (targets.isEmpty() || targets.size() > TARGETS_AT_MOST) {
            throw new Refused(Problem.invalid("A rule has 1 to " + TARGETS_AT_MOST + " targets."));
        }
        var ids = new HashSet<String>();
        for (var target : targets) {
            checkName("The id of a target", target.id());
            if (!ids.add(target.id())) {
                throw new Refused(Problem.invalid("Target " + target.id() + " stands twice in the rule."));
            }
        }
    }

    private static void checkName(String what, String name) {
        if (!name.matches(NAME)) {
            throw new Refused(
                    Problem.invalid(what + " is 1 to 64 letters, digits, dots, hyphens (-) or underscores (_)."));
        }
    }

    /** The rule's ARN, as EventBridge would write it. */
    public static Arn arn(Scope scope, String name) {
        return new Arn("aws", "events", scope.region().value(), scope.account().value(), "rule/" + name);
    }

    /** The name under which the way to the target is kept. */
    public String sinkOf(EventTarget target) {
        return "rule/" + scope + "/" + name + "/" + target.id();
    }
}
