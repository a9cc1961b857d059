package dev.coffer.engine.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.connector.SourceException;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.BackupState;
import dev.coffer.core.job.MessageCategory;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackupRunnerTest {
    @TempDir
    Path folder;

    private JobWorld world;

    @BeforeEach
    void open() {
        world = new JobWorld(folder);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static TreeConnector.Turn failing(RuntimeException failure) {
        return _ -> {
            throw failure;
        };
    }

    private void leavesNothing(BackupJob job) throws InterruptedException {
        assertThat(world.pointsOf(job.resource())).isEmpty();
        assertThat(world.manifestsOf(job.resource())).isEmpty();
    }

    @Test
    void aBackupCompletesWithAPointItsTagsAndItsFacts() throws InterruptedException {
        var job = world.backedUp(1);

        assertThat(job.state()).isEqualTo(new BackupState.Completed(JobWorld.START, Optional.empty()));
        assertThat(job.attempts()).isEqualTo(1);
        assertThat(job.progress().doneBytes()).isEqualTo(9);
        assertThat(world.point(job)).hasValueSatisfying(point -> {
            assertThat(point.status()).isEqualTo(RecoveryPointStatus.COMPLETED);
            assertThat(point.logicalBytes()).isEqualTo(9);
            assertThat(point.sessionId()).isEqualTo(job.id().value());
        });
        assertThat(world.catalog
                        .read(view -> view.tags().of(job.recoveryPoint()))
                        .valueByKey())
                .isEqualTo(Map.of("team", "a"));
        var facts = world.catalog.read(view -> view.resources().findProtected(JobWorld.SCOPE, job.resource()));
        assertThat(facts)
                .hasValueSatisfying(one -> assertThat(one.lastRecoveryPoint()).isEqualTo(job.recoveryPoint()));
        assertThat(world.events().stream()
                        .filter(event -> event.detailType().equals("Backup Job State Change"))
                        .map(event -> event.detail().get("state")))
                .containsExactly("CREATED", "PENDING", "RUNNING", "COMPLETED");
        assertThat(world.ended).containsExactly("BACKUP COMPLETED");
    }

    @Test
    void aSecondBackupIsComparedWithTheLatestCompletedPoint() throws InterruptedException {
        var first = world.backedUp(1);
        world.clock.advance(Duration.ofHours(1));
        world.files(JobWorld.fileSystem(1)).put("b", "changed");
        var second = world.backedUp(1);

        assertThat(second.progress().transferredBytes()).isEqualTo("changed".length());
        assertThat(world.manifestsOf(second.resource()))
                .filteredOn(manifest -> manifest.id().value().equals(second.id().value()))
                .singleElement()
                .satisfies(
                        manifest -> assertThat(manifest.parent().orElseThrow().value())
                                .isEqualTo(first.id().value()));
    }

    @Test
    void itemsThatCannotBeReadMakeACompletedJobWithIssues() throws InterruptedException {
        world.connector.unreadable.add("b");
        var job = world.backedUp(1);

        assertThat(job.state().wireName()).isEqualTo("COMPLETED");
        assertThat(job.statusMessage())
                .contains("Completed with issues: 1 item was not captured as it is: /b (permission denied).");
        assertThat(MessageCategory.of(job.statusMessage())).isNotEqualTo(MessageCategory.SUCCESS);
    }

    @Test
    void aPassingFaultIsTriedAgainUnderTheSameIdUntilItGoes() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            world.connector.turns.add(failing(
                    new SourceException.Unavailable("The file server does not answer.", new RuntimeException())));
        }
        var job = world.startBackup(1);
        var process = world.process("a");
        for (int attempt = 1; attempt <= 3; attempt++) {
            world.run(process);
            assertThat(world.now(job).state().wireName()).isEqualTo("CREATED");
            assertThat(world.now(job).statusMessage()).contains("The file server does not answer.");
            leavesNothing(job);
            world.clock.advance(Duration.ofMinutes(10));
        }
        world.run(process);

        assertThat(world.now(job).state().wireName()).isEqualTo("COMPLETED");
        assertThat(world.now(job).attempts()).isEqualTo(4);
        assertThat(world.pointsOf(job.resource())).hasSize(1);
    }

    @Test
    void aJobThatWaitsForItsNextTryIsNotClaimedBefore() throws InterruptedException {
        world.connector.turns.add(failing(new SourceException.Unavailable("busy", new RuntimeException())));
        var job = world.startBackup(1);
        var process = world.process("a");
        world.run(process);
        world.clock.advance(Duration.ofSeconds(29));
        world.run(process);

        assertThat(world.now(job).attempts()).isEqualTo(1);
    }

    @Test
    void aPassingFaultAtTheEndOfTheStartWindowFailsTheJobWithItsReason() throws InterruptedException {
        var job = world.startBackup(1);
        world.connector.turns.add(
                failing(new SourceException.Unavailable("The file server is off.", new RuntimeException())));
        world.clock.advance(Duration.ofHours(8).minusSeconds(5));
        world.run(world.process("a"));

        assertThat(world.now(job).state()).isInstanceOf(BackupState.Failed.class);
        assertThat(world.now(job).statusMessage()).contains("The file server is off.");
        leavesNothing(job);
    }

    @Test
    void aLastingFaultFailsTheJobAtOnce() throws InterruptedException {
        world.connector.turns.add(failing(new SourceException.Impossible("The path is not a folder.")));
        var job = world.backedUp(1);

        assertThat(job.state()).isInstanceOf(BackupState.Failed.class);
        assertThat(job.statusMessage()).contains("The path is not a folder.");
        leavesNothing(job);
    }

    @Test
    void aBugFailsTheJobWithoutShowingItsInside() throws InterruptedException {
        world.connector.turns.add(failing(new IllegalStateException("index 7 of secret")));
        assertThat(world.backedUp(1).statusMessage()).contains("An internal error occurred.");

        world.connector.turns.add(_ -> {
            throw new StackOverflowError();
        });
        assertThat(world.backedUp(2).statusMessage()).contains("An internal error occurred.");

        world.connector.turns.add(_ -> {
            throw new InterruptedException("nobody called the job back");
        });
        assertThat(world.backedUp(3).statusMessage()).contains("An internal error occurred.");
    }

    @Test
    void aResourceThatIsGoneFailsTheJob() throws InterruptedException {
        world.connector.treeByArn.remove(JobWorld.fileSystem(1));
        var job = world.backedUp(1);

        assertThat(job.statusMessage()).contains("The file system fs-1 does not exist.");
        assertThat(MessageCategory.of(job.statusMessage())).isEqualTo(MessageCategory.RESOURCE_NOT_FOUND);
    }

    @Test
    void aVaultThatIsDeletedMeanwhileFailsTheJob() throws InterruptedException {
        var job = world.startBackup(1);
        world.catalog.<Boolean>write(tx -> {
            tx.vaults().delete(tx.vaults().find(JobWorld.SCOPE, JobWorld.VAULT).orElseThrow());
            return true;
        });
        world.run(world.process("a"));

        assertThat(world.now(job).statusMessage())
                .contains("Backup job failed because backup vault"
                        + " arn:aws:backup:eu-west-1:111122223333:backup-vault:prod does not exist.");
        assertThat(world.pointsOf(job.resource())).isEmpty();
    }

    @Test
    void tooManyTagsFailTheJobWithTheTextOfAws() throws InterruptedException {
        var tags = new ConcurrentHashMap<String, String>();
        for (int i = 0; i < 51; i++) {
            tags.put("key" + i, "value");
        }
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> JobTags.ofPoint(tags, dev.coffer.core.tag.Tags.NONE)))
                .hasMessage("The resultant tag set must not have more than 50 user tags.");
    }

    @Test
    void aMissedStartWindowExpiresTheJob() throws InterruptedException {
        var job = world.startBackup(1);
        world.clock.advance(Duration.ofHours(8));
        world.run(world.process("a"));

        assertThat(world.now(job).state()).isInstanceOf(BackupState.Expired.class);
        assertThat(world.now(job).statusMessage()).contains("Backup job expired before completion.");
        assertThat(MessageCategory.of(world.now(job).statusMessage())).isEqualTo(MessageCategory.JOB_EXPIRED);
        assertThat(world.ended).containsExactly("BACKUP EXPIRED");
    }

    @Test
    void aJobThatAnotherOfItsResourceBlockedExpiresWithThatReason() throws InterruptedException {
        var hold = world.hold();
        var first = world.startBackup(1);
        var process = world.process("a");
        process.tick();
        hold.reached.await();
        var second = world.startBackup(1);
        process.tick();
        assertThat(world.now(second).state().wireName()).isEqualTo("CREATED");
        world.clock.advance(Duration.ofHours(8));
        process.watch();
        process.tick();

        assertThat(world.now(second).statusMessage())
                .contains("Backup job failed because there was a running job for the same resource.");
        hold.letGo.countDown();
        process.join();
        assertThat(world.now(first).state().wireName()).isEqualTo("COMPLETED");
    }

    @Test
    void anEndedCompletionWindowExpiresARunningJob() throws InterruptedException {
        var hold = world.hold();
        var job = world.startBackup(1);
        var process = world.process("a");
        process.tick();
        hold.reached.await();
        world.clock.advance(Duration.ofDays(7));
        process.watch();
        process.join();

        assertThat(world.now(job).state()).isInstanceOf(BackupState.Expired.class);
        assertThat(world.now(job).statusMessage()).contains("Backup job expired before completion.");
        leavesNothing(job);
    }

    @Test
    void aRunningJobIsAbortingWhenStoppedAndAbortedWhenItsWorkHasComeBack() throws InterruptedException {
        var hold = world.hold();
        var job = world.startBackup(1);
        var process = world.process("a");
        process.tick();
        hold.reached.await();
        assertThat(world.point(job))
                .hasValueSatisfying(point -> assertThat(point.status()).isEqualTo(RecoveryPointStatus.CREATING));
        world.backups.stop(JobWorld.CALLER, job.id().value());
        assertThat(world.now(job).state().wireName()).isEqualTo("ABORTING");
        world.backups.stop(JobWorld.CALLER, job.id().value());
        process.watch();
        process.join();

        assertThat(world.now(job).state().wireName()).isEqualTo("ABORTED");
        assertThat(world.now(job).statusMessage()).contains("Backup job was stopped by user.");
        leavesNothing(job);
    }

    @Test
    void aStopThatComesBetweenManifestAndCatalogTakesTheManifestBack() throws InterruptedException {
        var job = world.startBackup(1);
        world.vaults.watch = step -> {
            if (step == MemoryVaults.Step.STORED) {
                world.backups.stop(JobWorld.CALLER, job.id().value());
            }
        };
        world.run(world.process("a"));

        assertThat(world.now(job).state().wireName()).isEqualTo("ABORTED");
        leavesNothing(job);
    }

    @Test
    void aStoppedJobWhoseProcessDiedIsAbortedByTheNextStart() throws InterruptedException {
        var hold = world.hold();
        var job = world.startBackup(1);
        var process = world.process("a");
        process.tick();
        hold.reached.await();
        process.close();
        world.backups.stop(JobWorld.CALLER, job.id().value());
        world.run(world.process("a"));

        assertThat(world.now(job).state().wireName()).isEqualTo("ABORTED");
        leavesNothing(job);
    }

    @Test
    void aRunnerThatLostItsLeasePublishesNothing() throws InterruptedException {
        var slow = world.hold();
        var other = world.hold();
        var job = world.startBackup(1);
        var first = world.process("a");
        first.tick();
        slow.reached.await();
        var second = world.process("b");
        second.tick();
        assertThat(second.running()).isZero();
        world.clock.advance(Duration.ofSeconds(31));
        second.tick();
        other.reached.await();
        slow.letGo.countDown();
        first.join();

        assertThat(world.manifestsOf(job.resource())).isEmpty();
        assertThat(world.now(job).state().wireName()).isEqualTo("RUNNING");
        other.letGo.countDown();
        second.join();
        assertThat(world.now(job).state().wireName()).isEqualTo("COMPLETED");
        assertThat(world.manifestsOf(job.resource())).hasSize(1);
        assertThat(world.ended).containsExactly("BACKUP COMPLETED");
    }

    @Test
    void aManifestThatIsStoredAfterAnotherRunnerEndedTheJobIsTakenBack() throws InterruptedException {
        var fenced = new CountDownLatch(1);
        var letGo = new CountDownLatch(1);
        var once = new AtomicBoolean();
        world.vaults.watch = step -> {
            if (step == MemoryVaults.Step.FENCED && once.compareAndSet(false, true)) {
                fenced.countDown();
                letGo.await();
            }
        };
        var job = world.startBackup(1);
        var first = world.process("a");
        first.tick();
        fenced.await();
        world.clock.advance(Duration.ofSeconds(31));
        world.connector.turns.add(failing(new SourceException.Impossible("The path is not a folder.")));
        world.run(world.process("b"));
        assertThat(world.now(job).state().wireName()).isEqualTo("FAILED");
        letGo.countDown();
        first.join();

        assertThat(world.now(job).state().wireName()).isEqualTo("FAILED");
        leavesNothing(job);
    }

    @Test
    void progressIsStoredWhileTheJobRunsAndTheLeaseIsRenewed() throws InterruptedException {
        var hold = world.hold();
        var job = world.startBackup(1);
        var process = world.process("a");
        process.tick();
        hold.reached.await();
        world.clock.advance(Duration.ofMillis(500));
        process.watch();
        assertThat(world.now(job).progress().doneBytes()).isZero();
        world.clock.advance(Duration.ofSeconds(20));
        process.watch();

        assertThat(world.now(job).progress().percent()).isEqualTo(50);
        assertThat(world.now(job).state())
                .isInstanceOfSatisfying(
                        BackupState.Running.class,
                        running -> assertThat(running.lease().until())
                                .isEqualTo(world.clock.instant().plusSeconds(30)));
        assertThat(world.now(job).progress().expectedEnd(JobWorld.START, JobWorld.START.plusSeconds(20)))
                .contains(JobWorld.START.plusSeconds(40));
        hold.letGo.countDown();
        process.join();
    }
}
