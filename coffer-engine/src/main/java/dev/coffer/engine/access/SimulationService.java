package dev.coffer.engine.access;

import dev.coffer.core.access.AccessSession;
import dev.coffer.core.access.Caller;
import dev.coffer.core.access.Decision;
import dev.coffer.core.access.Facts;
import dev.coffer.core.access.Origin;
import dev.coffer.core.access.Role;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.View;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells what would come of a request and why, without its being made. */
public final class SimulationService {
    private final Catalog catalog;
    private final Gate gate;
    private final InstantSource clock;

    public SimulationService(Catalog catalog, Gate gate, InstantSource clock) {
        this.catalog = catalog;
        this.gate = gate;
        this.clock = clock;
    }

    /**
     * The decision for a user, or for a session of a role without session policy.
     *
     * @param context condition keys with their values, over those that are known
     * @throws Refused RESOURCE_NOT_FOUND for an unknown user or role, ACCESS_DENIED for a resource of another account
     */
    public Decision simulate(
            Caller caller, String principal, String action, String resource, Map<String, List<String>> context) {
        var arn = PrincipalName.principal(caller.account(), principal);
        gate.check(caller, "coffer:SimulatePolicy", arn);
        var target = resource.equals("*")
                ? new Arn(
                        "aws",
                        "backup",
                        caller.region().value(),
                        caller.account().value(),
                        "*")
                : Arn.parse("Resource", resource);
        // Another account's policies are not for the caller to learn about.
        gate.checkAccount(caller, Optional.of(target.account()).filter(account -> !account.isEmpty()));
        return catalog.read(view -> gate.simulated(view, as(view, caller, arn), action, target, new Facts(context)));
    }

    private Caller as(View view, Caller caller, Arn principal) {
        var role = view.principals().role(principal);
        if (role.isEmpty() && view.principals().user(principal).isEmpty()) {
            throw new Refused(Problem.notFound(principal + " was not found."));
        }
        var session = role.map(found -> session(caller, found));
        return new Caller(
                caller.account(),
                session.map(AccessSession::principal).orElse(principal),
                caller.region(),
                session,
                Origin.WITHIN);
    }

    private AccessSession session(Caller caller, Role role) {
        var now = clock.instant();
        return new AccessSession(
                "simulation",
                caller.account(),
                Arn.ofAssumedRole(caller.account(), role.name(), "simulation"),
                role.arn(),
                role.id(),
                Optional.empty(),
                "",
                "",
                now,
                now);
    }
}
