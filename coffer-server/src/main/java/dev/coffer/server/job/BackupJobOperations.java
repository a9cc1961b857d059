package dev.coffer.server.job;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.BackupJobRows;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.BackupState;
import dev.coffer.core.job.MessageCategory;
import dev.coffer.core.job.Progress;
import dev.coffer.engine.job.BackupJobService;
import dev.coffer.engine.job.StartBackup;
import dev.coffer.server.api.Call;
import dev.coffer.server.api.Filters;
import dev.coffer.server.api.Operations;
import dev.coffer.server.recoverypoint.Creators;
import dev.coffer.server.recoverypoint.Lifecycles;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.backup.model.DescribeBackupJobRequest;
import software.amazon.awssdk.services.backup.model.DescribeBackupJobResponse;
import software.amazon.awssdk.services.backup.model.ListBackupJobsRequest;
import software.amazon.awssdk.services.backup.model.ListBackupJobsResponse;
import software.amazon.awssdk.services.backup.model.StartBackupJobRequest;
import software.amazon.awssdk.services.backup.model.StartBackupJobResponse;
import software.amazon.awssdk.services.backup.model.StopBackupJobRequest;
import software.amazon.awssdk.services.backup.model.StopBackupJobResponse;
import software.amazon.awssdk.services.backup.model.VaultType;

/** StartBackupJob, DescribeBackupJob, ListBackupJobs, StopBackupJob. */
public final class BackupJobOperations {
    private BackupJobOperations() {}

    public static void addTo(Operations operations, BackupJobService jobs) {
        operations.put(StartBackupJobRequest.class, (call, request) -> started(jobs, call, request));
        operations.put(
                DescribeBackupJobRequest.class,
                (call, request) -> described(jobs.describe(call.caller(), request.backupJobId())));
        operations.put(ListBackupJobsRequest.class, (call, request) -> {
            var page = jobs.list(
                    call.caller(),
                    filter(request),
                    Optional.ofNullable(request.byAccountId()),
                    call.page(request.maxResults(), request.nextToken()));
            return ListBackupJobsResponse.builder()
                    .backupJobs(page.rows().stream()
                            .map(BackupJobOperations::listed)
                            .toList())
                    .nextToken(call.nextToken(page))
                    .build();
        });
        operations.put(StopBackupJobRequest.class, (call, request) -> {
            jobs.stop(call.caller(), request.backupJobId());
            return StopBackupJobResponse.builder().build();
        });
    }

    private static StartBackupJobResponse started(BackupJobService jobs, Call call, StartBackupJobRequest request) {
        var job = jobs.start(
                call.caller(),
                new StartBackup(
                        request.backupVaultName(),
                        request.resourceArn(),
                        request.iamRoleArn(),
                        Optional.ofNullable(request.idempotencyToken()),
                        Optional.ofNullable(request.startWindowMinutes()),
                        Optional.ofNullable(request.completeWindowMinutes()),
                        Optional.ofNullable(request.lifecycle()).map(Lifecycles::ofRequest),
                        request.hasRecoveryPointTags() ? request.recoveryPointTags() : Map.of(),
                        request.hasBackupOptions() ? request.backupOptions() : Map.of(),
                        Optional.ofNullable(request.indexAsString()),
                        Optional.ofNullable(request.logicallyAirGappedBackupVaultArn())));
        return StartBackupJobResponse.builder()
                .backupJobId(job.id().value())
                .creationDate(job.createdAt())
                .recoveryPointArn(
                        job.resourceType().fullyManaged() ? job.recoveryPoint().toString() : null)
                .isParent(false)
                .build();
    }

    private static BackupJobRows.Filter filter(ListBackupJobsRequest request) {
        return new BackupJobRows.Filter(
                Optional.ofNullable(request.byResourceArn()).map(text -> Arn.parse("ByResourceArn", text)),
                Optional.ofNullable(request.byStateAsString()),
                Filters.vault(request.byBackupVaultName()),
                Filters.type(request.byResourceType()),
                Optional.ofNullable(request.byCreatedBefore()),
                Optional.ofNullable(request.byCreatedAfter()),
                Optional.ofNullable(request.byCompleteBefore()),
                Optional.ofNullable(request.byCompleteAfter()),
                Filters.category(request.byMessageCategory()));
    }

    private static DescribeBackupJobResponse described(BackupJob job) {
        return DescribeBackupJobResponse.builder()
                .accountId(job.scope().account().value())
                .backupJobId(job.id().value())
                .backupVaultName(job.vault().value())
                .backupVaultArn(Arn.ofVault(job.scope(), job.vault().value()).toString())
                .vaultType(VaultType.BACKUP_VAULT.toString())
                .vaultLockState("UNLOCKED")
                .recoveryPointArn(job.recoveryPoint().toString())
                .recoveryPointLifecycle(Lifecycles.ofDomain(job.lifecycle()))
                .creationDate(job.createdAt())
                .initiationDate(job.initiatedAt().orElse(null))
                .startBy(job.startBy())
                .completionDate(job.completedAt().orElse(null))
                .state(job.state().wireName())
                .statusMessage(job.statusMessage().orElse(null))
                .messageCategory(category(job))
                .percentDone(percent(job))
                .backupSizeInBytes(job.progress().doneBytes())
                .bytesTransferred(job.progress().transferredBytes())
                .iamRoleArn(job.role().toString())
                .createdBy(Creators.of(job.createdBy()))
                .resourceArn(job.resource().toString())
                .resourceType(job.resourceType().wireName())
                .resourceName(job.resourceName())
                .backupOptions(job.options().isEmpty() ? null : job.options())
                .isEncrypted(true)
                .isParent(false)
                .build();
    }

    private static software.amazon.awssdk.services.backup.model.BackupJob listed(BackupJob job) {
        return software.amazon.awssdk.services.backup.model.BackupJob.builder()
                .accountId(job.scope().account().value())
                .backupJobId(job.id().value())
                .backupVaultName(job.vault().value())
                .backupVaultArn(Arn.ofVault(job.scope(), job.vault().value()).toString())
                .vaultType(VaultType.BACKUP_VAULT.toString())
                .vaultLockState("UNLOCKED")
                .recoveryPointArn(job.recoveryPoint().toString())
                .recoveryPointLifecycle(Lifecycles.ofDomain(job.lifecycle()))
                .creationDate(job.createdAt())
                .initiationDate(job.initiatedAt().orElse(null))
                .startBy(job.startBy())
                .completionDate(job.completedAt().orElse(null))
                .state(job.state().wireName())
                .statusMessage(job.statusMessage().orElse(null))
                .messageCategory(category(job))
                .percentDone(percent(job))
                .backupSizeInBytes(job.progress().doneBytes())
                .bytesTransferred(job.progress().transferredBytes())
                .iamRoleArn(job.role().toString())
                .createdBy(Creators.of(job.createdBy()))
                .resourceArn(job.resource().toString())
                .resourceType(job.resourceType().wireName())
                .resourceName(job.resourceName())
                .backupOptions(job.options().isEmpty() ? null : job.options())
                .isEncrypted(true)
                .isParent(false)
                .build();
    }

    private static String category(BackupJob job) {
        return MessageCategory.of(job.statusMessage()).name();
    }

    private static String percent(BackupJob job) {
        return job.state() instanceof BackupState.Completed ? "100.0" : percent(job.progress());
    }

    /** AWS writes the percentage as text with one decimal place. */
    static String percent(Progress progress) {
        return String.format(Locale.ROOT, "%.1f", progress.percent());
    }
}
