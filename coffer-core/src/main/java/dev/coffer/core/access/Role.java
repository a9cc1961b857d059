package dev.coffer.core.access;

import dev.coffer.core.access.Policies.Named;
import dev.coffer.core.access.Policies.OfResource;
import dev.coffer.core.arn.Arn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A role: policies that others take on for a time.
 *
 * @param id {@code AROA...}, never used again
 * @param trust who may take it on
 * @param longestSession how long a session may last
 * @param boundary the policy that caps what the role's policies allow
 */
public record Role(
        Arn arn, String id, PolicyDocument trust, Duration longestSession, Optional<Arn> boundary, Instant createdAt) {
    /** The backup service, as trust policies name it. */
    public static final String BACKUP_SERVICE = "backup.amazonaws.com";

    /** How long a session may last if nothing else is said. */
    public static final Duration USUAL_SESSION = Duration.ofHours(1);

    /** What somebody needs who takes on a role. */
    public static final String ASSUME = "sts:AssumeRole";

    /** The name, the last part of the ARN. */
    public String name() {
        return arn.resource().substring(arn.resource().lastIndexOf('/') + 1);
    }

    /** The trust policy, as decisions take it. */
    public OfResource trustPolicy() {
        return new OfResource.Required(new Named("the trust policy of " + arn, trust.policy()));
    }

    /** Whether the service may take it on for the role's own account. */
    public boolean trusts(String service) {
        var facts = Facts.NONE.with("aws:SourceAccount", arn.account());
        var request = new AccessRequest(new Subject.Service(service), ASSUME, arn.toString(), arn.account(), facts);
        return Authorizer.decide(request, new Policies(List.of(), Optional.empty(), Optional.empty(), trustPolicy()))
                .allowed();
    }
}
