package dev.coffer.server.job;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.RestoreJobRows;
import dev.coffer.core.job.RestoreJob;
import dev.coffer.core.job.RestoreState;
import dev.coffer.engine.job.RestoreJobService;
import dev.coffer.engine.job.StartRestore;
import dev.coffer.server.api.Filters;
import dev.coffer.server.api.Operations;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.backup.model.DescribeRestoreJobRequest;
import software.amazon.awssdk.services.backup.model.DescribeRestoreJobResponse;
import software.amazon.awssdk.services.backup.model.GetRestoreJobMetadataRequest;
import software.amazon.awssdk.services.backup.model.GetRestoreJobMetadataResponse;
import software.amazon.awssdk.services.backup.model.ListRestoreJobsByProtectedResourceRequest;
import software.amazon.awssdk.services.backup.model.ListRestoreJobsByProtectedResourceResponse;
import software.amazon.awssdk.services.backup.model.ListRestoreJobsRequest;
import software.amazon.awssdk.services.backup.model.ListRestoreJobsResponse;
import software.amazon.awssdk.services.backup.model.RestoreJobsListMember;
import software.amazon.awssdk.services.backup.model.StartRestoreJobRequest;
import software.amazon.awssdk.services.backup.model.StartRestoreJobResponse;

/** StartRestoreJob, DescribeRestoreJob, GetRestoreJobMetadata, ListRestoreJobs, ListRestoreJobsByProtectedResource. */
public final class RestoreJobOperations {
    private RestoreJobOperations() {}

    public static void addTo(Operations operations, RestoreJobService jobs) {
        operations.put(StartRestoreJobRequest.class, (call, request) -> {
            var job = jobs.start(
                    call.caller(),
                    new StartRestore(
                            request.recoveryPointArn(),
                            request.metadata(),
                            Optional.ofNullable(request.iamRoleArn()),
                            Optional.ofNullable(request.idempotencyToken()),
                            Optional.ofNullable(request.resourceType()),
                            Optional.ofNullable(request.copySourceTagsToRestoredResource())
                                    .orElse(false)));
            return StartRestoreJobResponse.builder()
                    .restoreJobId(job.id().value())
                    .build();
        });
        operations.put(
                DescribeRestoreJobRequest.class,
                (call, request) -> described(jobs.describe(call.caller(), request.restoreJobId())));
        operations.put(GetRestoreJobMetadataRequest.class, (call, request) -> {
            Map<String, String> metadata = jobs.metadata(call.caller(), request.restoreJobId());
            return GetRestoreJobMetadataResponse.builder()
                    .restoreJobId(request.restoreJobId())
                    .metadata(metadata)
                    .build();
        });
        operations.put(ListRestoreJobsRequest.class, (call, request) -> {
            var page = jobs.list(
                    call.caller(),
                    filter(request),
                    Optional.ofNullable(request.byAccountId()),
                    call.page(request.maxResults(), request.nextToken()));
            return ListRestoreJobsResponse.builder()
                    .restoreJobs(page.rows().stream()
                            .map(RestoreJobOperations::listed)
                            .toList())
                    .nextToken(call.nextToken(page))
                    .build();
        });
        operations.put(ListRestoreJobsByProtectedResourceRequest.class, (call, request) -> {
            var page = jobs.listByResource(
                    call.caller(),
                    request.resourceArn(),
                    Optional.ofNullable(request.byStatusAsString()),
                    Optional.ofNullable(request.byRecoveryPointCreationDateBefore()),
                    Optional.ofNullable(request.byRecoveryPointCreationDateAfter()),
                    call.page(request.maxResults(), request.nextToken()));
            return ListRestoreJobsByProtectedResourceResponse.builder()
                    .restoreJobs(page.rows().stream()
                            .map(RestoreJobOperations::listed)
                            .toList())
                    .nextToken(call.nextToken(page))
                    .build();
        });
    }

    private static RestoreJobRows.Filter filter(ListRestoreJobsRequest request) {
        return new RestoreJobRows.Filter(
                Optional.ofNullable(request.byStatusAsString()),
                Filters.type(request.byResourceType()),
                Optional.empty(),
                Optional.ofNullable(request.byCreatedBefore()),
                Optional.ofNullable(request.byCreatedAfter()),
                Optional.ofNullable(request.byCompleteBefore()),
                Optional.ofNullable(request.byCompleteAfter()),
                Optional.empty(),
                Optional.empty());
    }

    private static DescribeRestoreJobResponse described(RestoreJob job) {
        return DescribeRestoreJobResponse.builder()
                .accountId(job.scope().account().value())
                .restoreJobId(job.id().value())
                .recoveryPointArn(job.recoveryPoint().toString())
                .sourceResourceArn(job.sourceResource().toString())
                .backupVaultArn(Arn.ofVault(job.scope(), job.vault().value()).toString())
                .creationDate(job.createdAt())
                .completionDate(job.completedAt().orElse(null))
                .status(job.state().wireName())
                .statusMessage(message(job))
                .percentDone(percent(job))
                .backupSizeInBytes(job.progress().transferredBytes())
                .iamRoleArn(job.role().toString())
                .createdResourceArn(created(job))
                .resourceType(job.resourceType().wireName())
                .recoveryPointCreationDate(job.recoveryPointCreatedAt())
                .isParent(false)
                .build();
    }

    private static RestoreJobsListMember listed(RestoreJob job) {
        return RestoreJobsListMember.builder()
                .accountId(job.scope().account().value())
                .restoreJobId(job.id().value())
                .recoveryPointArn(job.recoveryPoint().toString())
                .sourceResourceArn(job.sourceResource().toString())
                .backupVaultArn(Arn.ofVault(job.scope(), job.vault().value()).toString())
                .creationDate(job.createdAt())
                .completionDate(job.completedAt().orElse(null))
                .status(job.state().wireName())
                .statusMessage(message(job))
                .percentDone(percent(job))
                .backupSizeInBytes(job.progress().transferredBytes())
                .iamRoleArn(job.role().toString())
                .createdResourceArn(created(job))
                .resourceType(job.resourceType().wireName())
                .recoveryPointCreationDate(job.recoveryPointCreatedAt())
                .isParent(false)
                .build();
    }

    private static @Nullable String message(RestoreJob job) {
        return job.state() instanceof RestoreState.Ended ended
                ? ended.statusMessage().orElse(null)
                : null;
    }

    private static @Nullable String created(RestoreJob job) {
        return job.state() instanceof RestoreState.Completed completed
                ? completed.created().toString()
                : null;
    }

    private static String percent(RestoreJob job) {
        return job.state() instanceof RestoreState.Completed
                ? "100.00%"
                : String.format(java.util.Locale.ROOT, "%.2f%%", job.progress().percent());
    }
}
