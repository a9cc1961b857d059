package dev.coffer.engine.job;

import static dev.coffer.engine.job.FollowWorld.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.continuous.Window;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that die while they follow. */
final class ContinuousCrashTest {
    private FollowWorld world;

    @BeforeEach
    void open(@TempDir Path folder) throws InterruptedException {
        world = new FollowWorld(folder);
        world.engine.vault("Default");
        world.connector.change("a", Optional.of("first"));
        world.plan("plan", rule("pitr", "Default", 7, true));
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Instant now() {
        return world.engine.clock.instant();
    }

    @Test
    void aRoundThatDiesAtAnyTransactionIsFollowedByOneThatGoesOnWithEachMarkOnceAndNoGap() throws InterruptedException {
        world.runPlans();
        var base = now();
        int step = 0;
        boolean died = true;
        while (died) {
            step++;
            world.engine.clock.advance(Duration.ofSeconds(30));
            world.connector.change("n" + step, Optional.of("made"));
            world.engine.clock.advance(Duration.ofSeconds(100));
            var mortal = new Mortal(step);
            var dying = world.follower("node", mortal.catalog(world.engine.catalog), world.engine.repositories);
            dying.tick();
            dying.join();
            died = mortal.dead();
            world.followNow();

            assertThat(world.series().lease()).as("step %d", step).isEmpty();
            assertThat(world.history().windows(Instant.EPOCH))
                    .as("step %d", step)
                    .containsExactly(new Window(base, now()));
            assertThat(world.manifests())
                    .as("step %d", step)
                    .hasSameSizeAs(world.history().marks());
            assertThat(world.restored(now().minusSeconds(101)))
                    .isEqualTo(world.connector.asOf(now().minusSeconds(101)));
            assertThat(world.restored(now())).isEqualTo(world.connector.asOf(now()));
        }
        assertThat(step).as("every transaction was hit").isGreaterThan(7);
        assertThat(world.point().status()).isEqualTo(RecoveryPointStatus.AVAILABLE);
    }

    @Test
    void aFirstRunThatDiesAtAnyTransactionBecomesOneAvailablePoint() throws InterruptedException {
        int step = 0;
        boolean died = true;
        while (died) {
            step++;
            world.engine.clock.set(
                    now().truncatedTo(java.time.temporal.ChronoUnit.HOURS).plus(Duration.ofHours(1)));
            world.ticker.tick();
            var mortal = new Mortal(step);
            var dying = world.process(mortal.catalog(world.engine.catalog), world.engine.repositories);
            try {
                dying.tick();
            } catch (Mortal.Died inTheLoop) {
                assertThat(mortal.dead()).isTrue();
            }
            dying.join();
            died = mortal.dead();
            world.runJobs();

            assertThat(world.jobs().getFirst().state().wireName())
                    .as("step %d", step)
                    .isEqualTo("COMPLETED");
            assertThat(world.points()).as("step %d", step).singleElement().satisfies(point -> {
                assertThat(point.status()).isEqualTo(RecoveryPointStatus.AVAILABLE);
                assertThat(point.arn()).isEqualTo(world.jobs().getFirst().recoveryPoint());
            });
            assertThat(world.manifests())
                    .as("step %d", step)
                    .hasSameSizeAs(world.history().marks());
            world.engine.points.delete(
                    dev.coffer.engine.EngineBench.ADMIN,
                    "Default",
                    world.point().arn().toString());
            world.engine.deletion.tick();
            assertThat(world.manifests()).isEmpty();
        }
        assertThat(step).as("every transaction was hit").isGreaterThan(7);
    }

    @Test
    void twoProcessesThatFollowAtOnceWriteEachChangeOnce() throws InterruptedException {
        world.runPlans();
        for (int i = 0; i < 10; i++) {
            world.connector.change("n" + i, Optional.of("made"));
            world.engine.clock.advance(Duration.ofSeconds(60));
            var one = world.follower("one", world.engine.catalog, world.engine.repositories);
            var other = world.follower("other", world.engine.catalog, world.engine.repositories);
            one.tick();
            other.tick();
            one.join();
            other.join();
        }
        assertThat(world.history().marks()).hasSize(11);
        assertThat(world.manifests()).hasSize(11);
        assertThat(world.restored(now())).isEqualTo(world.connector.asOf(now()));
    }
}
