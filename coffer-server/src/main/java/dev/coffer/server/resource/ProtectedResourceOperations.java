package dev.coffer.server.resource;

import dev.coffer.core.resource.ProtectedResource;
import dev.coffer.core.resource.ProtectedResource.LatestRestore;
import dev.coffer.engine.resource.ProtectedResourceService;
import dev.coffer.server.api.Operations;
import java.util.Optional;
import software.amazon.awssdk.services.backup.model.DescribeProtectedResourceRequest;
import software.amazon.awssdk.services.backup.model.DescribeProtectedResourceResponse;
import software.amazon.awssdk.services.backup.model.ListProtectedResourcesByBackupVaultRequest;
import software.amazon.awssdk.services.backup.model.ListProtectedResourcesByBackupVaultResponse;
import software.amazon.awssdk.services.backup.model.ListProtectedResourcesRequest;
import software.amazon.awssdk.services.backup.model.ListProtectedResourcesResponse;

/** DescribeProtectedResource, ListProtectedResources, ListProtectedResourcesByBackupVault. */
public final class ProtectedResourceOperations {
    private ProtectedResourceOperations() {}

    public static void addTo(Operations operations, ProtectedResourceService resources) {
        operations.put(
                DescribeProtectedResourceRequest.class,
                (call, request) -> described(resources.describe(call.caller(), request.resourceArn())));
        operations.put(ListProtectedResourcesRequest.class, (call, request) -> {
            var page = resources.list(call.caller(), call.page(request.maxResults(), request.nextToken()));
            return ListProtectedResourcesResponse.builder()
                    .results(page.rows().stream()
                            .map(ProtectedResourceOperations::listed)
                            .toList())
                    .nextToken(call.nextToken(page))
                    .build();
        });
        operations.put(ListProtectedResourcesByBackupVaultRequest.class, (call, request) -> {
            var page = resources.listByVault(
                    call.caller(),
                    request.backupVaultName(),
                    Optional.ofNullable(request.backupVaultAccountId()),
                    call.page(request.maxResults(), request.nextToken()));
            return ListProtectedResourcesByBackupVaultResponse.builder()
                    .results(page.rows().stream()
                            .map(ProtectedResourceOperations::listed)
                            .toList())
                    .nextToken(call.nextToken(page))
                    .build();
        });
    }

    private static DescribeProtectedResourceResponse described(ProtectedResource resource) {
        return DescribeProtectedResourceResponse.builder()
                .resourceArn(resource.arn().toString())
                .resourceType(resource.type().wireName())
                .resourceName(resource.name())
                .lastBackupTime(resource.lastBackupAt())
                .lastBackupVaultArn(resource.lastVault().toString())
                .lastRecoveryPointArn(resource.lastRecoveryPoint().toString())
                .latestRestoreExecutionTimeMinutes(resource.latestRestore()
                        .map(LatestRestore::executionMinutes)
                        .orElse(null))
                .latestRestoreJobCreationDate(resource.latestRestore()
                        .map(LatestRestore::jobCreatedAt)
                        .orElse(null))
                .latestRestoreRecoveryPointCreationDate(resource.latestRestore()
                        .map(LatestRestore::recoveryPointCreatedAt)
                        .orElse(null))
                .build();
    }

    private static software.amazon.awssdk.services.backup.model.ProtectedResource listed(ProtectedResource resource) {
        return software.amazon.awssdk.services.backup.model.ProtectedResource.builder()
                .resourceArn(resource.arn().toString())
                .resourceType(resource.type().wireName())
                .resourceName(resource.name())
                .lastBackupTime(resource.lastBackupAt())
                .lastBackupVaultArn(resource.lastVault().toString())
                .lastRecoveryPointArn(resource.lastRecoveryPoint().toString())
                .build();
    }
}
