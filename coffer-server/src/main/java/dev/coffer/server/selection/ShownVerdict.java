package dev.coffer.server.selection;

import dev.coffer.core.selection.Candidate;
import dev.coffer.core.selection.Verdict;
import dev.coffer.core.selection.Verdict.ByResource;
import dev.coffer.core.selection.Verdict.ByTag;
import dev.coffer.core.selection.Verdict.Chosen;
import dev.coffer.core.selection.Verdict.FailedCondition;
import dev.coffer.core.selection.Verdict.Inclusion;
import dev.coffer.core.selection.Verdict.LeftOut;
import dev.coffer.core.selection.Verdict.NotIncluded;
import dev.coffer.core.selection.Verdict.Objection;
import dev.coffer.core.selection.Verdict.OfRestoreTest;
import dev.coffer.core.selection.Verdict.OptedOut;
import dev.coffer.core.selection.Verdict.Subtracted;
import dev.coffer.engine.selection.Judgement;
import java.util.LinkedHashMap;
import java.util.Map;

/** Resources and what is said of them, as answers show them. */
final class ShownVerdict {
    private ShownVerdict() {}

    static Map<String, Object> of(Candidate resource) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("ResourceArn", resource.arn());
        shown.put("ResourceType", resource.type().wireName());
        shown.put("ResourceName", resource.name());
        return shown;
    }

    static Map<String, Object> of(Judgement judgement) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("BackupPlanId", judgement.planId());
        shown.put("BackupPlanName", judgement.planName());
        shown.put("SelectionId", judgement.selectionId());
        shown.put("SelectionName", judgement.selectionName());
        shown.putAll(of(judgement.verdict()));
        return shown;
    }

    static Map<String, Object> of(Verdict verdict) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("Chosen", verdict.chosen());
        shown.put("Why", verdict.inWords());
        switch (verdict) {
            case Chosen(var by) -> shown.put("IncludedBy", of(by));
            case NotIncluded() -> {}
            case LeftOut(var by, var objections) -> {
                shown.put("IncludedBy", of(by));
                shown.put("LeftOutBy", objections.stream().map(ShownVerdict::of).toList());
            }
        }
        return shown;
    }

    private static Map<String, Object> of(Inclusion inclusion) {
        return switch (inclusion) {
            case ByResource(var pattern) -> Map.of("Resources", pattern.toString());
            case ByTag(var tag) -> Map.of("ListOfTags", Map.of("Key", tag.key(), "Value", tag.value()));
        };
    }

    private static Map<String, Object> of(Objection objection) {
        return switch (objection) {
            case FailedCondition(var operator, var condition, var actual) -> {
                var shown = new LinkedHashMap<String, Object>();
                shown.put("Condition", operator.wireName());
                shown.put("Key", condition.key());
                shown.put("Value", condition.value());
                actual.ifPresent(value -> shown.put("ActualValue", value));
                yield shown;
            }
            case Subtracted(var pattern) -> Map.of("NotResources", pattern.toString());
            case OptedOut(var type) -> Map.of("OptedOut", type.wireName());
            case OfRestoreTest() -> Map.of("RestoreTest", true);
        };
    }
}
