package dev.coffer.server.vault;

import dev.coffer.engine.vault.VaultService;
import dev.coffer.engine.vault.VaultView;
import dev.coffer.server.api.Operations;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.backup.model.BackupVaultListMember;
import software.amazon.awssdk.services.backup.model.CreateBackupVaultRequest;
import software.amazon.awssdk.services.backup.model.CreateBackupVaultResponse;
import software.amazon.awssdk.services.backup.model.DeleteBackupVaultRequest;
import software.amazon.awssdk.services.backup.model.DeleteBackupVaultResponse;
import software.amazon.awssdk.services.backup.model.DescribeBackupVaultRequest;
import software.amazon.awssdk.services.backup.model.DescribeBackupVaultResponse;
import software.amazon.awssdk.services.backup.model.ListBackupVaultsRequest;
import software.amazon.awssdk.services.backup.model.ListBackupVaultsResponse;
import software.amazon.awssdk.services.backup.model.VaultState;
import software.amazon.awssdk.services.backup.model.VaultType;

/** CreateBackupVault, DescribeBackupVault, ListBackupVaults, DeleteBackupVault. */
public final class VaultOperations {
    private VaultOperations() {}

    public static void addTo(Operations operations, VaultService vaults) {
        operations.put(CreateBackupVaultRequest.class, (call, request) -> {
            var vault = vaults.create(
                    call.caller(),
                    request.backupVaultName(),
                    Optional.ofNullable(request.encryptionKeyArn()),
                    Optional.ofNullable(request.creatorRequestId()),
                    request.backupVaultTags());
            return CreateBackupVaultResponse.builder()
                    .backupVaultName(vault.name().value())
                    .backupVaultArn(vault.arn().toString())
                    .creationDate(vault.createdAt())
                    .build();
        });
        operations.put(
                DescribeBackupVaultRequest.class,
                (call, request) -> described(vaults.describe(
                        call.caller(),
                        request.backupVaultName(),
                        Optional.ofNullable(request.backupVaultAccountId()))));
        operations.put(ListBackupVaultsRequest.class, (call, request) -> {
            var page = vaults.list(
                    call.caller(),
                    Optional.ofNullable(request.byVaultTypeAsString()),
                    Optional.ofNullable(request.byShared()),
                    call.page(request.maxResults(), request.nextToken()));
            return ListBackupVaultsResponse.builder()
                    .backupVaultList(
                            page.rows().stream().map(VaultOperations::listed).toList())
                    .nextToken(call.nextToken(page))
                    .build();
        });
        operations.put(DeleteBackupVaultRequest.class, (call, request) -> {
            vaults.delete(call.caller(), request.backupVaultName());
            return DeleteBackupVaultResponse.builder().build();
        });
    }

    private static DescribeBackupVaultResponse described(VaultView view) {
        var vault = view.vault();
        return DescribeBackupVaultResponse.builder()
                .backupVaultName(vault.name().value())
                .backupVaultArn(vault.arn().toString())
                .vaultType(VaultType.BACKUP_VAULT)
                .vaultState(VaultState.AVAILABLE)
                .encryptionKeyArn(vault.encryptionKey().arn().toString())
                .encryptionKeyType(KeyTypes.of(vault))
                .creationDate(vault.createdAt())
                .creatorRequestId(vault.creatorRequestId().orElse(null))
                .numberOfRecoveryPoints(view.recoveryPoints())
                .locked(view.lock().isLocked())
                .minRetentionDays(boxed(view.lock().bounds().minDays()))
                .maxRetentionDays(boxed(view.lock().bounds().maxDays()))
                .lockDate(view.lock().lockDate().orElse(null))
                .build();
    }

    private static BackupVaultListMember listed(VaultView view) {
        var vault = view.vault();
        return BackupVaultListMember.builder()
                .backupVaultName(vault.name().value())
                .backupVaultArn(vault.arn().toString())
                .vaultType(VaultType.BACKUP_VAULT)
                .vaultState(VaultState.AVAILABLE)
                .encryptionKeyArn(vault.encryptionKey().arn().toString())
                .encryptionKeyType(KeyTypes.of(vault))
                .creationDate(vault.createdAt())
                .creatorRequestId(vault.creatorRequestId().orElse(null))
                .numberOfRecoveryPoints(view.recoveryPoints())
                .locked(view.lock().isLocked())
                .minRetentionDays(boxed(view.lock().bounds().minDays()))
                .maxRetentionDays(boxed(view.lock().bounds().maxDays()))
                .lockDate(view.lock().lockDate().orElse(null))
                .build();
    }

    private static @Nullable Long boxed(OptionalLong days) {
        return days.isPresent() ? days.getAsLong() : null;
    }
}
