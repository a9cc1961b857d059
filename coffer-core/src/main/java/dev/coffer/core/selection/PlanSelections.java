package dev.coffer.core.selection;

import java.util.List;

/**
 * A plan that is in force, and its selections, the first created first.
 *
 * @param planId the plan's id
 * @param planName what people call it
 */
public record PlanSelections(String planId, String planName, List<Entry> selections) {
    public PlanSelections {
        selections = List.copyOf(selections);
    }

    /** One selection under its id. */
    public record Entry(String id, Selection selection) {}
}
