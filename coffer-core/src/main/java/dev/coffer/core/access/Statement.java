package dev.coffer.core.access;

import java.util.List;
import java.util.Optional;

/**
 * One statement of a policy.
 *
 * @param principals absent in policies of identities, which are about their owner
 * @param resources absent in trust policies, which are about their role
 * @param conditions all of them have to hold
 */
public record Statement(
        Optional<String> sid,
        Effect effect,
        Optional<PrincipalSet> principals,
        NameSet actions,
        Optional<NameSet> resources,
        List<Condition> conditions) {
    public Statement {
        conditions = List.copyOf(conditions);
    }

    /** How well the statement fits the request; {@link Fit#NONE} if it is not about it. */
    Fit fit(AccessRequest request, boolean variables) {
        var fit = principals.map(set -> set.fit(request.subject())).orElse(Fit.DIRECT);
        boolean applies = fit != Fit.NONE
                && isAboutAction(request.action())
                && isAboutResource(request, variables)
                && conditions.stream().allMatch(condition -> holds(condition, request.facts(), variables));
        return applies ? fit : Fit.NONE;
    }

    private boolean holds(Condition condition, Facts facts, boolean variables) {
        // Nobody knows what was to be left out, so nothing is allowed.
        boolean unclear = effect == Effect.ALLOW && condition.isUnclear(facts, variables);
        return !unclear && condition.holds(facts, variables);
    }

    private boolean isAboutAction(String action) {
        return actions.names().stream().anyMatch(name -> Glob.ofText(name).matchesAnyCase(action)) != actions.except();
    }

    private boolean isAboutResource(AccessRequest request, boolean variables) {
        if (resources.isEmpty()) {
            return true;
        }
        var set = resources.get();
        boolean named = false;
        for (var name : set.names()) {
            var glob = variables ? Glob.withVariables(name, request.facts()) : Optional.of(Glob.ofText(name));
            if (glob.isEmpty() && set.except() && effect == Effect.ALLOW) {
                // Nobody knows what was to be left out, so nothing is allowed.
                return false;
            }
            named |= glob.isPresent() && glob.get().matches(request.resource());
        }
        return named != set.except();
    }
}
