package dev.coffer.core.catalog;

import dev.coffer.core.plan.PlanId;
import dev.coffer.core.plan.PlanVersion;
import dev.coffer.core.plan.PlannedRun;
import dev.coffer.core.plan.ScheduledRun;
import java.util.HashMap;
import java.util.Map;

/** Finds the versions of plans that runs are of, each once. Valid as long as its view. */
public final class PlannedRuns {
    private final View view;
    private final Map<Version, PlanVersion> planByVersion = new HashMap<>();

    private record Version(PlanId plan, String versionId) {}

    public PlannedRuns(View view) {
        this.view = view;
    }

    /** The run with its version. */
    public PlannedRun of(ScheduledRun run) {
        return new PlannedRun(
                run,
                planByVersion.computeIfAbsent(
                        new Version(run.plan(), run.versionId()),
                        version -> view.plans()
                                .version(run.scope(), version.plan(), version.versionId())
                                .orElseThrow(() -> new IllegalStateException("a run has no plan: " + run))));
    }
}
