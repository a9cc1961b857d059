package dev.coffer.engine.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.connector.SourceException;
import dev.coffer.core.event.Digest;
import dev.coffer.core.event.DigestText;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A digest over real jobs; here because they are made here. */
final class DigestTest {
    @Test
    void failuresComeFirstWithNamesReasonsAndNextSteps(@TempDir Path folder) throws Exception {
        try (var world = new JobWorld(folder)) {
            var old = world.startBackup(9);
            world.backups.stop(JobWorld.CALLER, old.id().value());
            world.clock.advance(Duration.ofHours(25));
            world.backedUp(1);
            world.connector.turns.add(_ -> {
                throw new SourceException.Impossible("The file system does not exist.");
            });
            var failed = world.backedUp(2);
            assertThat(failed.state().wireName()).isEqualTo("FAILED");
            world.startBackup(3);

            var digest = dev.coffer.engine.event.DigestProbe.of(
                    world.catalog,
                    JobWorld.SCOPE,
                    world.clock.instant().minus(Duration.ofHours(24)),
                    world.clock.instant().plusMillis(1));

            assertThat(digest.failures()).extracting(Digest.Failure::resource).containsExactly("fs-2");
            var failure = digest.failures().getFirst();
            assertThat(failure.what()).isEqualTo("Backup failed");
            assertThat(failure.vault()).isEqualTo(failed.vault().value());
            assertThat(failure.why()).isEqualTo(failed.statusMessage().orElseThrow());
            assertThat(failure.nextStep()).startsWith("Check that the resource is there");
            assertThat(failure.jobId()).isEqualTo(failed.id().value());
            assertThat(digest.completedBackups()).isEqualTo(1);
            assertThat(digest.openJobs()).isEqualTo(1);
            var text = new DigestText(digest, ZoneOffset.UTC).text();
            assertThat(text)
                    .startsWith("1 backup problem in ")
                    .containsSubsequence("Backup failed: fs-2, vault", "Why: ", "Next step: ", "Backups completed: 1");
        }
    }
}
