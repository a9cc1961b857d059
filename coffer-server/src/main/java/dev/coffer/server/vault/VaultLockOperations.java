package dev.coffer.server.vault;

import dev.coffer.engine.vault.VaultLockService;
import dev.coffer.server.api.Operations;
import java.util.Optional;
import software.amazon.awssdk.services.backup.model.DeleteBackupVaultLockConfigurationRequest;
import software.amazon.awssdk.services.backup.model.DeleteBackupVaultLockConfigurationResponse;
import software.amazon.awssdk.services.backup.model.PutBackupVaultLockConfigurationRequest;
import software.amazon.awssdk.services.backup.model.PutBackupVaultLockConfigurationResponse;

/** PutBackupVaultLockConfiguration, DeleteBackupVaultLockConfiguration. */
public final class VaultLockOperations {
    private VaultLockOperations() {}

    public static void addTo(Operations operations, VaultLockService locks) {
        operations.put(PutBackupVaultLockConfigurationRequest.class, (call, request) -> {
            locks.put(
                    call.caller(),
                    request.backupVaultName(),
                    Optional.ofNullable(request.minRetentionDays()),
                    Optional.ofNullable(request.maxRetentionDays()),
                    Optional.ofNullable(request.changeableForDays()));
            return PutBackupVaultLockConfigurationResponse.builder().build();
        });
        operations.put(DeleteBackupVaultLockConfigurationRequest.class, (call, request) -> {
            locks.delete(call.caller(), request.backupVaultName());
            return DeleteBackupVaultLockConfigurationResponse.builder().build();
        });
    }
}
