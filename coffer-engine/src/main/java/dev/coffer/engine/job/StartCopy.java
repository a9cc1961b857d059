package dev.coffer.engine.job;

import dev.coffer.engine.lifecycle.LifecycleRequest;
import java.util.Optional;

/** A request for a copy, as the caller wrote it. */
public record StartCopy(
        String recoveryPointArn,
        String sourceVaultName,
        String destinationVaultArn,
        String roleArn,
        Optional<String> idempotencyToken,
        Optional<LifecycleRequest> lifecycle) {}
