package dev.coffer.engine.recoverypoint;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.engine.EngineBench;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeletionLoopTest {
    /** One more than the loop looks at in one go. */
    private static final int MANY = 1001;

    @TempDir
    private Path folder;

    @Test
    void pointsThatALockKeepsHoldUpNoneThatWereMarkedLaterHoweverManyTheyAre() throws Exception {
        try (var bench = new EngineBench(folder)) {
            var locked = bench.vault("locked");
            var kept = bench.point(locked, "fs-1", START);
            bench.write(tx -> {
                for (int i = 0; i < MANY; i++) {
                    tx.recoveryPoints().put(marked(kept, i));
                }
            });
            var later = bench.point(bench.vault("open"), "fs-2", START.plusSeconds(3600));
            bench.points.delete(ADMIN, "open", later.arn().toString());
            bench.locks.put(ADMIN, "locked", Optional.empty(), Optional.empty(), Optional.empty());

            bench.deletion.tick();

            assertThat(bench.stored(later)).isEmpty();
            assertThat(bench.isStored(later)).isFalse();
            assertThat(bench.isStored(kept)).isTrue();
            assertThat(bench.catalog.<List<RecoveryPoint>>read(view ->
                            view.recoveryPoints().inStatus(RecoveryPointStatus.DELETING, Optional.empty(), 2 * MANY)))
                    .hasSize(MANY);
        }
    }

    /** A point of the same session, marked before the vault was locked. */
    private static RecoveryPoint marked(RecoveryPoint like, int number) {
        Instant created = START.plusSeconds(number % 10);
        return new RecoveryPoint(
                like.scope(),
                like.vault(),
                Arn.ofRecoveryPoint(like.scope(), "marked-" + number),
                like.sessionId(),
                like.resource(),
                like.resourceType(),
                like.resourceName(),
                like.role(),
                RecoveryPointStatus.DELETING,
                created,
                Optional.of(created),
                Optional.of(created),
                0,
                0,
                like.lifecycle(),
                Optional.empty(),
                Optional.empty());
    }
}
