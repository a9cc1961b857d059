package dev.coffer.engine.plan;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.PlannedRuns;
import dev.coffer.core.catalog.ScheduledRunRows;
import dev.coffer.core.plan.PlannedRun;
import dev.coffer.core.problem.Refused;
import dev.coffer.engine.access.Gate;

/** The use case that shows when plans fired, and what became of it. It changes nothing. */
public final class PlanRunService {
    private final Catalog catalog;
    private final Gate gate;

    public PlanRunService(Catalog catalog, Gate gate) {
        this.catalog = catalog;
        this.gate = gate;
    }

    /**
     * The runs of the caller's account and Region, the newest instants first. An unknown plan has none.
     *
     * @throws Refused ACCESS_DENIED
     */
    public Page<PlannedRun> list(Caller caller, ScheduledRunRows.Filter filter, PageRequest page) {
        gate.check(
                caller,
                "coffer:ListPlanRuns",
                filter.plan()
                        .map(plan -> Arn.ofPlan(caller.scope(), plan.value()))
                        .orElseGet(() -> everything(caller)));
        return catalog.read(view -> {
            var planned = new PlannedRuns(view);
            return view.scheduledRuns().list(caller.scope(), filter, page).map(planned::of);
        });
    }

    private static Arn everything(Caller caller) {
        return new Arn(
                "aws", "backup", caller.region().value(), caller.account().value(), "*");
    }
}
