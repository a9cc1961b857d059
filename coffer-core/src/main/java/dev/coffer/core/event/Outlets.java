package dev.coffer.core.event;

import dev.coffer.core.access.Secret;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.event.EventRule.Origin;
import dev.coffer.core.problem.Problem;
import java.util.Optional;

/** Opens the ways out that targets describe. Opening connects to nothing, so it does not fail for what is out of reach. */
public interface Outlets {
    /** Why this installation may not send there; empty if it may, as far as can be told without asking a name server. */
    Optional<Problem> objectionTo(TargetSpec target, Origin origin);

    /** The way of single events to the target of a rule in the scope of the rule. */
    Outlet<Event> events(TargetSpec.OfEvents target, Optional<Secret> secret, EventRule rule);

    /** The way of digests. */
    Outlet<Digest> digests(TargetSpec.Way way, Optional<Secret> secret, EventRule rule);

    /** The way of a vault's notifications to its topic. Without an endpoint for the topic every {@code send} fails with {@link #topicObstacle}. */
    Outlet<Notice> notices(Arn topic);

    /** Why nothing can be published to the topic; empty if an endpoint is configured. */
    Optional<String> topicObstacle(Arn topic);
}
