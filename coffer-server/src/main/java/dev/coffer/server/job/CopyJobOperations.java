package dev.coffer.server.job;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.CopyJobRows;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.MessageCategory;
import dev.coffer.core.vault.VaultPlace;
import dev.coffer.engine.job.CopyJobService;
import dev.coffer.engine.job.CopyJobService.CopyView;
import dev.coffer.engine.job.StartCopy;
import dev.coffer.server.api.Call;
import dev.coffer.server.api.Filters;
import dev.coffer.server.api.Operations;
import dev.coffer.server.recoverypoint.Creators;
import dev.coffer.server.recoverypoint.Lifecycles;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.backup.model.CopyJob;
import software.amazon.awssdk.services.backup.model.DescribeCopyJobRequest;
import software.amazon.awssdk.services.backup.model.DescribeCopyJobResponse;
import software.amazon.awssdk.services.backup.model.ListCopyJobsRequest;
import software.amazon.awssdk.services.backup.model.ListCopyJobsResponse;
import software.amazon.awssdk.services.backup.model.StartCopyJobRequest;
import software.amazon.awssdk.services.backup.model.StartCopyJobResponse;
import software.amazon.awssdk.services.backup.model.VaultType;

/** StartCopyJob, DescribeCopyJob, ListCopyJobs. */
public final class CopyJobOperations {
    private CopyJobOperations() {}

    public static void addTo(Operations operations, CopyJobService jobs) {
        operations.put(StartCopyJobRequest.class, (call, request) -> {
            var job = jobs.start(
                    call.caller(),
                    new StartCopy(
                            request.recoveryPointArn(),
                            request.sourceBackupVaultName(),
                            request.destinationBackupVaultArn(),
                            request.iamRoleArn(),
                            Optional.ofNullable(request.idempotencyToken()),
                            Optional.ofNullable(request.lifecycle()).map(Lifecycles::ofRequest)));
            return StartCopyJobResponse.builder()
                    .copyJobId(job.id().value())
                    .creationDate(job.createdAt())
                    .isParent(false)
                    .build();
        });
        operations.put(
                DescribeCopyJobRequest.class,
                (call, request) -> DescribeCopyJobResponse.builder()
                        .copyJob(shown(jobs.describe(call.caller(), request.copyJobId())))
                        .build());
        operations.put(ListCopyJobsRequest.class, (call, request) -> {
            var page = list(jobs, call, request);
            return ListCopyJobsResponse.builder()
                    .copyJobs(page.rows().stream().map(CopyJobOperations::shown).toList())
                    .nextToken(call.nextToken(page))
                    .build();
        });
    }

    private static Page<CopyView> list(CopyJobService jobs, Call call, ListCopyJobsRequest request) {
        var page = jobs.list(
                call.caller(),
                filter(request),
                Optional.ofNullable(request.byAccountId()),
                call.page(request.maxResults(), request.nextToken()));
        // No job of this version is part of another.
        return request.byParentJobId() == null ? page : new Page<>(List.of(), Optional.empty());
    }

    private static CopyJobRows.Filter filter(ListCopyJobsRequest request) {
        return new CopyJobRows.Filter(
                arn("ByResourceArn", request.byResourceArn()),
                arn("BySourceRecoveryPointArn", request.bySourceRecoveryPointArn()),
                arn("ByDestinationVaultArn", request.byDestinationVaultArn())
                        .map(vault -> VaultPlace.of("ByDestinationVaultArn", vault)),
                Optional.ofNullable(request.byStateAsString()),
                Filters.type(request.byResourceType()),
                Filters.category(request.byMessageCategory()),
                Optional.ofNullable(request.byCreatedBefore()),
                Optional.ofNullable(request.byCreatedAfter()),
                Optional.ofNullable(request.byCompleteBefore()),
                Optional.ofNullable(request.byCompleteAfter()));
    }

    private static Optional<Arn> arn(String parameter, @Nullable String text) {
        return Optional.ofNullable(text).map(given -> Arn.parse(parameter, given));
    }

    private static CopyJob shown(CopyView view) {
        var job = view.job();
        return CopyJob.builder()
                .accountId(job.scope().account().value())
                .copyJobId(job.id().value())
                .sourceBackupVaultArn(
                        Arn.ofVault(job.scope(), job.vault().value()).toString())
                .sourceRecoveryPointArn(job.recoveryPoint().toString())
                .destinationBackupVaultArn(job.destination().toString())
                .destinationVaultType(VaultType.BACKUP_VAULT.toString())
                .destinationVaultLockState(view.locked()
                        .map(locked -> locked ? "LOCKED" : "UNLOCKED")
                        .orElse(null))
                .destinationRecoveryPointArn(job.copy().toString())
                .destinationEncryptionKeyArn(
                        view.encryptionKey().map(Object::toString).orElse(null))
                .destinationRecoveryPointLifecycle(Lifecycles.ofDomain(job.lifecycle()))
                .resourceArn(job.resource().toString())
                .resourceType(job.resourceType().wireName())
                .resourceName(job.resourceName())
                .creationDate(job.createdAt())
                .completionDate(job.completedAt().orElse(null))
                .state(job.state().wireName())
                .statusMessage(job.statusMessage().orElse(null))
                .messageCategory(MessageCategory.of(job.statusMessage()).name())
                .backupSizeInBytes(job.progress().totalBytes())
                .iamRoleArn(job.role().toString())
                .createdBy(Creators.of(job.createdBy()))
                .createdByBackupJobId(job.backupJob().map(JobId::value).orElse(null))
                .isParent(false)
                .build();
    }
}
