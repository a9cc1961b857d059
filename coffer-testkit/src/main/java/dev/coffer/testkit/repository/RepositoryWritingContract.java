package dev.coffer.testkit.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.vault.VaultId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is promised about vaults and about writing into them. */
abstract class RepositoryWritingContract extends VaultFactsContract {
    // Vaults

    @Test
    void aVaultThatWasMadeCanBeOpened() throws Exception {
        repositories.create(SCOPE, NAME, ID);

        assertThat(manifests(repositories.open(SCOPE, NAME, ID))).isEmpty();
    }

    @Test
    void makingAVaultAgainChangesNothing() throws Exception {
        var kept = commit(vault(), FIRST, "a", "bytes");

        repositories.create(SCOPE, NAME, ID);

        assertThat(manifests(repositories.open(SCOPE, NAME, ID))).containsExactly(kept);
    }

    @Test
    void leftoversWithoutPointsGiveWayToANewVault() throws Exception {
        repositories.create(SCOPE, NAME, OTHER);

        repositories.create(SCOPE, NAME, ID);

        assertThat(manifests(repositories.open(SCOPE, NAME, ID))).isEmpty();
        assertThatThrownBy(() -> repositories.open(SCOPE, NAME, OTHER))
                .isInstanceOf(RepositoryException.OtherVault.class);
    }

    @Test
    void storageWithPointsOfAnotherVaultIsNeverTouched() throws Exception {
        var kept = commit(vault(), FIRST, "a", "bytes");

        assertThatThrownBy(() -> repositories.create(SCOPE, NAME, OTHER))
                .isInstanceOf(RepositoryException.Occupied.class);
        assertThat(manifests(repositories.open(SCOPE, NAME, ID))).containsExactly(kept);
    }

    @Test
    void openingWhatWasNeverMadeIsNotFound() {
        assertThatThrownBy(() -> repositories.open(SCOPE, NAME, ID)).isInstanceOf(RepositoryException.NotFound.class);
    }

    @Test
    void openingUnderAnotherIdIsOtherVault() throws Exception {
        repositories.create(SCOPE, NAME, ID);

        assertThatThrownBy(() -> repositories.open(SCOPE, NAME, OTHER))
                .isInstanceOf(RepositoryException.OtherVault.class);
    }

    @Test
    void anOpenedRepositoryIsShared() throws Exception {
        assertThat(vault()).isSameAs(repositories.open(SCOPE, NAME, ID));
    }

    @Test
    void vaultsOfOneNameInOtherScopesAreOthers() throws Exception {
        commit(vault(), FIRST, "a", "bytes");
        var account = new Scope(new AccountId("444455556666"), SCOPE.region());
        var region = new Scope(SCOPE.account(), new Region("us-east-1"));
        repositories.create(account, NAME, OTHER);
        repositories.create(region, NAME, new VaultId(new UUID(3, 3)));

        assertThat(manifests(repositories.open(account, NAME, OTHER))).isEmpty();
        assertThat(manifests(repositories.open(region, NAME, new VaultId(new UUID(3, 3)))))
                .isEmpty();
    }

    @Test
    void aDestroyedVaultIsGone() throws Exception {
        vault();

        repositories.destroy(SCOPE, NAME, ID);

        assertThatThrownBy(() -> repositories.open(SCOPE, NAME, ID)).isInstanceOf(RepositoryException.NotFound.class);
    }

    @Test
    void destroyingWhatIsAbsentCountsAsDone() throws Exception {
        repositories.destroy(SCOPE, NAME, ID);
        vault();
        repositories.destroy(SCOPE, NAME, ID);
        repositories.destroy(SCOPE, NAME, ID);

        repositories.create(SCOPE, NAME, OTHER);
        assertThat(manifests(repositories.open(SCOPE, NAME, OTHER))).isEmpty();
    }

    @Test
    void destroyingLeavesAnotherVaultUnderTheNameAlone() throws Exception {
        var kept = commit(vault(), FIRST, "a", "bytes");

        repositories.destroy(SCOPE, NAME, OTHER);

        assertThat(manifests(repositories.open(SCOPE, NAME, ID))).containsExactly(kept);
    }

    // Writing

    @Test
    void aCommittedPointGivesBackItsBytes() throws Exception {
        var repository = vault();

        var manifest = commit(repository, FIRST, "folder/a", "some bytes");

        assertThat(manifest.id()).isEqualTo(FIRST);
        assertThat(manifest.point()).isEqualTo(POINT);
        assertThat(manifest.summary()).isEqualTo(SUMMARY);
        assertThat(manifest.parent()).isEmpty();
        assertThat(manifest.items()).isEqualTo(1);
        assertThat(manifest.logicalBytes()).isEqualTo(10);
        assertThat(manifest.newBytes()).isEqualTo(10);
        assertThat(text(repository, FIRST, "folder/a")).isEqualTo("some bytes");
    }

    @Test
    void aRepeatedIdReturnsItsManifestAndRunsNothing() throws Exception {
        var repository = vault();
        var first = commit(repository, FIRST, "a", "bytes");

        var again = repository.write(
                FIRST,
                POINT,
                Optional.empty(),
                _ -> {
                    throw new AssertionError("the capture ran again");
                },
                () -> {
                    throw new AssertionError("beforeCommit ran again");
                });

        assertThat(again).isEqualTo(first);
        assertThat(manifests(repository)).containsExactly(first);
    }

    @Test
    void aCaptureThatThrowsLeavesNothingThatCanBeReached() throws Exception {
        var repository = vault();

        assertThatThrownBy(() -> write(repository, FIRST, Optional.empty(), session -> {
                    file(session, "a", "bytes");
                    throw new IllegalStateException("the source is gone");
                }))
                .hasMessage("the source is gone");

        assertThat(manifests(repository)).isEmpty();
        assertThatThrownBy(() -> repository.open(FIRST)).isInstanceOf(RepositoryException.NotFound.class);
    }

    @Test
    void anInterruptedCaptureLeavesNothingAndPassesTheInterrupt() throws Exception {
        var repository = vault();

        assertThatThrownBy(() -> write(repository, FIRST, Optional.empty(), session -> {
                    file(session, "a", "bytes");
                    throw new InterruptedException("stop");
                }))
                .isInstanceOf(InterruptedException.class);
        Thread.interrupted();

        assertThat(manifests(repository)).isEmpty();
    }

    @Test
    void aThrowBeforeTheCommitLeavesNoPoint() throws Exception {
        var repository = vault();

        assertThatThrownBy(() -> repository.write(FIRST, POINT, Optional.empty(), capture("a", "bytes"), () -> {
                    throw new IllegalStateException("the lease is lost");
                }))
                .hasMessage("the lease is lost");

        assertThat(manifests(repository)).isEmpty();
        assertThatThrownBy(() -> repository.open(FIRST)).isInstanceOf(RepositoryException.NotFound.class);
    }

    @Test
    void beforeCommitRunsAfterTheCaptureAndBeforeThePointCanBeSeen() throws Exception {
        var repository = vault();
        var steps = new ArrayList<String>();

        repository.write(
                FIRST,
                POINT,
                Optional.empty(),
                session -> {
                    steps.add("capture");
                    return capture("a", "bytes").fill(session);
                },
                () -> {
                    steps.add("before commit");
                    assertThatThrownBy(() -> repository.open(FIRST)).isInstanceOf(RepositoryException.NotFound.class);
                });

        assertThat(steps).containsExactly("capture", "before commit");
    }

    @Test
    void aFailedWriteCanBeRepeatedUnderItsIdAndFindsItsBytesAgain() throws Exception {
        var repository = vault();
        var bytes = bytes(7, 300_000);
        assertThatThrownBy(() -> repository.write(FIRST, POINT, Optional.empty(), content("a", bytes), () -> {
                    throw new IllegalStateException("the lease is lost");
                }))
                .hasMessage("the lease is lost");

        var manifest = write(repository, FIRST, Optional.empty(), content("a", bytes));

        assertThat(manifest.newBytes()).isZero();
        assertThat(read(repository, FIRST, "a").bytes).isEqualTo(bytes);
    }

    @Test
    void equalContentIsStoredOnce() throws Exception {
        var repository = vault();
        var bytes = bytes(1, 500_000);
        var first = write(repository, FIRST, Optional.empty(), content("a", bytes));
        long stored = repository.storedBytes();

        var second = write(repository, SECOND, Optional.empty(), content("elsewhere/b", bytes));

        assertThat(first.newBytes()).isEqualTo(500_000);
        assertThat(second.newBytes()).isZero();
        assertThat(second.logicalBytes()).isEqualTo(500_000);
        assertThat(repository.storedBytes() - stored).isLessThan(100_000);
        assertThat(read(repository, SECOND, "elsewhere/b").bytes).isEqualTo(bytes);
    }

    @Test
    void theSessionTellsHowManyBytesWereNew() throws Exception {
        var repository = vault();
        var told = new AtomicLong();

        var manifest = write(repository, FIRST, Optional.empty(), session -> {
            assertThat(session.newBytes()).isZero();
            file(session, "a", bytes(1, 200_000));
            told.set(session.newBytes());
            return SUMMARY;
        });

        assertThat(told.get()).isBetween(0L, 200_000L);
        assertThat(manifest.newBytes()).isEqualTo(200_000);
    }

    @Test
    void aPathThatIsPutTwiceIsABugAndLeavesNoPoint() throws Exception {
        var repository = vault();

        assertThatThrownBy(() -> write(repository, FIRST, Optional.empty(), session -> {
                    session.put(ItemPath.of("a"), ItemKind.DIRECTORY, MODE);
                    session.put(ItemPath.of("a"), ItemKind.DIRECTORY, MODE);
                    return SUMMARY;
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(manifests(repository)).isEmpty();
    }

    @Test
    void itemsMayComeInAnyOrderAndAreShownInPathOrder() throws Exception {
        var repository = vault();
        var names = new ArrayList<String>();
        for (int i = 0; i < 300; i++) {
            names.add("d" + i % 7 + "/f" + i);
        }
        names.addAll(List.of("a", "a!", "a/z", "z"));
        Collections.shuffle(names, new Random(3));

        write(repository, FIRST, Optional.empty(), session -> {
            for (var name : names) {
                session.put(ItemPath.of(name), ItemKind.FIFO, MODE);
            }
            return SUMMARY;
        });

        assertThat(paths(repository, FIRST, ItemPath.ROOT))
                .containsExactlyElementsOf(
                        names.stream().map(ItemPath::of).sorted().toList());
    }

    @Test
    void everyKindAndItsAttributesComeBack() throws Exception {
        var repository = vault();
        write(repository, FIRST, Optional.empty(), session -> {
            for (var kind : ItemKind.values()) {
                if (kind != ItemKind.FILE) {
                    session.put(
                            ItemPath.of(kind.name()),
                            kind,
                            Attributes.builder().text("kind", kind.name()).build());
                }
            }
            session.put(ItemPath.ROOT, ItemKind.DIRECTORY, Attributes.NONE);
            return SUMMARY;
        });

        try (var reader = repository.open(FIRST)) {
            for (var kind : ItemKind.values()) {
                if (kind != ItemKind.FILE) {
                    var item = reader.find(ItemPath.of(kind.name())).orElseThrow();
                    assertThat(item.kind()).isEqualTo(kind);
                    assertThat(item.size()).isZero();
                    assertThat(item.attributes().text("kind")).contains(kind.name());
                }
            }
            assertThat(reader.find(ItemPath.ROOT)).isPresent();
        }
    }

    @Test
    void theSummaryKeepsWhatWasSkipped() throws Exception {
        var repository = vault();
        var skipped = new CaptureSummary(
                Instant.parse("2026-03-01T05:00:00Z"),
                2,
                List.of(new CaptureSummary.Skipped(ItemPath.of("locked"), "permission denied")));

        write(repository, FIRST, Optional.empty(), _ -> skipped);

        try (var reader = repository.open(FIRST)) {
            assertThat(reader.manifest().summary()).isEqualTo(skipped);
            assertThat(reader.manifest().items()).isZero();
        }
    }
}
