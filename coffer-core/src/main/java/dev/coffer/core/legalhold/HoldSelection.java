package dev.coffer.core.legalhold;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which points a hold takes: all conditions hold, and one that names nothing passes every point.
 *
 * @param vaultNames as the request gives them
 * @param resourceIdentifiers ARNs of resources and names of resource types, as the request gives them
 */
public record HoldSelection(
        List<String> vaultNames, List<String> resourceIdentifiers, Optional<DateRange> createdWithin) {
    /** Every point. */
    public static final HoldSelection ALL = new HoldSelection(List.of(), List.of(), Optional.empty());

    /** Both ends belong to it. */
    public record DateRange(Instant from, Instant to) {
        public DateRange {
            if (to.isBefore(from)) {
                throw new Refused(Problem.invalid("ToDate of DateRange is before FromDate."));
            }
        }
    }

    public HoldSelection {
        vaultNames = List.copyOf(vaultNames);
        resourceIdentifiers = List.copyOf(resourceIdentifiers);
    }

    /** Whether the conditions hold for the point. */
    public boolean covers(RecoveryPoint point) {
        return (vaultNames.isEmpty() || vaultNames.contains(point.vault().value()))
                && (resourceIdentifiers.isEmpty()
                        || resourceIdentifiers.contains(point.resource().toString())
                        || resourceIdentifiers.contains(point.resourceType().wireName()))
                && createdWithin
                        .map(range -> !point.createdAt().isBefore(range.from())
                                && !point.createdAt().isAfter(range.to()))
                        .orElse(true);
    }
}
