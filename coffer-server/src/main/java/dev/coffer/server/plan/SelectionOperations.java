package dev.coffer.server.plan;

import dev.coffer.core.plan.BackupSelection;
import dev.coffer.core.selection.Selection;
import dev.coffer.core.selection.TagCondition;
import dev.coffer.engine.plan.SelectionRequest;
import dev.coffer.engine.plan.SelectionService;
import dev.coffer.server.api.Operations;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.backup.model.BackupSelectionsListMember;
import software.amazon.awssdk.services.backup.model.Condition;
import software.amazon.awssdk.services.backup.model.ConditionParameter;
import software.amazon.awssdk.services.backup.model.ConditionType;
import software.amazon.awssdk.services.backup.model.Conditions;
import software.amazon.awssdk.services.backup.model.CreateBackupSelectionRequest;
import software.amazon.awssdk.services.backup.model.CreateBackupSelectionResponse;
import software.amazon.awssdk.services.backup.model.DeleteBackupSelectionRequest;
import software.amazon.awssdk.services.backup.model.DeleteBackupSelectionResponse;
import software.amazon.awssdk.services.backup.model.GetBackupSelectionRequest;
import software.amazon.awssdk.services.backup.model.GetBackupSelectionResponse;
import software.amazon.awssdk.services.backup.model.ListBackupSelectionsRequest;
import software.amazon.awssdk.services.backup.model.ListBackupSelectionsResponse;

/** CreateBackupSelection, GetBackupSelection, ListBackupSelections, DeleteBackupSelection. */
public final class SelectionOperations {
    private static final String KEY_PREFIX = "aws:ResourceTag/";

    private SelectionOperations() {}

    public static void addTo(Operations operations, SelectionService selections) {
        operations.put(CreateBackupSelectionRequest.class, (call, request) -> {
            var selection = selections.create(
                    call.caller(),
                    request.backupPlanId(),
                    request(request.backupSelection()),
                    Optional.ofNullable(request.creatorRequestId()));
            return CreateBackupSelectionResponse.builder()
                    .selectionId(selection.id())
                    .backupPlanId(selection.plan().value())
                    .creationDate(selection.createdAt())
                    .build();
        });
        operations.put(GetBackupSelectionRequest.class, (call, request) -> {
            var selection = selections.get(call.caller(), request.backupPlanId(), request.selectionId());
            return GetBackupSelectionResponse.builder()
                    .backupSelection(shape(selection.document()))
                    .selectionId(selection.id())
                    .backupPlanId(selection.plan().value())
                    .creationDate(selection.createdAt())
                    .creatorRequestId(selection.creatorRequestId().orElse(null))
                    .build();
        });
        operations.put(ListBackupSelectionsRequest.class, (call, request) -> {
            var page = selections.list(
                    call.caller(), request.backupPlanId(), call.page(request.maxResults(), request.nextToken()));
            return ListBackupSelectionsResponse.builder()
                    .backupSelectionsList(page.rows().stream()
                            .map(SelectionOperations::listed)
                            .toList())
                    .nextToken(call.nextToken(page))
                    .build();
        });
        operations.put(DeleteBackupSelectionRequest.class, (call, request) -> {
            selections.delete(call.caller(), request.backupPlanId(), request.selectionId());
            return DeleteBackupSelectionResponse.builder().build();
        });
    }

    private static SelectionRequest request(software.amazon.awssdk.services.backup.model.BackupSelection selection) {
        return new SelectionRequest(
                selection.selectionName(),
                selection.iamRoleArn(),
                present(selection.hasResources(), selection.resources()),
                present(selection.hasNotResources(), selection.notResources()),
                present(
                        selection.hasListOfTags(),
                        selection.listOfTags().stream()
                                .map(tag -> new SelectionRequest.Tag(
                                        tag.conditionTypeAsString(), tag.conditionKey(), tag.conditionValue()))
                                .toList()),
                Optional.ofNullable(selection.conditions())
                        .map(all -> new SelectionRequest.Conditions(
                                parameters(all.stringEquals()),
                                parameters(all.stringNotEquals()),
                                parameters(all.stringLike()),
                                parameters(all.stringNotLike()))));
    }

    private static <T> Optional<List<T>> present(boolean has, List<T> list) {
        return has ? Optional.of(list) : Optional.empty();
    }

    private static List<SelectionRequest.Parameter> parameters(List<ConditionParameter> parameters) {
        return parameters.stream()
                .map(parameter -> new SelectionRequest.Parameter(
                        Optional.ofNullable(parameter.conditionKey()), Optional.ofNullable(parameter.conditionValue())))
                .toList();
    }

    /** The document as AWS shows it: lists that were left out are empty. */
    private static software.amazon.awssdk.services.backup.model.BackupSelection shape(Selection selection) {
        var conditions = selection.conditions();
        return software.amazon.awssdk.services.backup.model.BackupSelection.builder()
                .selectionName(selection.name())
                .iamRoleArn(selection.role().toString())
                .resources(selection.resources())
                .notResources(selection.notResources())
                .listOfTags(selection.listOfTags().stream()
                        .map(tag -> Condition.builder()
                                .conditionType(ConditionType.STRINGEQUALS)
                                .conditionKey(tag.key())
                                .conditionValue(tag.value())
                                .build())
                        .toList())
                .conditions(Conditions.builder()
                        .stringEquals(shapes(conditions.equal()))
                        .stringNotEquals(shapes(conditions.notEqual()))
                        .stringLike(shapes(conditions.like()))
                        .stringNotLike(shapes(conditions.notLike()))
                        .build())
                .build();
    }

    private static List<ConditionParameter> shapes(List<TagCondition> conditions) {
        return conditions.stream()
                .map(condition -> ConditionParameter.builder()
                        .conditionKey(KEY_PREFIX + condition.key())
                        .conditionValue(condition.value())
                        .build())
                .toList();
    }

    private static BackupSelectionsListMember listed(BackupSelection selection) {
        return BackupSelectionsListMember.builder()
                .selectionId(selection.id())
                .selectionName(selection.document().name())
                .backupPlanId(selection.plan().value())
                .creationDate(selection.createdAt())
                .creatorRequestId(selection.creatorRequestId().orElse(null))
                .iamRoleArn(selection.document().role().toString())
                .build();
    }
}
