package dev.coffer.engine.event;

import dev.coffer.core.plan.PlannedRun;
import dev.coffer.core.plan.RunState;
import java.util.LinkedHashMap;
import java.util.Map;

/** What an event tells of a run of a plan that was missed. */
final class MissedRunDetail {
    private MissedRunDetail() {}

    static Map<String, Object> of(PlannedRun planned, RunState.Missed missed) {
        var run = planned.run();
        var detail = new LinkedHashMap<String, Object>();
        detail.put("backupPlanId", run.plan().value());
        detail.put("backupPlanName", planned.planName());
        detail.put("backupPlanVersion", run.versionId());
        detail.put("ruleId", run.rule().value());
        detail.put("ruleName", planned.rule().name());
        detail.put("fireAt", Events.date(run.fireAt()));
        detail.put("windowEndsAt", Events.date(run.windowEndsAt()));
        detail.put("reason", missed.reason());
        detail.put("jobs", missed.jobs());
        return detail;
    }
}
