package dev.coffer.engine.job;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.job.IndexWorld.VAULT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.job.IndexJob;
import dev.coffer.core.job.IndexState;
import dev.coffer.core.key.WrongKey;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.store.StoreException;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Walks that make indexes: what ends them, what lets them wait, how many there are at once, and when a continuous backup is walked again. */
final class IndexWalkTest {
    private IndexWorld world;

    @BeforeEach
    void open(@TempDir Path folder) throws InterruptedException {
        world = new IndexWorld(folder);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private IndexJob details(RecoveryPoint point) {
        return world.indexes.details(ADMIN, VAULT, point.arn().toString());
    }

    @Test
    void aDamagedTreeFailsTheIndexWithAMessageAndItCanBeEnabledAgain() throws InterruptedException {
        var point = world.backedUp();
        world.enable(point);
        world.connector.search.set(item -> {
            if (item.path().toString().endsWith("/b")) {
                throw new RepositoryException.Corrupt("the tree node 17");
            }
            return LogConnector.searched(item);
        });
        world.step();
        var failed = details(point);
        assertThat(failed.state().wireName()).isEqualTo("FAILED");
        assertThat(failed.state().walked()).isEmpty();
        assertThat(failed.statusMessage())
                .hasValueSatisfying(message -> assertThat(message)
                        .startsWith("The index could not be made. The vault failed: damage in the vault's storage:"
                                + " the tree node 17.")
                        .contains("a verification of the vault")
                        .endsWith("then enable the index again."));
        assertThat(world.told(point))
                .singleElement()
                .satisfies(event -> assertThat(event.detail())
                        .containsEntry("indexStatus", "FAILED")
                        .doesNotContainKeys("indexCompletionTime", "indexDeletionTime")
                        .extractingByKey("indexStatusMessage")
                        .asString()
                        .startsWith("An AWS Backup recovery point index failed to create. Indexed recovery point arn : "
                                + point.arn())
                        .contains("the tree node 17"));

        world.connector.search.set(LogConnector::searched);
        world.step();
        assertThat(world.status(point)).as("a failed one stays").isEqualTo("FAILED");
        assertThat(world.enable(point).index().orElseThrow().state().wireName()).isEqualTo("PENDING");
        world.step();
        assertThat(world.status(point)).isEqualTo("ACTIVE");
        assertThat(world.toldStatuses(point)).containsExactly("FAILED", "ACTIVE");
    }

    @Test
    void aPointWhoseStorageIsGoneFailsTheIndex() throws InterruptedException {
        var point = world.backedUp();
        var vault = world.engine.catalog.read(view -> view.vaults().all()).getFirst();
        world.engine
                .repositories
                .open(vault.scope(), vault.name(), vault.id())
                .forget(new SessionId(point.sessionId()));
        world.enable(point);
        world.step();
        assertThat(world.status(point)).isEqualTo("FAILED");
        assertThat(details(point).statusMessage().orElseThrow()).contains("was not found in the vault's storage");
    }

    /** Vaults that cannot be opened with the key at hand. */
    private record Locked(Repositories vaults) implements Repositories {
        @Override
        public void create(Scope scope, VaultName name, VaultId id) throws InterruptedException {
            vaults.create(scope, name, id);
        }

        @Override
        public Repository open(Scope scope, VaultName name, VaultId id) {
            throw new WrongKey("local:1", "local:2");
        }

        @Override
        public boolean rewrap(Scope scope, VaultName name, VaultId id) throws InterruptedException {
            return vaults.rewrap(scope, name, id);
        }

        @Override
        public void destroy(Scope scope, VaultName name, VaultId id) throws InterruptedException {
            vaults.destroy(scope, name, id);
        }

        @Override
        public void close() {}
    }

    @Test
    void aVaultWhoseKeyIsNotThereFailsTheIndexAndNamesTheKey() throws InterruptedException {
        var point = world.backedUp();
        world.enable(point);
        var process = world.follow.process(world.engine.catalog, new Locked(world.engine.repositories));
        process.tick();
        process.join();
        assertThat(world.status(point)).isEqualTo("FAILED");
        assertThat(details(point).statusMessage().orElseThrow())
                .contains("the vault's data key is wrapped by key local:1")
                .contains("then enable the index again");
    }

    @Test
    void aPassingFaultIsTriedAgainForHoursAndThenFails() throws InterruptedException {
        var point = world.backedUp();
        world.enable(point);
        world.connector.search.set(_ -> {
            throw new StoreException.Unavailable("the disk is gone", new IOException("gone"));
        });
        var began = world.engine.clock.instant();
        int steps = 0;
        while (world.status(point).equals("PENDING")) {
            world.step();
            if (steps == 0) {
                assertThat(details(point).statusMessage().orElseThrow()).contains("the disk is gone");
                assertThat(world.told(point)).isEmpty();
            }
            steps++;
            world.engine.clock.advance(Duration.ofMinutes(10));
        }
        assertThat(world.status(point)).isEqualTo("FAILED");
        assertThat(Duration.between(began, world.engine.clock.instant())).isGreaterThan(Duration.ofHours(3));
        assertThat(world.toldStatuses(point)).containsExactly("FAILED");
    }

    @Test
    void aPassingFaultThatPassesLeavesAnActiveIndex() throws InterruptedException {
        var point = world.backedUp();
        world.enable(point);
        world.connector.search.set(_ -> {
            throw new StoreException.Unavailable("the disk is gone", new IOException("gone"));
        });
        world.step();
        world.connector.search.set(LogConnector::searched);
        world.step();
        assertThat(world.status(point)).as("not before the pause is over").isEqualTo("PENDING");
        world.engine.clock.advance(Duration.ofMinutes(1));
        world.step();
        assertThat(details(point).statusMessage()).isEmpty();
        assertThat(world.toldStatuses(point)).containsExactly("ACTIVE");
    }

    /** A walk that stands at its first item. */
    private CountDownLatch hold() {
        var reached = new CountDownLatch(1);
        world.connector.search.set(item -> {
            reached.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            return LogConnector.searched(item);
        });
        return reached;
    }

    @Test
    void anIndexThatIsDisabledWhileItIsWalkedComesToNothing() throws InterruptedException {
        var point = world.backedUp();
        world.enable(point);
        var reached = hold();
        try (var process = world.follow.process(world.engine.catalog, world.engine.repositories)) {
            process.tick();
            reached.await();
            world.set(point, "DISABLED");
            world.engine.clock.advance(Duration.ofSeconds(11));
            process.watch();
            process.join();
            assertThat(world.status(point)).isEqualTo("DELETING");
        }
        world.step();
        assertThat(world.status(point)).isEqualTo("none");
        assertThat(world.toldStatuses(point)).containsExactly("DELETED");
    }

    @Test
    void aProcessThatClosesHandsItsWalkOn() throws InterruptedException {
        var point = world.backedUp();
        world.enable(point);
        var reached = hold();
        try (var process = world.follow.process(world.engine.catalog, world.engine.repositories)) {
            process.tick();
            reached.await();
        }
        assertThat(world.status(point)).isEqualTo("PENDING");
        world.connector.search.set(LogConnector::searched);
        world.step();
        assertThat(world.toldStatuses(point)).containsExactly("ACTIVE");
    }

    @Test
    void noMoreThanTwoAreWalkedAtOnceInAProcessAndTheOthersWait() throws InterruptedException {
        var points = new ArrayList<RecoveryPoint>();
        for (int i = 0; i < 5; i++) {
            points.add(world.backedUp());
        }
        points.forEach(world::enable);
        var reached = hold();
        try (var process = world.follow.process(world.engine.catalog, world.engine.repositories)) {
            process.tick();
            reached.await();
            assertThat(process.running()).isEqualTo(2);
            assertThat(points)
                    .allSatisfy(point -> assertThat(world.status(point)).isEqualTo("PENDING"));
        }
        world.connector.search.set(LogConnector::searched);
        for (int i = 0; i < 3; i++) {
            world.step();
        }
        assertThat(points)
                .allSatisfy(point -> assertThat(world.toldStatuses(point)).containsExactly("ACTIVE"));
    }

    @Test
    void aContinuousBackupIsWalkedAgainEveryDayAndStaysActiveMeanwhile() throws InterruptedException {
        world.follow.plan("plan", FollowWorld.rule("pitr", VAULT, 7, true, List.of(List.of("S3"))));
        world.follow.runPlans();
        var point = world.follow.point();
        assertThat(point.status()).isEqualTo(RecoveryPointStatus.AVAILABLE);
        assertThat(world.status(point)).isEqualTo("ACTIVE");
        var first = details(point).state().walked().orElseThrow();
        assertThat(first.items()).isEqualTo(2);
        assertThat(world.told(point).getFirst().detail()).containsEntry("isIndexingContinuous", true);

        world.connector.change("c", Optional.of("gamma"));
        for (int i = 0; i < 6; i++) {
            world.connector.change("n" + i, Optional.of("more"));
            world.follow.follow();
        }
        world.step();
        assertThat(details(point).state().walked()).as("not twice a day").contains(first);

        world.engine.clock.advance(Duration.ofDays(1));
        var reached = hold();
        try (var process = world.follow.process(world.engine.catalog, world.engine.repositories)) {
            process.tick();
            reached.await();
            assertThat(details(point).state()).isInstanceOf(IndexState.Running.class);
            assertThat(world.status(point)).isEqualTo("ACTIVE");
            assertThat(details(point).state().walked()).contains(first);
        }
        world.connector.search.set(LogConnector::searched);
        world.step();
        var second = details(point).state().walked().orElseThrow();
        assertThat(second.session()).isNotEqualTo(first.session());
        assertThat(second.items()).isGreaterThan(2);
        assertThat(world.toldStatuses(point)).containsExactly("ACTIVE", "ACTIVE");

        world.engine.clock.advance(Duration.ofDays(1));
        world.step();
        assertThat(details(point).state().walked())
                .as("the same image is not walked again")
                .contains(second);
        assertThat(world.toldStatuses(point)).hasSize(2);
    }

    @Test
    void aFailedIndexOfAContinuousBackupIsMadeAnewByARunOfItsRuleAndNotTwiceADay() throws InterruptedException {
        world.connector.search.set(_ -> {
            throw new RepositoryException.Corrupt("a node");
        });
        world.follow.plan("plan", FollowWorld.rule("pitr", VAULT, 7, true, List.of(List.of("S3"))));
        world.follow.runPlans();
        var point = world.follow.point();
        assertThat(world.status(point)).isEqualTo("FAILED");
        world.connector.search.set(LogConnector::searched);
        world.follow.runPlans();
        assertThat(world.status(point)).isEqualTo("FAILED");
        world.engine.clock.advance(Duration.ofDays(1));
        world.follow.runPlans();
        assertThat(world.status(point)).isEqualTo("ACTIVE");
        assertThat(world.toldStatuses(point)).containsExactly("FAILED", "ACTIVE");
    }
}
