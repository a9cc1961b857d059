package dev.coffer.engine.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.event.Event;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.CopyJob;
import dev.coffer.core.job.CopyState;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.RestoreState;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.recoverypoint.StorageClass;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.store.StoreException;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultPlace;
import dev.coffer.engine.EngineBench;
import dev.coffer.engine.lifecycle.LifecycleRequest;
import dev.coffer.engine.recoverypoint.PointAdoption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CopyTest {
    private static final VaultPlace HERE = new VaultPlace(JobWorld.SCOPE, new VaultName("copies"));
    private static final Scope FAR = new Scope(JobWorld.ACCOUNT, new Region("us-east-1"));
    private static final VaultPlace THERE = new VaultPlace(FAR, new VaultName("dr"));

    @TempDir
    Path folder;

    private JobWorld world;

    @BeforeEach
    void open() {
        world = new JobWorld(folder);
        world.addVault(HERE.name());
        world.addVault(FAR, THERE.name());
    }

    @AfterEach
    void close() {
        world.vaults.watch = _ -> {};
        world.close();
    }

    private void forget(BackupJob backup) throws InterruptedException {
        var vault = world.catalog
                .read(view -> view.vaults().find(JobWorld.SCOPE, JobWorld.VAULT))
                .orElseThrow();
        world.vaults
                .open(JobWorld.SCOPE, JobWorld.VAULT, vault.id())
                .forget(new SessionId(backup.id().value()));
        world.catalog.<Boolean>write(tx -> {
            tx.recoveryPoints().delete(world.point(backup).orElseThrow());
            return true;
        });
    }

    private Map<String, String> restored(CopyJob copy) throws InterruptedException {
        var caller = new Caller(
                copy.destination().scope().account(),
                JobWorld.CALLER.principal(),
                copy.destination().scope().region());
        var restore = world.restores.start(caller, JobWorld.restoreOf(copy.copy()));
        world.run(world.process("restorer"));
        var ended = world.restores.describe(caller, restore.id().value());
        assertThat(ended.state()).isInstanceOf(RestoreState.Completed.class);
        return world.files(((RestoreState.Completed) ended.state()).created());
    }

    @Test
    void aCopyIsAWholePointOfItsDestinationAndOutlivesItsSource() throws InterruptedException {
        var backup = world.backedUp(1);
        world.catalog.<Boolean>write(tx -> {
            tx.tags().put(backup.recoveryPoint(), Tags.of(Map.of("team", "a", "since", "later")));
            return true;
        });
        world.clock.advance(Duration.ofHours(3));
        world.ended.clear();
        var job = world.copied(backup, THERE);

        assertThat(job.state().wireName()).isEqualTo("COMPLETED");
        assertThat(job.completedAt()).contains(world.clock.instant());
        assertThat(job.progress().doneBytes()).isEqualTo(9);
        var copy = world.point(job).orElseThrow();
        assertThat(copy.status()).isEqualTo(RecoveryPointStatus.COMPLETED);
        assertThat(copy.createdAt()).isEqualTo(backup.createdAt());
        assertThat(copy.completedAt()).contains(world.clock.instant());
        assertThat(copy.sourceVault()).contains(Arn.ofVault(JobWorld.SCOPE, "prod"));
        assertThat(copy.role()).isEqualTo(JobWorld.ROLE);
        assertThat(copy.resource()).isEqualTo(backup.resource());
        assertThat(copy.logicalBytes()).isEqualTo(9);
        assertThat(copy.arn().isIn(FAR)).isTrue();
        assertThat(world.catalog.read(view -> view.tags().of(copy.arn())).valueByKey())
                .isEqualTo(Map.of("team", "a", "since", "later"));
        var known = world.catalog.read(view -> view.resources().findProtected(FAR, backup.resource()));
        assertThat(known)
                .hasValueSatisfying(
                        there -> assertThat(there.lastRecoveryPoint()).isEqualTo(copy.arn()));
        assertThat(world.ended).containsExactly("COPY COMPLETED");

        forget(backup);
        assertThat(restored(job)).isEqualTo(Map.of("a", "alpha", "b", "beta"));
    }

    @Test
    void aCopyTellsOfItselfInTheScopeOfItsSourceAndOfItsPointInTheOther() throws InterruptedException {
        var backup = world.backedUp(1);
        world.copied(backup, THERE);
        var told = world.events();
        assertThat(told.stream()
                        .filter(event -> event.detailType().equals("Copy Job State Change"))
                        .peek(event -> assertThat(event.scope()).isEqualTo(JobWorld.SCOPE))
                        .peek(event -> assertThat(event.resources()).containsExactly(backup.recoveryPoint()))
                        .map(event -> event.detail().get("state")))
                .containsExactly("CREATED", "RUNNING", "COMPLETED");
        assertThat(told.stream().filter(event -> event.scope().equals(FAR)).map(CopyTest::status))
                .containsExactly("CREATING", "COMPLETED");
    }

    private static Object status(Event event) {
        assertThat(event.detailType()).isEqualTo("Recovery Point State Change");
        return event.detail().getOrDefault("status", "");
    }

    @Test
    void aLaterCopyReadsOnlyWhatHasChangedSinceTheEarlierOne() throws InterruptedException {
        var first = world.backedUp(1);
        world.copied(first, THERE);
        assertThat(world.vaults.read).containsExactlyInAnyOrder("/a", "/b");

        world.vaults.read.clear();
        world.files(first.resource()).put("b", "beta 2");
        world.files(first.resource()).put("c", "gamma");
        world.clock.advance(Duration.ofDays(1));
        var job = world.copied(world.backedUp(1), THERE);
        assertThat(job.state().wireName()).isEqualTo("COMPLETED");
        assertThat(world.vaults.read).containsExactlyInAnyOrder("/b", "/c");
        assertThat(restored(job)).isEqualTo(Map.of("a", "alpha", "b", "beta 2", "c", "gamma"));
    }

    @Test
    void aCopyOfACopyNamesTheFirstVaultAndIsWhole() throws InterruptedException {
        var there = world.copied(world.backedUp(1), HERE);
        var again = world.copies.start(
                JobWorld.CALLER,
                new StartCopy(
                        there.copy().toString(),
                        HERE.name().value(),
                        THERE.toString(),
                        JobWorld.ROLE.toString(),
                        Optional.empty(),
                        Optional.empty()));
        world.run(world.process("a"));
        assertThat(world.point(world.now(again)))
                .hasValueSatisfying(
                        copy -> assertThat(copy.sourceVault()).contains(Arn.ofVault(JobWorld.SCOPE, "prod")));
        assertThat(restored(again)).isEqualTo(Map.of("a", "alpha", "b", "beta"));
    }

    @Test
    void aCopyIsMadeFromWhatIsLeftIfTheSourceOfTheEarlierOneIsGone() throws InterruptedException {
        var first = world.backedUp(1);
        world.copied(first, THERE);
        forget(first);
        world.vaults.read.clear();
        var job = world.copied(world.backedUp(1), THERE);
        assertThat(world.vaults.read).containsExactlyInAnyOrder("/a", "/b");
        assertThat(restored(job)).isEqualTo(Map.of("a", "alpha", "b", "beta"));
        assertThat(job.progress().transferredBytes())
                .as("nothing is new to the vault")
                .isZero();
    }

    @Test
    void aCopyHasTheLifecycleThatWasAskedForElseThatOfItsSource() throws InterruptedException {
        var backup = world.backedUp(1);
        world.catalog.<Boolean>write(tx -> {
            tx.recoveryPoints().put(world.point(backup).orElseThrow().withLifecycle(kept(30)));
            return true;
        });
        assertThat(world.copied(backup, HERE).lifecycle()).isEqualTo(kept(30));
        assertThat(world.copies.start(JobWorld.CALLER, copyFor(backup, 7)).lifecycle())
                .isEqualTo(kept(7));
        assertThat(world.copies.start(JobWorld.CALLER, copyFor(backup, -1)).lifecycle())
                .isEqualTo(kept(30));
    }

    private static Lifecycle kept(long days) {
        return new Lifecycle(OptionalLong.empty(), OptionalLong.of(days), Optional.empty());
    }

    private static StartCopy copyFor(BackupJob backup, long days) {
        return new StartCopy(
                backup.recoveryPoint().toString(),
                backup.vault().value(),
                HERE.toString(),
                JobWorld.ROLE.toString(),
                Optional.empty(),
                Optional.of(LifecycleRequest.ofDays(Optional.empty(), Optional.of(days))));
    }

    private void fails(RuntimeException failure) {
        world.vaults.watch = at -> {
            if (at == MemoryVaults.Step.CAPTURED) {
                throw failure;
            }
        };
    }

    @Test
    void aPassingFaultIsTriedAgainForTwoHoursAndThenLeavesNothing() throws InterruptedException {
        var backup = world.backedUp(1);
        fails(new StoreException.Unavailable("the disk does not answer", new RuntimeException()));
        var job = world.copies.start(JobWorld.CALLER, JobWorld.copyOf(backup, THERE));
        var process = world.process("a");
        int tries = 0;
        while (world.now(job).completedAt().isEmpty()) {
            world.run(process);
            tries++;
            if (world.now(job).completedAt().isEmpty()) {
                assertThat(world.now(job).state().wireName()).isEqualTo("CREATED");
                assertThat(world.now(job).statusMessage())
                        .hasValueSatisfying(why -> assertThat(why).contains("the disk does not answer"));
                assertThat(world.clock.instant()).isBefore(job.createdAt().plus(Duration.ofHours(2)));
                world.clock.advance(Duration.ofMinutes(10));
            }
        }
        assertThat(tries).isGreaterThan(10);
        assertThat(world.now(job).state().wireName()).isEqualTo("FAILED");
        assertThat(world.clock.instant()).isBeforeOrEqualTo(job.createdAt().plus(Duration.ofHours(2)));
        assertThat(world.point(job)).isEmpty();
        assertThat(world.manifestsIn(THERE)).isEmpty();
    }

    @Test
    void aPassingFaultThatPassesEndsInOneCopy() throws InterruptedException {
        var backup = world.backedUp(1);
        fails(new StoreException.Unavailable("the disk does not answer", new RuntimeException()));
        var job = world.copied(backup, THERE);
        world.vaults.watch = _ -> {};
        world.clock.advance(Duration.ofMinutes(1));
        world.run(world.process("a"));
        assertThat(world.now(job).state().wireName()).isEqualTo("COMPLETED");
        assertThat(world.manifestsIn(THERE)).hasSize(1);
    }

    @Test
    void aFaultThatDoesNotPassLeavesNothingEvenBehindTheManifest() throws InterruptedException {
        var once = new AtomicBoolean();
        world.vaults.watch = at -> {
            if (at == MemoryVaults.Step.STORED && once.getAndSet(true)) {
                throw new RepositoryException.Corrupt("manifest");
            }
        };
        var job = world.copied(world.backedUp(1), THERE);
        world.vaults.watch = _ -> {};
        assertThat(job.state().wireName()).isEqualTo("FAILED");
        assertThat(job.statusMessage()).contains("The vault failed: damage in the vault's storage: manifest.");
        assertThat(world.point(job)).isEmpty();
        assertThat(world.manifestsIn(THERE)).isEmpty();
    }

    @Test
    void aBugIsToldInAwsWords() throws InterruptedException {
        var backup = world.backedUp(1);
        fails(new IllegalStateException("a bug"));
        assertThat(world.copied(backup, THERE).statusMessage()).contains("Copy job encountered a fatal error.");
    }

    /** Holds the copy at its beginning. */
    private record Held(CountDownLatch reached, CountDownLatch letGo) implements MemoryVaults.Watch {
        Held() {
            this(new CountDownLatch(1), new CountDownLatch(1));
        }

        @Override
        public void at(MemoryVaults.Step step) throws InterruptedException {
            if (step == MemoryVaults.Step.OPENED) {
                reached.countDown();
                letGo.await();
            }
        }
    }

    @Test
    void aBackupAndACopyOfOneResourceWaitForEachOther() throws InterruptedException {
        var backup = world.backedUp(1);
        var held = new Held();
        world.vaults.watch = held;
        var copy = world.copies.start(JobWorld.CALLER, JobWorld.copyOf(backup, THERE));
        var process = world.process("a");
        process.tick();
        held.reached().await();
        var second = world.startBackup(1);
        var third = world.copies.start(JobWorld.CALLER, JobWorld.copyOf(backup, HERE));
        process.tick();
        assertThat(process.running()).isEqualTo(1);
        assertThat(world.now(second).statusMessage()).contains("Waiting for another job of the same resource.");
        assertThat(world.now(third).state().wireName()).isEqualTo("CREATED");
        held.letGo().countDown();
        world.run(process);
        assertThat(world.now(copy).state().wireName()).isEqualTo("COMPLETED");

        var hold = world.hold();
        process.tick();
        hold.reached.await();
        process.tick();
        assertThat(world.now(third).state().wireName()).isEqualTo("CREATED");
        hold.letGo.countDown();
        process.join();
        world.run(process);
        assertThat(world.now(second).state().wireName()).isEqualTo("COMPLETED");
        assertThat(world.now(third).state().wireName()).isEqualTo("COMPLETED");
    }

    @Test
    void aHundredCopiesIntoARegionKeepFurtherOnesOutOfItAlone() throws InterruptedException {
        var backup = world.backedUp(1);
        var other = world.backedUp(2);
        var lease = new Lease(
                new RunnerId("elsewhere", "1"), 1, world.clock.instant().plusSeconds(30));
        for (int i = 0; i < 100; i++) {
            var running = world.copies.start(JobWorld.CALLER, JobWorld.copyOf(backup, THERE));
            world.catalog.<Boolean>write(tx -> {
                tx.copyJobs().update(running.in(new CopyState.Running(lease, JobWorld.START)));
                return true;
            });
        }
        var far = world.copies.start(JobWorld.CALLER, JobWorld.copyOf(other, THERE));
        var process = world.process("a");
        world.run(process);
        assertThat(world.now(far).state().wireName()).isEqualTo("CREATED");
        var near = world.copies.start(JobWorld.CALLER, JobWorld.copyOf(other, HERE));
        world.run(process);
        assertThat(world.now(near).state().wireName()).isEqualTo("COMPLETED");
        assertThat(world.now(far).state().wireName()).isEqualTo("CREATED");
    }

    @Test
    void aServerThatEndsHandsTheCopyOnAndItGoesOnUnderItsId() throws InterruptedException {
        var backup = world.backedUp(1);
        var held = new Held();
        world.vaults.watch = held;
        var copy = world.copies.start(JobWorld.CALLER, JobWorld.copyOf(backup, THERE));
        var process = world.process("a");
        process.tick();
        held.reached().await();
        process.close();
        world.vaults.watch = _ -> {};
        assertThat(world.now(copy).state().wireName()).isEqualTo("RUNNING");
        world.run(world.process("b"));
        assertThat(world.now(copy).state().wireName()).isEqualTo("COMPLETED");
        assertThat(world.now(copy).attempts()).isEqualTo(2);
        assertThat(world.manifestsIn(THERE)).hasSize(1);
    }

    @Test
    void aRunnerThatLostItsLeasePublishesNoCopy() throws InterruptedException {
        var backup = world.backedUp(1);
        var held = new Held();
        world.vaults.watch = held;
        var copy = world.copies.start(JobWorld.CALLER, JobWorld.copyOf(backup, THERE));
        var slow = world.process("slow");
        slow.tick();
        held.reached().await();
        world.vaults.watch = _ -> {};
        world.clock.advance(Duration.ofSeconds(31));
        world.run(world.process("other"));
        assertThat(world.now(copy).state().wireName()).isEqualTo("COMPLETED");
        held.letGo().countDown();
        slow.join();
        assertThat(world.now(copy).state().wireName()).isEqualTo("COMPLETED");
        assertThat(world.manifestsIn(THERE)).hasSize(1);
        assertThat(world.point(copy))
                .hasValueSatisfying(point -> assertThat(point.status()).isEqualTo(RecoveryPointStatus.COMPLETED));
    }

    @Test
    void aLostCatalogKnowsFromTheVaultWhereACopyCameFrom() throws InterruptedException {
        var backup = world.backedUp(1);
        world.catalog.<Boolean>write(tx -> {
            tx.tags().put(backup.recoveryPoint(), Tags.of(Map.of("kept", "yes")));
            return true;
        });
        var job = world.copied(backup, THERE);
        var copy = world.point(job).orElseThrow();
        world.catalog.<Boolean>write(tx -> {
            tx.recoveryPoints().delete(copy);
            tx.tags().put(copy.arn(), Tags.NONE);
            return true;
        });
        for (var manifest : world.manifestsIn(THERE)) {
            new PointAdoption(world.catalog).adopt(FAR, THERE.name(), manifest, StorageClass.WARM, Optional.empty());
        }
        assertThat(world.point(job)).hasValueSatisfying(found -> {
            assertThat(found.sourceVault()).isEqualTo(copy.sourceVault());
            assertThat(found.createdAt()).isEqualTo(copy.createdAt());
            assertThat(found.role()).isEqualTo(copy.role());
        });
        assertThat(world.catalog.read(view -> view.tags().of(copy.arn())).valueByKey())
                .containsEntry("kept", "yes");
        world.vaults.read.clear();
        world.copied(world.backedUp(1), THERE);
        assertThat(world.vaults.read).as("it still saves work").isEmpty();
    }

    @Test
    void anotherAccountIsNotAskedForItsCopies() throws InterruptedException {
        var copy = world.copied(world.backedUp(1), THERE);
        var stranger = new Caller(
                new AccountId("444455556666"),
                new Arn("aws", "iam", "", "444455556666", "root"),
                JobWorld.SCOPE.region());
        var refused = EngineBench.refusal(
                () -> world.copies.describe(stranger, copy.id().value()));
        assertThat(refused.message()).contains("was not found");
    }
}
