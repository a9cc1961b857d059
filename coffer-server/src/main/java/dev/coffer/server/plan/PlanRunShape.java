package dev.coffer.server.plan;

import dev.coffer.core.plan.PlannedRun;
import dev.coffer.core.plan.RunState;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a run of a plan is shown. */
public final class PlanRunShape {
    private PlanRunShape() {}

    /** The run as its plan was named when it fired. */
    public static Map<String, Object> of(PlannedRun planned) {
        var run = planned.run();
        var shown = new LinkedHashMap<String, Object>();
        shown.put("BackupPlanId", run.plan().value());
        shown.put("BackupPlanName", planned.planName());
        shown.put("RuleId", run.rule().value());
        shown.put("RuleName", planned.rule().name());
        shown.put("BackupPlanVersion", run.versionId());
        shown.put("FireAt", run.fireAt().toString());
        shown.put("WindowEndsAt", run.windowEndsAt().toString());
        shown.put("State", run.state().wireName());
        run.state().endedAt().ifPresent(at -> shown.put("EndedAt", at.toString()));
        shown.put("Jobs", run.state().jobs());
        switch (run.state()) {
            case RunState.Missed(var _, var reason, long _) -> shown.put("Reason", reason);
            case RunState.Merged(var _, var into) -> shown.put("MergedIntoRuleId", into.value());
            case RunState.Open _, RunState.Done _ -> {}
        }
        return shown;
    }
}
