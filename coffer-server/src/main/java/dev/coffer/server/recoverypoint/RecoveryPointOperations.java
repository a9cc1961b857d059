package dev.coffer.server.recoverypoint;

import dev.coffer.core.catalog.Page;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.engine.recoverypoint.RecoveryPointService;
import dev.coffer.engine.recoverypoint.RecoveryPointService.PointView;
import dev.coffer.engine.recoverypoint.RecoveryPointService.VaultFilter;
import dev.coffer.server.api.Call;
import dev.coffer.server.api.Operations;
import dev.coffer.server.vault.KeyTypes;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.backup.model.CalculatedLifecycle;
import software.amazon.awssdk.services.backup.model.DeleteRecoveryPointRequest;
import software.amazon.awssdk.services.backup.model.DeleteRecoveryPointResponse;
import software.amazon.awssdk.services.backup.model.DescribeRecoveryPointRequest;
import software.amazon.awssdk.services.backup.model.DescribeRecoveryPointResponse;
import software.amazon.awssdk.services.backup.model.DisassociateRecoveryPointFromParentRequest;
import software.amazon.awssdk.services.backup.model.DisassociateRecoveryPointFromParentResponse;
import software.amazon.awssdk.services.backup.model.DisassociateRecoveryPointRequest;
import software.amazon.awssdk.services.backup.model.DisassociateRecoveryPointResponse;
import software.amazon.awssdk.services.backup.model.GetRecoveryPointRestoreMetadataRequest;
import software.amazon.awssdk.services.backup.model.GetRecoveryPointRestoreMetadataResponse;
import software.amazon.awssdk.services.backup.model.ListRecoveryPointsByBackupVaultRequest;
import software.amazon.awssdk.services.backup.model.ListRecoveryPointsByBackupVaultResponse;
import software.amazon.awssdk.services.backup.model.ListRecoveryPointsByResourceRequest;
import software.amazon.awssdk.services.backup.model.ListRecoveryPointsByResourceResponse;
import software.amazon.awssdk.services.backup.model.RecoveryPointByBackupVault;
import software.amazon.awssdk.services.backup.model.RecoveryPointByResource;
import software.amazon.awssdk.services.backup.model.StorageClass;
import software.amazon.awssdk.services.backup.model.UpdateRecoveryPointLifecycleRequest;
import software.amazon.awssdk.services.backup.model.UpdateRecoveryPointLifecycleResponse;
import software.amazon.awssdk.services.backup.model.VaultType;

/** DescribeRecoveryPoint, both lists, DeleteRecoveryPoint, UpdateRecoveryPointLifecycle, both disassociations, GetRecoveryPointRestoreMetadata. */
public final class RecoveryPointOperations {
    private RecoveryPointOperations() {}

    public static void addTo(Operations operations, RecoveryPointService points) {
        operations.put(
                DescribeRecoveryPointRequest.class,
                (call, request) -> described(points.describe(
                        call.caller(),
                        request.backupVaultName(),
                        request.recoveryPointArn(),
                        Optional.ofNullable(request.backupVaultAccountId()))));
        operations.put(ListRecoveryPointsByBackupVaultRequest.class, (call, request) -> {
            var page = ofVault(points, call, request);
            return ListRecoveryPointsByBackupVaultResponse.builder()
                    .recoveryPoints(page.rows().stream()
                            .map(RecoveryPointOperations::ofVault)
                            .toList())
                    .nextToken(call.nextToken(page))
                    .build();
        });
        operations.put(ListRecoveryPointsByResourceRequest.class, (call, request) -> {
            var page = points.listByResource(
                    call.caller(), request.resourceArn(), call.page(request.maxResults(), request.nextToken()));
            return ListRecoveryPointsByResourceResponse.builder()
                    .recoveryPoints(page.rows().stream()
                            .map(RecoveryPointOperations::ofResource)
                            .toList())
                    .nextToken(call.nextToken(page))
                    .build();
        });
        operations.put(DeleteRecoveryPointRequest.class, (call, request) -> {
            points.delete(call.caller(), request.backupVaultName(), request.recoveryPointArn());
            return DeleteRecoveryPointResponse.builder().build();
        });
        operations.put(UpdateRecoveryPointLifecycleRequest.class, (call, request) -> {
            var view = points.updateLifecycle(
                    call.caller(),
                    request.backupVaultName(),
                    request.recoveryPointArn(),
                    Optional.ofNullable(request.lifecycle()).map(Lifecycles::ofRequest));
            return UpdateRecoveryPointLifecycleResponse.builder()
                    .backupVaultArn(view.vault().arn().toString())
                    .recoveryPointArn(view.point().arn().toString())
                    .lifecycle(Lifecycles.ofDomain(view.point().lifecycle()))
                    .calculatedLifecycle(Lifecycles.calculated(
                            view.point().lifecycle(), view.point().createdAt()))
                    .build();
        });
        operations.put(DisassociateRecoveryPointRequest.class, (call, request) -> {
            points.disassociate(call.caller(), request.backupVaultName(), request.recoveryPointArn());
            return DisassociateRecoveryPointResponse.builder().build();
        });
        operations.put(DisassociateRecoveryPointFromParentRequest.class, (call, request) -> {
            points.disassociateFromParent(call.caller(), request.backupVaultName(), request.recoveryPointArn());
            return DisassociateRecoveryPointFromParentResponse.builder().build();
        });
        operations.put(GetRecoveryPointRestoreMetadataRequest.class, (call, request) -> {
            var found = points.restoreMetadata(
                    call.caller(),
                    request.backupVaultName(),
                    request.recoveryPointArn(),
                    Optional.ofNullable(request.backupVaultAccountId()));
            return GetRecoveryPointRestoreMetadataResponse.builder()
                    .backupVaultArn(found.point().vault().arn().toString())
                    .recoveryPointArn(found.point().point().arn().toString())
                    .restoreMetadata(found.metadata())
                    .resourceType(found.point().point().resourceType().wireName())
                    .build();
        });
    }

    private static Page<PointView> ofVault(
            RecoveryPointService points, Call call, ListRecoveryPointsByBackupVaultRequest request) {
        var page = points.listByVault(
                call.caller(),
                request.backupVaultName(),
                Optional.ofNullable(request.backupVaultAccountId()),
                new VaultFilter(
                        Optional.ofNullable(request.byResourceArn()),
                        Optional.ofNullable(request.byResourceType()),
                        Optional.ofNullable(request.byCreatedBefore()),
                        Optional.ofNullable(request.byCreatedAfter()),
                        Optional.ofNullable(request.byBackupPlanId())),
                call.page(request.maxResults(), request.nextToken()));
        // No point of this version is part of another.
        return request.byParentRecoveryPointArn() == null ? page : new Page<>(List.of(), Optional.empty());
    }

    private static DescribeRecoveryPointResponse described(PointView view) {
        var point = view.point();
        return DescribeRecoveryPointResponse.builder()
                .recoveryPointArn(point.arn().toString())
                .backupVaultName(point.vault().value())
                .backupVaultArn(view.vault().arn().toString())
                .sourceBackupVaultArn(sourceVault(point))
                .resourceArn(point.resource().toString())
                .resourceType(point.resourceType().wireName())
                .resourceName(point.resourceName())
                .iamRoleArn(point.role().toString())
                .createdBy(Creators.of(point.createdBy()))
                .status(point.status().name())
                .statusMessage(view.statusMessage().orElse(null))
                .creationDate(point.createdAt())
                .initiationDate(point.initiatedAt().orElse(null))
                .completionDate(point.completedAt().orElse(null))
                .backupSizeInBytes(point.logicalBytes())
                .lifecycle(Lifecycles.ofDomain(point.lifecycle()))
                .calculatedLifecycle(calculated(point))
                .encryptionKeyArn(view.vault().encryptionKey().arn().toString())
                .encryptionKeyType(KeyTypes.of(view.vault()))
                .isEncrypted(true)
                .storageClass(storage(point))
                .lastRestoreTime(point.lastRestoredAt().orElse(null))
                .isParent(false)
                .vaultType(VaultType.BACKUP_VAULT)
                .indexStatus(IndexOperations.status(view.index()))
                .indexStatusMessage(IndexOperations.message(view.index()))
                .build();
    }

    private static RecoveryPointByBackupVault ofVault(PointView view) {
        var point = view.point();
        return RecoveryPointByBackupVault.builder()
                .recoveryPointArn(point.arn().toString())
                .backupVaultName(point.vault().value())
                .backupVaultArn(view.vault().arn().toString())
                .sourceBackupVaultArn(sourceVault(point))
                .resourceArn(point.resource().toString())
                .resourceType(point.resourceType().wireName())
                .resourceName(point.resourceName())
                .iamRoleArn(point.role().toString())
                .createdBy(Creators.of(point.createdBy()))
                .status(point.status().name())
                .statusMessage(view.statusMessage().orElse(null))
                .creationDate(point.createdAt())
                .initiationDate(point.initiatedAt().orElse(null))
                .completionDate(point.completedAt().orElse(null))
                .backupSizeInBytes(point.logicalBytes())
                .lifecycle(Lifecycles.ofDomain(point.lifecycle()))
                .calculatedLifecycle(calculated(point))
                .encryptionKeyArn(view.vault().encryptionKey().arn().toString())
                .encryptionKeyType(KeyTypes.of(view.vault()))
                .isEncrypted(true)
                .lastRestoreTime(point.lastRestoredAt().orElse(null))
                .isParent(false)
                .vaultType(VaultType.BACKUP_VAULT)
                .indexStatus(IndexOperations.status(view.index()))
                .indexStatusMessage(IndexOperations.message(view.index()))
                .build();
    }

    private static RecoveryPointByResource ofResource(PointView view) {
        var point = view.point();
        return RecoveryPointByResource.builder()
                .recoveryPointArn(point.arn().toString())
                .creationDate(point.createdAt())
                .status(point.status().name())
                .statusMessage(view.statusMessage().orElse(null))
                .encryptionKeyArn(view.vault().encryptionKey().arn().toString())
                .encryptionKeyType(KeyTypes.of(view.vault()))
                .backupSizeBytes(point.logicalBytes())
                .backupVaultName(point.vault().value())
                .resourceName(point.resourceName())
                .isParent(false)
                .vaultType(VaultType.BACKUP_VAULT)
                .indexStatus(IndexOperations.status(view.index()))
                .indexStatusMessage(IndexOperations.message(view.index()))
                .build();
    }

    /** AWS shows it for copies from another account or Region alone. */
    private static @Nullable String sourceVault(RecoveryPoint point) {
        return point.sourceVault()
                .filter(vault -> !vault.isIn(point.scope()))
                .map(Object::toString)
                .orElse(null);
    }

    private static StorageClass storage(RecoveryPoint point) {
        return switch (point.storage()) {
            case WARM -> StorageClass.WARM;
            case COLD -> StorageClass.COLD;
        };
    }

    /** What a continuous backup holds goes by and by: no day is that of its deletion. */
    private static @Nullable CalculatedLifecycle calculated(RecoveryPoint point) {
        return switch (point.status()) {
            case AVAILABLE, STOPPED -> null;
            case CREATING, COMPLETED, DELETING, EXPIRED -> Lifecycles.calculated(point.lifecycle(), point.createdAt());
        };
    }
}
