package dev.coffer.engine.selection;

import dev.coffer.core.resource.ProtectedResource;
import dev.coffer.core.selection.Candidate;
import dev.coffer.engine.source.Outage;
import java.util.List;
import java.util.Optional;

/**
 * Why a resource is protected, or is not.
 *
 * @param exists whether there is such a resource now
 * @param optedIn whether its type is opted in in the Region
 * @param judgements of every selection of every plan
 * @param backups the facts of its latest backup, if it has been backed up
 * @param outages endpoints of its type that did not tell what they have, so that its existence and tags may be out of date
 */
public record Explanation(
        Candidate resource,
        boolean exists,
        boolean optedIn,
        List<Judgement> judgements,
        Optional<ProtectedResource> backups,
        List<Outage> outages) {
    public Explanation {
        judgements = List.copyOf(judgements);
        outages = List.copyOf(outages);
    }

    /** Whether a plan chooses it. */
    public boolean chosen() {
        return judgements.stream().anyMatch(judgement -> judgement.verdict().chosen());
    }
}
