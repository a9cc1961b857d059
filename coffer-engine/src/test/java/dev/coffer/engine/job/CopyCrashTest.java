package dev.coffer.engine.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.CopyJobRows;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.CopyJob;
import dev.coffer.core.job.JobId;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.plan.BackupPlan;
import dev.coffer.core.plan.BackupRule;
import dev.coffer.core.plan.CopyAction;
import dev.coffer.core.plan.CreatedBy;
import dev.coffer.core.plan.PlanClock;
import dev.coffer.core.plan.PlanId;
import dev.coffer.core.plan.PlanVersion;
import dev.coffer.core.plan.RuleId;
import dev.coffer.core.plan.Schedule;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultPlace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ends the process before and after every transaction and at every step of a write, of copies and of what asks for them. */
final class CopyCrashTest {
    private static final VaultPlace HERE = new VaultPlace(JobWorld.SCOPE, new VaultName("copies"));
    private static final VaultPlace THERE =
            new VaultPlace(new Scope(JobWorld.ACCOUNT, new Region("us-east-1")), new VaultName("dr"));

    @TempDir
    Path folder;

    private JobWorld world;

    @BeforeEach
    void open() {
        world = new JobWorld(folder);
        world.addVault(HERE.name());
        world.addVault(THERE.scope(), THERE.name());
    }

    @AfterEach
    void close() {
        world.vaults.watch = _ -> {};
        world.close();
    }

    private void runAll() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            world.run(world.process("a"));
        }
    }

    private List<CopyJob> copiesOf(BackupJob backup) {
        return world
                .catalog
                .read(view -> view.copyJobs().list(JobWorld.SCOPE, CopyJobRows.Filter.none(), PageRequest.first(1000)))
                .rows()
                .stream()
                .filter(job -> job.resource().equals(backup.resource()))
                .toList();
    }

    @Test
    void aCopyThatCrashesAtAnyStepCompletesUnderItsIdAsOnePoint() throws InterruptedException {
        int step = 0;
        boolean died;
        do {
            step++;
            var backup = world.backedUp(step);
            var job = world.copies.start(JobWorld.CALLER, JobWorld.copyOf(backup, THERE));
            died = Mortal.diedAt(step, world);
            runAll();

            assertThat(world.now(job).state().wireName()).as("step %d", step).isEqualTo("COMPLETED");
            assertThat(world.point(job)).hasValueSatisfying(point -> {
                assertThat(point.status()).isEqualTo(RecoveryPointStatus.COMPLETED);
                assertThat(point.createdAt()).isEqualTo(backup.createdAt());
                assertThat(point.logicalBytes()).isEqualTo(9);
            });
            assertThat(world.manifestsIn(THERE)).as("step %d", step).hasSize(step);
        } while (died);
        assertThat(step).isGreaterThan(11);
    }

    @Test
    void aStoredCopyCompletesEvenIfItsSourceIsGoneAndTheRoleToo() throws InterruptedException {
        var backup = world.backedUp(1);
        var job = world.copies.start(JobWorld.CALLER, JobWorld.copyOf(backup, THERE));
        world.vaults.watch = at -> {
            if (at == MemoryVaults.Step.STORED) {
                throw new Mortal.Died();
            }
        };
        world.run(world.process("a"));
        world.vaults.watch = _ -> {};
        assertThat(world.now(job).state().wireName()).isEqualTo("RUNNING");
        world.catalog.<Boolean>write(tx -> {
            tx.recoveryPoints().delete(world.point(backup).orElseThrow());
            return true;
        });
        world.run(world.process("a"));
        assertThat(world.now(job).state().wireName()).isEqualTo("COMPLETED");
        assertThat(world.manifestsIn(THERE)).hasSize(1);
    }

    private CreatedBy planWith(CopyAction... actions) {
        var rule = new BackupRule(
                "daily",
                new RuleId("rule-1"),
                JobWorld.VAULT,
                Optional.empty(),
                Schedule.of(Schedule.USUAL_EXPRESSION, Schedule.USUAL_ZONE),
                60,
                120,
                kept(30),
                Tags.NONE,
                List.of(actions),
                false,
                List.of(),
                List.of());
        var document = new BackupPlan("plan", List.of(rule), List.of(), List.of());
        var plan = new PlanVersion(
                JobWorld.SCOPE,
                new PlanId("plan-1"),
                "version-1",
                1,
                document,
                JobWorld.START,
                JobWorld.START,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        world.catalog.<Boolean>write(tx -> {
            tx.plans().insert(plan, PlanClock.startingAt(JobWorld.START, document));
            return true;
        });
        return CreatedBy.of(plan, rule);
    }

    private static Lifecycle kept(long days) {
        return new Lifecycle(OptionalLong.empty(), OptionalLong.of(days), Optional.empty());
    }

    private BackupJob scheduled(int fileSystem, CreatedBy rule) {
        var now = world.clock.instant();
        return world.catalog.write(tx -> new BackupJobCreation(world::id)
                .create(
                        tx,
                        JobId.ofBackup(world.id()),
                        new BackupJobCreation.Wanted(
                                JobWorld.SCOPE,
                                JobWorld.VAULT,
                                JobWorld.fileSystem(fileSystem),
                                ResourceType.EFS,
                                "fs",
                                JobWorld.ROLE,
                                kept(30),
                                Map.of(),
                                Tags.NONE,
                                Optional.of(rule),
                                now.plus(Duration.ofHours(1)),
                                now.plus(Duration.ofHours(2))),
                        now));
    }

    @Test
    void aBackupOfARuleThatCrashesAtAnyStepIsCopiedOnceForEachAction() throws InterruptedException {
        var rule = planWith(new CopyAction(HERE, Optional.empty()), new CopyAction(THERE, Optional.of(kept(100))));
        int step = 0;
        boolean died;
        do {
            step++;
            var backup = scheduled(step, rule);
            died = Mortal.diedAt(step, world);
            runAll();

            assertThat(world.now(backup).state().wireName()).as("step %d", step).isEqualTo("COMPLETED");
            assertThat(copiesOf(backup)).as("step %d", step).hasSize(2).allSatisfy(job -> {
                assertThat(job.state().wireName()).isEqualTo("COMPLETED");
                assertThat(job.backupJob()).contains(backup.id());
                assertThat(job.createdBy()).contains(rule);
                assertThat(job.lifecycle()).isEqualTo(job.destination().equals(HERE) ? kept(30) : kept(100));
            });
        } while (died);
        assertThat(step).as("every step of the backup was hit").isGreaterThan(11);
    }

    @Test
    void aBackupThatFailsIsNotCopied() throws InterruptedException {
        var rule = planWith(new CopyAction(HERE, Optional.empty()));
        var backup = scheduled(1, rule);
        world.connector.treeByArn.remove(backup.resource());
        runAll();
        assertThat(world.now(backup).state().wireName()).isEqualTo("FAILED");
        assertThat(copiesOf(backup)).isEmpty();
    }

    @Test
    void aCopyWhoseLifecycleCannotBeFailsByItselfAndTheOthersAreMade() throws InterruptedException {
        var never = new Lifecycle(OptionalLong.of(20), OptionalLong.empty(), Optional.empty());
        var rule = planWith(new CopyAction(HERE, Optional.of(never)), new CopyAction(THERE, Optional.empty()));
        var backup = scheduled(1, rule);
        runAll();
        assertThat(world.now(backup).state().wireName()).isEqualTo("COMPLETED");
        assertThat(copiesOf(backup))
                .extracting(job -> job.destination() + " " + job.state().wireName())
                .containsExactlyInAnyOrder(HERE + " FAILED", THERE + " COMPLETED");
        assertThat(copiesOf(backup).stream().flatMap(job -> job.statusMessage().stream()))
                .singleElement()
                .satisfies(why -> assertThat(why).contains("cannot be less than 90 days apart"));
    }
}
