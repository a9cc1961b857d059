package dev.coffer.server.vault;

import dev.coffer.engine.vault.VaultPolicyService;
import dev.coffer.server.api.Operations;
import java.util.Optional;
import software.amazon.awssdk.services.backup.model.DeleteBackupVaultAccessPolicyRequest;
import software.amazon.awssdk.services.backup.model.DeleteBackupVaultAccessPolicyResponse;
import software.amazon.awssdk.services.backup.model.GetBackupVaultAccessPolicyRequest;
import software.amazon.awssdk.services.backup.model.GetBackupVaultAccessPolicyResponse;
import software.amazon.awssdk.services.backup.model.PutBackupVaultAccessPolicyRequest;
import software.amazon.awssdk.services.backup.model.PutBackupVaultAccessPolicyResponse;

/** PutBackupVaultAccessPolicy, GetBackupVaultAccessPolicy, DeleteBackupVaultAccessPolicy. */
public final class VaultPolicyOperations {
    private VaultPolicyOperations() {}

    public static void addTo(Operations operations, VaultPolicyService policies) {
        operations.put(PutBackupVaultAccessPolicyRequest.class, (call, request) -> {
            policies.put(call.caller(), request.backupVaultName(), Optional.ofNullable(request.policy()));
            return PutBackupVaultAccessPolicyResponse.builder().build();
        });
        operations.put(GetBackupVaultAccessPolicyRequest.class, (call, request) -> {
            var found = policies.get(call.caller(), request.backupVaultName());
            return GetBackupVaultAccessPolicyResponse.builder()
                    .backupVaultName(found.vault().name().value())
                    .backupVaultArn(found.vault().arn().toString())
                    .policy(found.text())
                    .build();
        });
        operations.put(DeleteBackupVaultAccessPolicyRequest.class, (call, request) -> {
            policies.delete(call.caller(), request.backupVaultName());
            return DeleteBackupVaultAccessPolicyResponse.builder().build();
        });
    }
}
