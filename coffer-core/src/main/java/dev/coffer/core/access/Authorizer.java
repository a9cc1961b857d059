package dev.coffer.core.access;

import dev.coffer.core.access.Decision.Allowed;
import dev.coffer.core.access.Decision.Forbidden;
import dev.coffer.core.access.Decision.Layer;
import dev.coffer.core.access.Decision.NotAllowed;
import dev.coffer.core.access.Decision.OtherAccount;
import dev.coffer.core.access.Policies.Named;
import dev.coffer.core.access.Policies.OfResource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides requests in AWS's order.
 *
 * <ol>
 *   <li>A statement that denies, in any policy, decides.
 *   <li>Another account's resource can be used for {@link #ACROSS_ACCOUNTS} alone, and only if both sides allow it.
 *   <li>A required policy of the resource has to allow.
 *   <li>What the resource's policy allows to the user or session itself is allowed.
 *   <li>Otherwise an identity's policy has to allow, or the resource's policy to everybody or to the role; and boundary and session policy have to allow too.
 * </ol>
 *
 * What a resource's policy allows to an account is allowed once the account's own policies allow it too.
 */
public final class Authorizer {
    /** The actions that one account can allow to another. */
    public static final Set<String> ACROSS_ACCOUNTS = Set.of(VaultSharing.ACTION, "sts:AssumeRole");

    private record Match(Named policy, Statement statement, Fit fit) {
        Allowed allowed(Layer layer) {
            return new Allowed(layer, policy.name(), statement.sid());
        }

        Forbidden forbidden(Layer layer) {
            return new Forbidden(layer, policy.name(), statement.sid());
        }
    }

    private Authorizer() {}

    /** What comes of the request under the policies. */
    public static Decision decide(AccessRequest request, Policies policies) {
        var resource = policies.resource().given().stream().toList();
        var denied = denial(request, Layer.IDENTITY, policies.identity())
                .or(() -> denial(
                        request, Layer.BOUNDARY, policies.boundary().stream().toList()))
                .or(() -> denial(
                        request, Layer.SESSION, policies.session().stream().toList()))
                .or(() -> denial(request, Layer.RESOURCE, resource));
        if (denied.isPresent()) {
            return denied.get();
        }
        var byIdentity = best(request, Effect.ALLOW, policies.identity());
        var byResource = best(request, Effect.ALLOW, resource);
        if (!request.subject().isOf(request.owner()) && !(request.subject() instanceof Subject.Service)) {
            return acrossAccounts(request, policies, byIdentity, byResource);
        }
        if (policies.resource() instanceof OfResource.Required && byResource.isEmpty()) {
            return new NotAllowed(Layer.RESOURCE);
        }
        if (byResource.filter(match -> match.fit() == Fit.DIRECT).isPresent()) {
            return byResource.get().allowed(Layer.RESOURCE);
        }
        var granted = byIdentity
                .map(match -> match.allowed(Layer.IDENTITY))
                .or(() -> byResource
                        .filter(match -> match.fit() == Fit.LIMITED)
                        .map(match -> match.allowed(Layer.RESOURCE)));
        return granted.map(allowed -> capped(request, policies, allowed))
                .orElseGet(() -> new NotAllowed(Layer.IDENTITY));
    }

    private static Decision acrossAccounts(
            AccessRequest request, Policies policies, Optional<Match> byIdentity, Optional<Match> byResource) {
        if (!ACROSS_ACCOUNTS.contains(request.action())) {
            return new OtherAccount();
        }
        if (byResource.isEmpty()) {
            return new NotAllowed(Layer.RESOURCE);
        }
        return byIdentity
                .map(match -> capped(request, policies, match.allowed(Layer.IDENTITY)))
                .orElseGet(() -> new NotAllowed(Layer.IDENTITY));
    }

    private static Decision capped(AccessRequest request, Policies policies, Allowed granted) {
        if (!allowedBy(request, policies.boundary())) {
            return new NotAllowed(Layer.BOUNDARY);
        }
        return allowedBy(request, policies.session()) ? granted : new NotAllowed(Layer.SESSION);
    }

    private static boolean allowedBy(AccessRequest request, Optional<Named> cap) {
        return cap.map(policy -> best(request, Effect.ALLOW, List.of(policy)).isPresent())
                .orElse(true);
    }

    private static Optional<Decision> denial(AccessRequest request, Layer layer, List<Named> policies) {
        return best(request, Effect.DENY, policies).map(match -> match.forbidden(layer));
    }

    /** The statement with the effect that names the request most exactly. */
    private static Optional<Match> best(AccessRequest request, Effect effect, List<Named> policies) {
        Optional<Match> best = Optional.empty();
        for (var policy : policies) {
            for (var statement : policy.policy().statements()) {
                if (statement.effect() == effect) {
                    var fit = statement.fit(request, policy.policy().variables());
                    if (fit.compareTo(best.map(Match::fit).orElse(Fit.NONE)) > 0) {
                        best = Optional.of(new Match(policy, statement, fit));
                    }
                }
            }
        }
        return best;
    }
}
