package dev.coffer.engine.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.MessageCategory;
import dev.coffer.core.vault.RetentionBounds;
import dev.coffer.core.vault.VaultLock;
import dev.coffer.engine.lifecycle.LifecycleRequest;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Backup jobs into a locked vault. */
final class LockedVaultTest {
    @TempDir
    Path folder;

    private JobWorld world;

    @BeforeEach
    void open() {
        world = new JobWorld(folder);
    }

    @AfterEach
    void close() {
        world.vaults.watch = _ -> {};
        world.close();
    }

    private void lock() {
        world.catalog.<Boolean>write(tx -> {
            var vault = tx.vaults().find(JobWorld.SCOPE, JobWorld.VAULT).orElseThrow();
            tx.locks()
                    .put(
                            vault,
                            new VaultLock.Governance(new RetentionBounds(OptionalLong.of(7), OptionalLong.of(100))));
            return true;
        });
    }

    private BackupJob start(Optional<Long> days) {
        var plain = JobWorld.request(JobWorld.fileSystem(1));
        return world.backups.start(
                JobWorld.CALLER,
                new StartBackup(
                        plain.vaultName(),
                        plain.resourceArn(),
                        plain.roleArn(),
                        plain.idempotencyToken(),
                        plain.startWindowMinutes(),
                        plain.completeWindowMinutes(),
                        days.map(value -> LifecycleRequest.ofDays(Optional.empty(), Optional.of(value))),
                        plain.pointTags(),
                        plain.options(),
                        plain.index(),
                        plain.airGappedVaultArn()));
    }

    @ParameterizedTest
    @CsvSource({"6, FAILED", "7, COMPLETED", "100, COMPLETED", "101, FAILED", ", FAILED"})
    void aJobOutsideTheBoundsFailsWithAwssTextAndLeavesNoPoint(
            @org.jspecify.annotations.Nullable Long days, String state) throws InterruptedException {
        lock();
        var job = start(Optional.ofNullable(days));
        world.run(world.process("a"));
        var ended = world.now(job);
        assertThat(ended.state().wireName()).isEqualTo(state);
        if (state.equals("FAILED")) {
            assertThat(ended.statusMessage()).contains(RetentionBounds.OUTSIDE);
            assertThat(MessageCategory.of(ended.statusMessage())).isEqualTo(MessageCategory.INVALID_LIFECYCLE);
            assertThat(world.point(job)).isEmpty();
            assertThat(world.manifestsOf(job.resource())).isEmpty();
        } else {
            assertThat(world.point(job)).isPresent();
        }
    }

    @Test
    void aLockThatComesWhileAJobRunsLetsItsPointInNoMore() throws InterruptedException {
        world.vaults.watch = step -> {
            if (step == MemoryVaults.Step.CAPTURED) {
                lock();
            }
        };
        var job = start(Optional.of(1L));
        world.run(world.process("a"));
        assertThat(world.now(job).statusMessage()).contains(RetentionBounds.OUTSIDE);
        assertThat(world.point(job)).isEmpty();
        assertThat(world.manifestsOf(job.resource())).isEmpty();
    }
}
