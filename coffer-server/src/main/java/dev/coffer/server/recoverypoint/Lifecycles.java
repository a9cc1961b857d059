package dev.coffer.server.recoverypoint;

import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.engine.lifecycle.LifecycleRequest;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.backup.model.CalculatedLifecycle;

/** Lifecycles between the wire and the domain. */
public final class Lifecycles {
    private Lifecycles() {}

    /** The lifecycle as a request writes it; its rules are the engine's. */
    public static LifecycleRequest ofRequest(software.amazon.awssdk.services.backup.model.Lifecycle request) {
        return new LifecycleRequest(
                Optional.ofNullable(request.moveToColdStorageAfterDays()),
                Optional.ofNullable(request.deleteAfterDays()),
                Optional.ofNullable(request.optInToArchiveForSupportedResources()),
                Optional.ofNullable(request.deleteAfterEventAsString()));
    }

    /** The lifecycle to show; null when nothing is set. */
    public static software.amazon.awssdk.services.backup.model.@Nullable Lifecycle ofDomain(Lifecycle lifecycle) {
        if (lifecycle.isForever() && lifecycle.optInToArchive().isEmpty()) {
            return null;
        }
        return software.amazon.awssdk.services.backup.model.Lifecycle.builder()
                .moveToColdStorageAfterDays(boxed(lifecycle.coldAfterDays()))
                .deleteAfterDays(boxed(lifecycle.deleteAfterDays()))
                .optInToArchiveForSupportedResources(lifecycle.optInToArchive().orElse(null))
                .build();
    }

    /** When the lifecycle takes effect for a point that was created then; null when nothing is set. */
    public static @Nullable CalculatedLifecycle calculated(Lifecycle lifecycle, Instant createdAt) {
        if (lifecycle.isForever()) {
            return null;
        }
        return CalculatedLifecycle.builder()
                .moveToColdStorageAt(lifecycle.coldAt(createdAt).orElse(null))
                .deleteAt(lifecycle.deleteAt(createdAt).orElse(null))
                .build();
    }

    private static @Nullable Long boxed(OptionalLong days) {
        return days.isPresent() ? days.getAsLong() : null;
    }
}
