package dev.coffer.engine.job;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.job.FollowWorld.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.connector.FeedMark;
import dev.coffer.core.continuous.Mark;
import dev.coffer.core.continuous.Series;
import dev.coffer.core.continuous.Standing;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.recoverypoint.StorageClass;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultLock;
import dev.coffer.engine.recoverypoint.PointAdoption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a vault itself knows of a continuous backup: its lock keeps the marks, whatever the catalog says, and a catalog that is made anew has the backup again. */
final class ContinuousVaultTest {
    private static final Duration DAY = Duration.ofDays(1);

    private FollowWorld world;
    private Vault vault;

    @BeforeEach
    void open(@TempDir Path folder) throws InterruptedException {
        world = new FollowWorld(folder);
        vault = world.engine.vault("Default");
        world.connector.change("a", Optional.of("first"));
        world.plan("plan", rule("pitr", "Default", 7, true));
        world.runPlans();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Instant now() {
        return world.engine.clock.instant();
    }

    /** A change and a mark on each of some days. */
    private void days(int days) throws InterruptedException {
        for (int day = 0; day < days; day++) {
            world.engine.clock.advance(Duration.ofSeconds(1));
            world.connector.change("day", Optional.of("at " + now()));
            world.engine.clock.advance(DAY);
            world.followNow();
        }
    }

    private void lock() throws InterruptedException {
        world.engine.locks.put(ADMIN, "Default", Optional.of(7L), Optional.empty(), Optional.of(3L));
        world.engine.clock.advance(DAY.multipliedBy(4));
        world.followNow();
    }

    private List<SessionId> stored() throws InterruptedException {
        return world.manifests().stream().map(Manifest::id).toList();
    }

    /** Somebody writes into the catalog that the backup reaches back one day, and that nothing is locked. */
    private void shortenInCatalog() {
        var series = world.series();
        var shorter = new Series(
                series.scope(),
                series.vault(),
                series.point(),
                series.resource(),
                series.type(),
                series.firstSession(),
                1,
                series.options(),
                series.standing(),
                series.position(),
                series.nextAt(),
                series.roundAt(),
                series.epoch(),
                series.lease());
        world.engine.write(tx -> {
            tx.continuous().put(shorter);
            tx.locks().put(vault, new VaultLock.None());
        });
        assertThat(world.series().days()).isEqualTo(1);
    }

    @Test
    void withoutALockTheMarksGoThatTheCatalogSaysAreOutdated() throws InterruptedException {
        days(5);
        var before = stored();
        shortenInCatalog();
        world.upkeep.tick();

        assertThat(stored()).hasSizeLessThan(before.size());
    }

    @Test
    void aLockedVaultKeepsTheMarksOfItsOwnRetentionWhateverTheCatalogSays() throws InterruptedException {
        lock();
        days(3);
        var before = stored();
        shortenInCatalog();
        world.upkeep.tick();

        assertThat(stored()).containsExactlyElementsOf(before);
        days(8);
        world.upkeep.tick();
        assertThat(stored())
                .as("what was written before the last seven days is free")
                .hasSizeLessThan(before.size() + 8);
    }

    @Test
    void theStorageOfALockedVaultKeepsAnImageAsLongAsTheMarksBehindItNeedIt() throws InterruptedException {
        lock();
        Mark image;
        do {
            days(1);
            image = newest();
        } while (image.kind() != FeedMark.Kind.IMAGE);
        world.upkeep.tick();
        for (int i = 0; i < 2; i++) {
            days(1);
            world.upkeep.tick();
        }
        var marks = world.history().marks();
        assertThat(marks.subList(marks.size() - 2, marks.size()))
                .extracting(Mark::kind)
                .containsOnly(FeedMark.Kind.CHANGES);
        var session = world.series().session(image.number());
        var storage = world.engine.repositories.open(vault.scope(), vault.name(), vault.id());
        world.engine.clock.advance(DAY.multipliedBy(6).plusHours(12));

        assertThatThrownBy(() -> storage.forget(session)).hasMessageContaining("is retained");
        world.engine.clock.advance(DAY);
        storage.forget(session);
        assertThat(stored()).doesNotContain(session);
    }

    private Mark newest() {
        return world.history().marks().getLast();
    }

    @Test
    void aLockedVaultTakesBackTheMarkForDeletionOfAContinuousPoint() throws InterruptedException {
        lock();
        days(2);
        var before = stored();
        var at = now();
        world.engine.write(tx -> {
            tx.locks().put(vault, new VaultLock.None());
            tx.recoveryPoints().put(world.point().withStatus(RecoveryPointStatus.DELETING));
        });
        world.engine.deletion.tick();

        assertThat(stored()).containsExactlyElementsOf(before);
        assertThat(world.point().status()).isEqualTo(RecoveryPointStatus.STOPPED);
        assertThat(world.restored(at)).isEqualTo(world.connector.asOf(at));
    }

    @Test
    void aCatalogThatIsMadeAnewRestoresEverySecondAndTheNextRunGoesOn() throws InterruptedException {
        days(3);
        var end = now();
        var arn = world.point().arn();
        long size = world.point().logicalBytes();
        assertThat(size).isPositive();
        var windows = world.history().windows(Instant.EPOCH);
        var manifests = world.manifests();
        world.engine.write(tx -> {
            tx.continuous().delete(world.series());
            tx.recoveryPoints().delete(world.point());
        });
        assertThat(world.points()).isEmpty();

        var adoption = new PointAdoption(world.engine.catalog);
        for (int round = 0; round < 2; round++) {
            for (var manifest : manifests) {
                adoption.adopt(vault.scope(), vault.name(), manifest, StorageClass.WARM, Optional.empty());
            }
        }

        assertThat(world.points()).singleElement().satisfies(point -> {
            assertThat(point.arn()).isEqualTo(arn);
            assertThat(point.status()).isEqualTo(RecoveryPointStatus.STOPPED);
            assertThat(point.logicalBytes()).isEqualTo(size);
        });
        assertThat(world.series().standing()).isInstanceOf(Standing.Interrupted.class);
        assertThat(world.history().windows(Instant.EPOCH)).isEqualTo(windows);
        for (var moment = windows.getFirst().earliest(); !moment.isAfter(end); moment = moment.plusSeconds(30_000)) {
            assertThat(world.restored(moment)).as("%s", moment).isEqualTo(world.connector.asOf(moment));
        }
        world.runPlans();
        assertThat(world.point().arn()).isEqualTo(arn);
        assertThat(world.point().status()).isEqualTo(RecoveryPointStatus.AVAILABLE);
        assertThat(world.restored(now())).isEqualTo(world.connector.asOf(now()));
    }
}
