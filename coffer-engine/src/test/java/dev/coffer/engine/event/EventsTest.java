package dev.coffer.engine.event;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.engine.EngineBench;
import dev.coffer.engine.lifecycle.LifecycleRequest;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EventsTest {
    private final EngineBench bench;

    EventsTest(@TempDir Path folder) {
        bench = new EngineBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void aPointsEventHasAwsMembersAndLeavesOutWhatIsAbsent() throws Exception {
        var events = new Events(bench.ids);
        var point = bench.point(bench.vault("daily"), "fs-1", START)
                .withLifecycle(LifecycleRequest.ofDays(Optional.empty(), Optional.of(35L))
                        .lifecycle(ResourceType.EFS));

        var event = events.recoveryPoint(point, START);

        assertThat(event.detailType()).isEqualTo("Recovery Point State Change");
        assertThat(event.resources()).containsExactly(point.arn());
        assertThat(event.detail())
                .containsEntry("status", "COMPLETED")
                .containsEntry("creationDate", "2026-03-01T10:00:00.000Z")
                .containsEntry("completionDate", "2026-03-01T10:01:00.000Z")
                .containsEntry("lifecycle", Map.of("deleteAfterDays", 35L))
                .containsEntry("calculatedLifeCycle", Map.of("deleteAt", "2026-04-05T10:00:00.000Z"));
        assertThat(events.recoveryPoint(point.withLifecycle(Lifecycle.NONE), START)
                        .detail())
                .doesNotContainKeys("lifecycle", "calculatedLifeCycle");
    }

    @Test
    void anEventComesBackFromTheOutboxAsItWasEmitted() {
        var events = new Events(bench.ids);
        var event = events.regionSettings(ADMIN.scope(), Map.of(ResourceType.S3, false), START);

        bench.write(tx -> tx.emit(event));

        assertThat(bench.events()).containsExactly(event);
    }
}
