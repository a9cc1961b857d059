package dev.coffer.engine.job;

import dev.coffer.engine.lifecycle.LifecycleRequest;
import java.util.Map;
import java.util.Optional;

/**
 * A request for a backup now, as the caller wrote it.
 *
 * @param startWindowMinutes how long it may wait for its start; 480 if left out
 * @param completeWindowMinutes when it must have ended, counted from the request; 10080 if left out
 * @param pointTags tags for the recovery point; the resource's own join them
 * @param index whether the recovery point gets a search index: ENABLED or DISABLED
 */
public record StartBackup(
        String vaultName,
        String resourceArn,
        String roleArn,
        Optional<String> idempotencyToken,
        Optional<Long> startWindowMinutes,
        Optional<Long> completeWindowMinutes,
        Optional<LifecycleRequest> lifecycle,
        Map<String, String> pointTags,
        Map<String, String> options,
        Optional<String> index,
        Optional<String> airGappedVaultArn) {
    public StartBackup {
        pointTags = Map.copyOf(pointTags);
        options = Map.copyOf(options);
    }
}
