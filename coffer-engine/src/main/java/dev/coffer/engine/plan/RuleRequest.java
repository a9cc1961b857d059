package dev.coffer.engine.plan;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.plan.BackupRule;
import dev.coffer.core.plan.CopyAction;
import dev.coffer.core.plan.RuleId;
import dev.coffer.core.plan.RuleProblem;
import dev.coffer.core.plan.ScanAction;
import dev.coffer.core.plan.Schedule;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultPlace;
import dev.coffer.engine.lifecycle.LifecycleRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A rule of a plan as the caller wrote it. What is left out gets AWS's default. */
public record RuleRequest(
        String name,
        String vaultName,
        Optional<String> airGappedVaultArn,
        Optional<String> scheduleExpression,
        Optional<String> scheduleExpressionTimezone,
        Optional<Long> startWindowMinutes,
        Optional<Long> completionWindowMinutes,
        Optional<LifecycleRequest> lifecycle,
        Map<String, String> pointTags,
        List<Copy> copyActions,
        boolean continuous,
        List<List<String>> indexActions,
        List<ScanAction> scanActions) {
    public RuleRequest {
        pointTags = Map.copyOf(pointTags);
        copyActions = List.copyOf(copyActions);
        indexActions = List.copyOf(indexActions);
        scanActions = List.copyOf(scanActions);
    }

    /** A copy as the caller wrote it. */
    public record Copy(String destinationVaultArn, Optional<LifecycleRequest> lifecycle) {}

    /**
     * The rule under this id.
     *
     * @throws Refused INVALID_PARAMETER_VALUE in AWS's form for rules
     */
    BackupRule rule(RuleId id) {
        return RuleProblem.in(
                name,
                () -> new BackupRule(
                        name,
                        id,
                        new VaultName(vaultName),
                        airGappedVaultArn.map(text -> Arn.parse("TargetLogicallyAirGappedBackupVaultArn", text)),
                        Schedule.of(
                                scheduleExpression.orElse(Schedule.USUAL_EXPRESSION),
                                scheduleExpressionTimezone.orElse(Schedule.USUAL_ZONE)),
                        startWindowMinutes.orElse(BackupRule.USUAL_START_MINUTES),
                        completionWindowMinutes.orElse(BackupRule.USUAL_COMPLETION_MINUTES),
                        lifecycle.map(LifecycleRequest::lifecycle).orElse(Lifecycle.NONE),
                        Tags.of(pointTags),
                        copyActions.stream()
                                .map(copy -> new CopyAction(
                                        VaultPlace.of(
                                                "DestinationBackupVaultArn",
                                                Arn.parse("DestinationBackupVaultArn", copy.destinationVaultArn())),
                                        copy.lifecycle().map(LifecycleRequest::lifecycle)))
                                .toList(),
                        continuous,
                        indexed(),
                        scanActions));
    }

    private List<ResourceType> indexed() {
        if (indexActions.size() > 1) {
            throw new Refused(Problem.invalid("Invalid index actions. IndexActions cannot have more than 1 element"));
        }
        return indexActions.stream()
                .flatMap(List::stream)
                .map(name -> ResourceType.ofWireName(name)
                        .orElseThrow(() -> new Refused(
                                Problem.invalid("Invalid index actions. Unsupported resource type: " + name))))
                .distinct()
                .toList();
    }
}
