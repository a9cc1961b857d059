package dev.coffer.server.vault;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.vault.VaultEvent;
import dev.coffer.engine.vault.VaultNotificationService;
import dev.coffer.server.api.Operations;
import software.amazon.awssdk.services.backup.model.DeleteBackupVaultNotificationsRequest;
import software.amazon.awssdk.services.backup.model.DeleteBackupVaultNotificationsResponse;
import software.amazon.awssdk.services.backup.model.GetBackupVaultNotificationsRequest;
import software.amazon.awssdk.services.backup.model.GetBackupVaultNotificationsResponse;
import software.amazon.awssdk.services.backup.model.PutBackupVaultNotificationsRequest;
import software.amazon.awssdk.services.backup.model.PutBackupVaultNotificationsResponse;

/** PutBackupVaultNotifications, GetBackupVaultNotifications, DeleteBackupVaultNotifications. */
public final class VaultNotificationOperations {
    private VaultNotificationOperations() {}

    public static void addTo(Operations operations, VaultNotificationService notifications) {
        operations.put(PutBackupVaultNotificationsRequest.class, (call, request) -> {
            notifications.put(
                    call.caller(),
                    request.backupVaultName(),
                    request.snsTopicArn(),
                    request.backupVaultEventsAsStrings());
            return PutBackupVaultNotificationsResponse.builder().build();
        });
        operations.put(GetBackupVaultNotificationsRequest.class, (call, request) -> {
            var found = notifications.get(call.caller(), request.backupVaultName());
            return GetBackupVaultNotificationsResponse.builder()
                    .backupVaultName(found.vault().value())
                    .backupVaultArn(
                            Arn.ofVault(found.scope(), found.vault().value()).toString())
                    .snsTopicArn(found.topic().toString())
                    .backupVaultEventsWithStrings(
                            found.events().stream().map(VaultEvent::name).toList())
                    .build();
        });
        operations.put(DeleteBackupVaultNotificationsRequest.class, (call, request) -> {
            notifications.delete(call.caller(), request.backupVaultName());
            return DeleteBackupVaultNotificationsResponse.builder().build();
        });
    }
}
