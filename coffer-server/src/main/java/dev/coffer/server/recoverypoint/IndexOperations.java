package dev.coffer.server.recoverypoint;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.IndexJobRows;
import dev.coffer.core.job.IndexJob;
import dev.coffer.core.job.IndexState;
import dev.coffer.engine.recoverypoint.IndexService;
import dev.coffer.server.api.Filters;
import dev.coffer.server.api.Operations;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.backup.model.GetRecoveryPointIndexDetailsRequest;
import software.amazon.awssdk.services.backup.model.GetRecoveryPointIndexDetailsResponse;
import software.amazon.awssdk.services.backup.model.IndexedRecoveryPoint;
import software.amazon.awssdk.services.backup.model.ListIndexedRecoveryPointsRequest;
import software.amazon.awssdk.services.backup.model.ListIndexedRecoveryPointsResponse;
import software.amazon.awssdk.services.backup.model.UpdateRecoveryPointIndexSettingsRequest;
import software.amazon.awssdk.services.backup.model.UpdateRecoveryPointIndexSettingsResponse;

/** UpdateRecoveryPointIndexSettings, GetRecoveryPointIndexDetails, ListIndexedRecoveryPoints. */
public final class IndexOperations {
    private IndexOperations() {}

    public static void addTo(Operations operations, IndexService indexes) {
        operations.put(UpdateRecoveryPointIndexSettingsRequest.class, (call, request) -> {
            var changed = indexes.update(
                    call.caller(),
                    request.backupVaultName(),
                    request.recoveryPointArn(),
                    request.indexAsString(),
                    Optional.ofNullable(request.iamRoleArn()));
            return UpdateRecoveryPointIndexSettingsResponse.builder()
                    .backupVaultName(changed.point().vault().value())
                    .recoveryPointArn(changed.point().arn().toString())
                    .indexStatus(status(changed.index()))
                    .index(request.index())
                    .build();
        });
        operations.put(
                GetRecoveryPointIndexDetailsRequest.class,
                (call, request) ->
                        details(indexes.details(call.caller(), request.backupVaultName(), request.recoveryPointArn())));
        operations.put(ListIndexedRecoveryPointsRequest.class, (call, request) -> {
            var page = indexes.list(
                    call.caller(),
                    new IndexJobRows.Filter(
                            Optional.ofNullable(request.sourceResourceArn())
                                    .map(text -> Arn.parse("SourceResourceArn", text)),
                            Filters.type(request.resourceType()),
                            Optional.ofNullable(request.indexStatusAsString()),
                            Optional.ofNullable(request.createdBefore()),
                            Optional.ofNullable(request.createdAfter())),
                    call.page(request.maxResults(), request.nextToken()));
            return ListIndexedRecoveryPointsResponse.builder()
                    .indexedRecoveryPoints(
                            page.rows().stream().map(IndexOperations::listed).toList())
                    .nextToken(call.nextToken(page))
                    .build();
        });
    }

    private static GetRecoveryPointIndexDetailsResponse details(IndexJob index) {
        var walked = index.state().walked();
        return GetRecoveryPointIndexDetailsResponse.builder()
                .recoveryPointArn(index.recoveryPoint().toString())
                .backupVaultArn(vaultArn(index))
                .sourceResourceArn(index.resource().toString())
                .indexCreationDate(index.createdAt())
                .indexCompletionDate(walked.map(IndexState.Walk::at).orElse(null))
                .indexDeletionDate(deletion(index))
                .indexStatus(index.state().wireName())
                .indexStatusMessage(index.statusMessage().orElse(null))
                .totalItemsIndexed(walked.map(IndexState.Walk::items).orElse(null))
                .build();
    }

    private static @Nullable Instant deletion(IndexJob index) {
        return index.state() instanceof IndexState.Deleting(var since) ? since : null;
    }

    private static IndexedRecoveryPoint listed(IndexJob index) {
        return IndexedRecoveryPoint.builder()
                .recoveryPointArn(index.recoveryPoint().toString())
                .sourceResourceArn(index.resource().toString())
                .iamRoleArn(index.role().toString())
                .backupCreationDate(index.pointCreatedAt())
                .resourceType(index.resourceType().wireName())
                .indexCreationDate(index.createdAt())
                .indexStatus(index.state().wireName())
                .indexStatusMessage(index.statusMessage().orElse(null))
                .backupVaultArn(vaultArn(index))
                .build();
    }

    private static String vaultArn(IndexJob index) {
        return Arn.ofVault(index.scope(), index.vault().value()).toString();
    }

    static @Nullable String status(Optional<IndexJob> index) {
        return index.map(present -> present.state().wireName()).orElse(null);
    }

    static @Nullable String message(Optional<IndexJob> index) {
        return index.flatMap(IndexJob::statusMessage).orElse(null);
    }
}
