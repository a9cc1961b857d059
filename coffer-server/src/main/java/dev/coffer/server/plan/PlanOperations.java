package dev.coffer.server.plan;

import dev.coffer.core.plan.RunPreview;
import dev.coffer.engine.plan.PlanService;
import dev.coffer.server.api.Call;
import dev.coffer.server.api.Operations;
import java.util.Optional;
import software.amazon.awssdk.services.backup.model.BackupPlanTemplatesListMember;
import software.amazon.awssdk.services.backup.model.CreateBackupPlanRequest;
import software.amazon.awssdk.services.backup.model.CreateBackupPlanResponse;
import software.amazon.awssdk.services.backup.model.DeleteBackupPlanRequest;
import software.amazon.awssdk.services.backup.model.DeleteBackupPlanResponse;
import software.amazon.awssdk.services.backup.model.ExportBackupPlanTemplateRequest;
import software.amazon.awssdk.services.backup.model.ExportBackupPlanTemplateResponse;
import software.amazon.awssdk.services.backup.model.GetBackupPlanFromJsonRequest;
import software.amazon.awssdk.services.backup.model.GetBackupPlanFromJsonResponse;
import software.amazon.awssdk.services.backup.model.GetBackupPlanFromTemplateRequest;
import software.amazon.awssdk.services.backup.model.GetBackupPlanFromTemplateResponse;
import software.amazon.awssdk.services.backup.model.GetBackupPlanRequest;
import software.amazon.awssdk.services.backup.model.GetBackupPlanResponse;
import software.amazon.awssdk.services.backup.model.ListBackupPlanTemplatesRequest;
import software.amazon.awssdk.services.backup.model.ListBackupPlanTemplatesResponse;
import software.amazon.awssdk.services.backup.model.ListBackupPlanVersionsRequest;
import software.amazon.awssdk.services.backup.model.ListBackupPlanVersionsResponse;
import software.amazon.awssdk.services.backup.model.ListBackupPlansRequest;
import software.amazon.awssdk.services.backup.model.ListBackupPlansResponse;
import software.amazon.awssdk.services.backup.model.RuleExecutionType;
import software.amazon.awssdk.services.backup.model.ScheduledPlanExecutionMember;
import software.amazon.awssdk.services.backup.model.UpdateBackupPlanRequest;
import software.amazon.awssdk.services.backup.model.UpdateBackupPlanResponse;

/** CreateBackupPlan, GetBackupPlan, UpdateBackupPlan, DeleteBackupPlan, both lists, templates and texts. */
public final class PlanOperations {
    private PlanOperations() {}

    public static void addTo(Operations operations, PlanService plans, PlanDocuments documents) {
        operations.put(CreateBackupPlanRequest.class, (call, request) -> created(plans, call, request));
        operations.put(GetBackupPlanRequest.class, (call, request) -> shown(plans, call, request));
        operations.put(UpdateBackupPlanRequest.class, (call, request) -> {
            var plan = plans.update(call.caller(), request.backupPlanId(), PlanRequests.of(request.backupPlan()));
            return UpdateBackupPlanResponse.builder()
                    .backupPlanId(plan.id().value())
                    .backupPlanArn(plan.arn().toString())
                    .creationDate(plan.createdAt())
                    .versionId(plan.versionId())
                    .advancedBackupSettings(PlanShapes.advanced(plan.document()))
                    .scanSettings(PlanShapes.scans(plan.document()))
                    .build();
        });
        operations.put(DeleteBackupPlanRequest.class, (call, request) -> {
            var plan = plans.delete(call.caller(), request.backupPlanId());
            return DeleteBackupPlanResponse.builder()
                    .backupPlanId(plan.id().value())
                    .backupPlanArn(plan.arn().toString())
                    .deletionDate(plan.deletedAt().orElse(null))
                    .versionId(plan.versionId())
                    .build();
        });
        operations.put(ListBackupPlansRequest.class, (call, request) -> {
            var page = plans.list(
                    call.caller(),
                    Boolean.TRUE.equals(request.includeDeleted()),
                    call.page(request.maxResults(), request.nextToken()));
            return ListBackupPlansResponse.builder()
                    .backupPlansList(page.rows().stream()
                            .map(plan -> PlanShapes.listed(plan, plan.planCreatedAt()))
                            .toList())
                    .nextToken(call.nextToken(page))
                    .build();
        });
        operations.put(ListBackupPlanVersionsRequest.class, (call, request) -> {
            var page = plans.versions(
                    call.caller(), request.backupPlanId(), call.page(request.maxResults(), request.nextToken()));
            return ListBackupPlanVersionsResponse.builder()
                    .backupPlanVersionsList(page.rows().stream()
                            .map(plan -> PlanShapes.listed(plan, plan.createdAt()))
                            .toList())
                    .nextToken(call.nextToken(page))
                    .build();
        });
        addTemplates(operations, plans, documents);
    }

    private static void addTemplates(Operations operations, PlanService plans, PlanDocuments documents) {
        operations.put(ListBackupPlanTemplatesRequest.class, (call, request) -> {
            call.page(request.maxResults(), request.nextToken());
            return ListBackupPlanTemplatesResponse.builder()
                    .backupPlanTemplatesList(plans.templates(call.caller()).stream()
                            .map(template -> BackupPlanTemplatesListMember.builder()
                                    .backupPlanTemplateId(template.id())
                                    .backupPlanTemplateName(template.title())
                                    .build())
                            .toList())
                    .build();
        });
        operations.put(
                GetBackupPlanFromTemplateRequest.class,
                (call, request) -> GetBackupPlanFromTemplateResponse.builder()
                        .backupPlanDocument(
                                PlanShapes.draft(plans.template(call.caller(), request.backupPlanTemplateId())))
                        .build());
        operations.put(
                ExportBackupPlanTemplateRequest.class,
                (call, request) -> ExportBackupPlanTemplateResponse.builder()
                        .backupPlanTemplateJson(
                                documents.write(PlanShapes.whole(plans.export(call.caller(), request.backupPlanId()))))
                        .build());
        operations.put(GetBackupPlanFromJsonRequest.class, (call, request) -> {
            var read = PlanRequests.of(documents.read(request.backupPlanTemplateJson()));
            return GetBackupPlanFromJsonResponse.builder()
                    .backupPlan(PlanShapes.whole(plans.check(call.caller(), read)))
                    .build();
        });
    }

    private static CreateBackupPlanResponse created(PlanService plans, Call call, CreateBackupPlanRequest request) {
        var plan = plans.create(
                call.caller(),
                PlanRequests.of(request.backupPlan()),
                request.backupPlanTags(),
                Optional.ofNullable(request.creatorRequestId()));
        return CreateBackupPlanResponse.builder()
                .backupPlanId(plan.id().value())
                .backupPlanArn(plan.arn().toString())
                .creationDate(plan.createdAt())
                .versionId(plan.versionId())
                .advancedBackupSettings(PlanShapes.advanced(plan.document()))
                .build();
    }

    private static GetBackupPlanResponse shown(PlanService plans, Call call, GetBackupPlanRequest request) {
        var plan = plans.get(call.caller(), request.backupPlanId(), Optional.ofNullable(request.versionId()));
        int runs = Optional.ofNullable(request.maxScheduledRunsPreview()).orElse(0);
        return GetBackupPlanResponse.builder()
                .backupPlan(PlanShapes.plan(plan.document()))
                .backupPlanId(plan.id().value())
                .backupPlanArn(plan.arn().toString())
                .versionId(plan.versionId())
                .creatorRequestId(plan.creatorRequestId().orElse(null))
                .creationDate(request.versionId() == null ? plan.planCreatedAt() : plan.createdAt())
                .deletionDate(plan.deletedAt().orElse(null))
                .lastExecutionDate(plan.lastExecutedAt().orElse(null))
                .advancedBackupSettings(PlanShapes.advanced(plan.document()))
                .scheduledRunsPreview(
                        runs == 0
                                ? null
                                : plans.preview(plan, runs).stream()
                                        .map(PlanOperations::run)
                                        .toList())
                .build();
    }

    private static ScheduledPlanExecutionMember run(RunPreview run) {
        return ScheduledPlanExecutionMember.builder()
                .executionTime(run.at())
                .ruleId(run.rule().value())
                .ruleExecutionType(
                        run.continuous() ? RuleExecutionType.CONTINUOUS_AND_SNAPSHOTS : RuleExecutionType.SNAPSHOTS)
                .build();
    }
}
