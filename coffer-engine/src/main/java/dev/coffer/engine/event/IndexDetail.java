package dev.coffer.engine.event;

import dev.coffer.core.job.IndexJob;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What an event tells of an index, by the names that AWS Backup uses. */
final class IndexDetail {
    static final String DELETED = "DELETED";

    private static final String POINT = " Indexed recovery point arn : ";

    private IndexDetail() {}

    /** Of an index that is ACTIVE or FAILED. */
    static Map<String, Object> of(IndexJob index) {
        var detail = facts(index, index.state().wireName());
        index.state()
                .walked()
                .ifPresentOrElse(
                        walk -> {
                            detail.put(
                                    "indexStatusMessage",
                                    "An AWS Backup recovery point index was successfully completed." + POINT
                                            + index.recoveryPoint());
                            detail.put("indexCompletionTime", Events.date(walk.at()));
                        },
                        () -> detail.put(
                                "indexStatusMessage",
                                "An AWS Backup recovery point index failed to create." + POINT + index.recoveryPoint()
                                        + index.statusMessage()
                                                .map(why -> ". " + why)
                                                .orElse("")));
        return detail;
    }

    /** Of an index that is gone. */
    static Map<String, Object> ofDeleted(IndexJob index, Instant at) {
        var detail = facts(index, DELETED);
        detail.put(
                "indexStatusMessage",
                "An AWS Backup recovery point index was deleted." + POINT + index.recoveryPoint());
        detail.put("indexDeletionTime", Events.date(at));
        return detail;
    }

    private static Map<String, Object> facts(IndexJob index, String status) {
        var detail = new LinkedHashMap<String, Object>();
        detail.put("recoveryPointArn", index.recoveryPoint().toString());
        detail.put("accountId", index.scope().account().value());
        detail.put("indexStatus", status);
        detail.put("iamRoleArn", index.role().toString());
        detail.put("resourceType", index.resourceType().wireName());
        detail.put(
                "backupVaultArn", Events.vaultArn(index.scope(), index.vault().value()));
        detail.put("indexCreationTime", Events.date(index.createdAt()));
        detail.put("isIndexingContinuous", index.continuous());
        detail.put("sourceResourceArn", index.resource().toString());
        detail.put("backupCreationTime", Events.date(index.pointCreatedAt()));
        return detail;
    }
}
