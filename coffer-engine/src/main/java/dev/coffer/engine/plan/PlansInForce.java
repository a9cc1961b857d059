package dev.coffer.engine.plan;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.View;
import dev.coffer.core.plan.PlanVersion;
import dev.coffer.core.selection.PlanSelections;
import java.util.List;
import java.util.function.Function;

/** The plans of a scope that are not deleted, with their selections, as the catalog has them at the moment of the call. */
public final class PlansInForce implements Function<Scope, List<PlanSelections>> {
    private final Catalog catalog;

    public PlansInForce(Catalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public List<PlanSelections> apply(Scope scope) {
        return catalog.read(view -> view.plans().active(scope).stream()
                .map(plan -> selections(view, plan))
                .toList());
    }

    private static PlanSelections selections(View view, PlanVersion plan) {
        return new PlanSelections(
                plan.id().value(),
                plan.document().name(),
                view.selections().of(plan.scope(), plan.id()).stream()
                        .map(selection -> new PlanSelections.Entry(selection.id(), selection.document()))
                        .toList());
    }
}
