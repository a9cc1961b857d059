package dev.coffer.engine.selection;

import dev.coffer.core.selection.Candidate;
import java.util.List;

/**
 * A resource that no plan chooses.
 *
 * @param leftOutBy the first few selections that include it and leave it out again
 */
public record Unprotected(Candidate resource, List<Judgement> leftOutBy) {
    public Unprotected {
        leftOutBy = List.copyOf(leftOutBy);
    }
}
