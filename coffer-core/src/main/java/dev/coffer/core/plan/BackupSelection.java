package dev.coffer.core.plan;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.selection.Selection;
import java.time.Instant;
import java.util.Optional;

/**
 * A selection of a plan.
 *
 * @param id a UUID in lower case
 * @param creatorRequestId the token of the create call, echoed
 */
public record BackupSelection(
        Scope scope, PlanId plan, String id, Selection document, Instant createdAt, Optional<String> creatorRequestId) {
    /** Whether what it chooses depends on tags. */
    public boolean usesTags() {
        return !document.listOfTags().isEmpty() || !document.conditions().equals(Selection.Conditions.NONE);
    }
}
