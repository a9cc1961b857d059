package dev.coffer.engine.job;

import java.util.Map;
import java.util.Optional;

/**
 * A request for a restore, as the caller wrote it. The metadata may be confidential, so {@link #toString} leaves its values out.
 *
 * @param resourceType a wire name; if given, it must be the recovery point's
 */
public record StartRestore(
        String recoveryPointArn,
        Map<String, String> metadata,
        Optional<String> roleArn,
        Optional<String> idempotencyToken,
        Optional<String> resourceType,
        boolean copySourceTags) {
    public StartRestore {
        metadata = Map.copyOf(metadata);
    }

    @Override
    public String toString() {
        return "StartRestore[" + recoveryPointArn + " with " + metadata.keySet() + "]";
    }
}
