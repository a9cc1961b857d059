package dev.coffer.engine.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.event.Digest;
import dev.coffer.core.event.DigestText;
import dev.coffer.core.job.IndexState;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.engine.event.DigestProbe;
import dev.coffer.testkit.catalog.CatalogSamples;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
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

            var digest = DigestProbe.of(
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
            assertThat(failure.id()).isEqualTo(failed.id().value());
            assertThat(digest.completedBackups()).isEqualTo(1);
            assertThat(digest.openJobs()).isEqualTo(1);
            var text = new DigestText(digest, ZoneOffset.UTC).text();
            assertThat(text)
                    .startsWith("1 backup problem in ")
                    .containsSubsequence("Backup failed: fs-2, vault", "Why: ", "Next step: ", "Backups completed: 1");
        }
    }

    @Test
    void aSearchIndexThatFailedInThePeriodIsAFailure(@TempDir Path folder) {
        try (var world = new JobWorld(folder)) {
            var now = world.clock.instant();
            var samples = new CatalogSamples(new Random(1));
            var bucket = Arn.ofBucket("photos");
            for (int hours : List.of(1, 30)) {
                var point = Arn.ofRecoveryPoint(JobWorld.SCOPE, "hours-" + hours);
                var index = samples.index(JobWorld.SCOPE, JobWorld.VAULT, point, bucket, ResourceType.S3, now);
                var failed = new IndexState.Failed(now.minus(Duration.ofHours(hours)), "A tree is damaged.");
                world.catalog.<Boolean>write(tx -> {
                    tx.indexJobs().insert(index.in(failed));
                    return true;
                });
            }
            var digest = DigestProbe.of(world.catalog, JobWorld.SCOPE, now.minus(Duration.ofHours(24)), now);
            assertThat(digest.failures()).singleElement().satisfies(failure -> {
                assertThat(failure.what()).isEqualTo("Search index failed");
                assertThat(failure.resource()).isEqualTo(bucket.toString());
                assertThat(failure.vault()).isEqualTo(JobWorld.VAULT.value());
                assertThat(failure.why()).isEqualTo("A tree is damaged.");
                assertThat(failure.subject()).isEqualTo(Digest.Subject.RECOVERY_POINT);
                assertThat(failure.id()).endsWith("hours-1");
            });
        }
    }
}
