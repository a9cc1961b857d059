package dev.coffer.engine.event;

import dev.coffer.core.job.CopyJob;
import dev.coffer.core.job.CopyState;
import java.util.LinkedHashMap;
import java.util.Map;

/** What an event tells of a copy job, by the names that AWS Backup uses. */
final class CopyJobDetail {
    private CopyJobDetail() {}

    static Map<String, Object> of(CopyJob job) {
        var detail = new LinkedHashMap<String, Object>();
        detail.put("creationDate", Events.date(job.createdAt()));
        detail.put("state", job.state().wireName());
        detail.put(
                "sourceBackupVaultArn", Events.vaultArn(job.scope(), job.vault().value()));
        detail.put("destinationBackupVaultArn", job.destination().toString());
        if (job.state() instanceof CopyState.Created) {
            // AWS tells no more, not even the id.
            return detail;
        }
        detail.put("copyJobId", job.id().value());
        detail.put("backupSizeInBytes", job.progress().totalBytes());
        detail.put("iamRoleArn", job.role().toString());
        detail.put("resourceArn", job.resource().toString());
        detail.put("resourceType", job.resourceType().wireName());
        // What is not known yet is an empty object.
        detail.put("destinationRecoveryPointArn", Map.of());
        job.createdBy().ifPresent(creator -> detail.put("createdBy", Events.creator(creator)));
        switch (job.state()) {
            case CopyState.Created _, CopyState.Running _ -> {}
            case CopyState.Completed(var at) -> {
                detail.put("destinationRecoveryPointArn", job.copy().toString());
                detail.put("completionDate", Events.date(at));
            }
            case CopyState.Failed(var at, var message) -> {
                detail.put("statusMessage", message);
                detail.put("completionDate", Events.date(at));
            }
        }
        return detail;
    }
}
