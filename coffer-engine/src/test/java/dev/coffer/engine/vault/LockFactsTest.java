package dev.coffer.engine.vault;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.repository.LockFact;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.vault.RetentionBounds;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultLock;
import dev.coffer.engine.EngineBench;
import dev.coffer.engine.lifecycle.LifecycleRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever changes the catalog, and nothing else, makes no point of a locked vault go: the vault wins, and it is told. */
final class LockFactsTest {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path folder;

    /** What somebody does to the rows of the catalog. */
    enum Tampering {
        CLEARS_THE_LOCK {
            @Override
            void change(EngineBench bench, Vault vault, RecoveryPoint point) {
                bench.write(tx -> {
                    tx.locks().put(vault, new VaultLock.None());
                    tx.recoveryPoints().put(point.withStatus(RecoveryPointStatus.DELETING));
                });
            }
        },
        WEAKENS_THE_LOCK_AND_REMOVES_IT {
            @Override
            void change(EngineBench bench, Vault vault, RecoveryPoint point) throws InterruptedException {
                bench.write(tx -> tx.locks().put(vault, new VaultLock.Governance(VaultLock.UNBOUNDED)));
                assertThat(EngineBench.refusal(() -> bench.locks.delete(ADMIN, "prod"))
                                .message())
                        .contains("immutable");
            }
        },
        SHORTENS_THE_RETENTION {
            @Override
            void change(EngineBench bench, Vault vault, RecoveryPoint point) {
                bench.write(tx -> tx.recoveryPoints()
                        .put(point.withLifecycle(
                                new Lifecycle(OptionalLong.empty(), OptionalLong.of(1), Optional.empty()))));
            }
        },
        SHORTENS_THE_RETENTION_AND_CLEARS_THE_LOCK {
            @Override
            void change(EngineBench bench, Vault vault, RecoveryPoint point) throws InterruptedException {
                SHORTENS_THE_RETENTION.change(bench, vault, point);
                bench.write(tx -> tx.locks().put(vault, new VaultLock.None()));
                assertThat(EngineBench.refusal(() -> bench.points.updateLifecycle(
                                        ADMIN,
                                        "prod",
                                        point.arn().toString(),
                                        Optional.of(LifecycleRequest.ofDays(Optional.empty(), Optional.of(2L)))))
                                .kind())
                        .isEqualTo(Problem.Kind.INVALID_REQUEST);
            }
        };

        abstract void change(EngineBench bench, Vault vault, RecoveryPoint point) throws InterruptedException;
    }

    private static void lock(EngineBench bench) throws InterruptedException {
        bench.locks.put(ADMIN, "prod", Optional.of(7L), Optional.empty(), Optional.of(3L));
        bench.clock.advance(DAY.multipliedBy(4));
    }

    private static VaultLock inCatalog(EngineBench bench, Vault vault) {
        return bench.catalog.read(view -> view.locks().of(vault));
    }

    private static Optional<LockFact> inVault(EngineBench bench, Vault vault) throws InterruptedException {
        return bench.repositories
                .open(vault.scope(), vault.name(), vault.id())
                .facts()
                .lock();
    }

    @ParameterizedTest
    @EnumSource
    void nothingGoesAndTheCatalogIsPutRightAndItIsTold(Tampering tampering) throws Exception {
        try (var bench = new EngineBench(folder)) {
            bench.trustRole();
            var vault = bench.vault("prod");
            var point = bench.keptFor(bench.point(vault, "fs-1", START), OptionalLong.of(30));
            lock(bench);
            var lock = inCatalog(bench, vault);

            tampering.change(bench, vault, point);
            bench.expire();

            assertThat(bench.isStored(point)).isTrue();
            var row = bench.stored(point).orElseThrow();
            assertThat(row.status()).isEqualTo(RecoveryPointStatus.COMPLETED);
            assertThat(row.lifecycle()).isEqualTo(point.lifecycle());
            bench.audit();
            assertThat(bench.disagreements.get()).isPositive();
            assertThat(inCatalog(bench, vault)).isEqualTo(lock);

            bench.clock.advance(DAY.multipliedBy(27));
            bench.expire();
            assertThat(bench.isStored(point)).as("its retention is over").isFalse();
        }
    }

    @Test
    void aPointThatWasMadeUnderTheLockIsKeptAsItsManifestSays() throws Exception {
        try (var bench = new EngineBench(folder)) {
            bench.trustRole();
            var vault = bench.vault("prod");
            lock(bench);
            var point = bench.point(vault, "fs-1", bench.clock.instant());
            bench.write(tx -> tx.recoveryPoints()
                    .put(point.withLifecycle(
                            new Lifecycle(OptionalLong.empty(), OptionalLong.of(1), Optional.empty()))));
            bench.clock.advance(DAY.multipliedBy(300));
            bench.expire();
            assertThat(bench.isStored(point)).isTrue();
            assertThat(bench.stored(point).orElseThrow().lifecycle()).isEqualTo(Lifecycle.NONE);
        }
    }

    @Test
    void everyChangeOfALockIsInTheVaultToo() throws Exception {
        try (var bench = new EngineBench(folder)) {
            var vault = bench.vault("prod");
            assertThat(inVault(bench, vault)).isEmpty();
            bench.locks.put(ADMIN, "prod", Optional.of(7L), Optional.empty(), Optional.empty());
            assertThat(inVault(bench, vault)).contains(new LockFact(1, inCatalog(bench, vault)));
            bench.locks.delete(ADMIN, "prod");
            assertThat(inVault(bench, vault)).contains(new LockFact(2, new VaultLock.None()));
            bench.locks.put(ADMIN, "prod", Optional.empty(), Optional.of(9L), Optional.of(3L));
            assertThat(inVault(bench, vault)).contains(new LockFact(3, inCatalog(bench, vault)));
            assertThat(bench.disagreements).hasValue(0);
        }
    }

    @Test
    void aChangeThatStoppedBetweenVaultAndCatalogIsCompleted() throws Exception {
        try (var bench = new EngineBench(folder)) {
            var vault = bench.vault("prod");
            var facts = bench.repositories
                    .open(vault.scope(), vault.name(), vault.id())
                    .facts();
            var lock = new VaultLock.Governance(new RetentionBounds(OptionalLong.of(7), OptionalLong.empty()));
            facts.put(new LockFact(1, lock));
            bench.audit();
            assertThat(inCatalog(bench, vault)).isEqualTo(lock);
            facts.put(new LockFact(2, new VaultLock.None()));
            bench.audit();
            assertThat(inCatalog(bench, vault)).isEqualTo(new VaultLock.None());
        }
    }

    @Test
    void aLockFromBeforeVaultsHeldLocksIsRecordedInTheVaultAndNotToldAsWrong() throws Exception {
        try (var bench = new EngineBench(folder)) {
            var vault = bench.vault("prod");
            var lock = new VaultLock.Compliance(VaultLock.UNBOUNDED, Instant.parse("2026-05-01T00:00:00Z"));
            bench.write(tx -> tx.locks().put(vault, lock));
            for (int i = 0; i < 2; i++) {
                bench.audit();
                assertThat(inVault(bench, vault)).contains(new LockFact(1, lock));
                assertThat(inCatalog(bench, vault)).isEqualTo(lock);
            }
            assertThat(bench.disagreements).hasValue(0);
        }
    }

    @Test
    void aLifecycleThatIsChangedIsInTheVaultToo() throws Exception {
        try (var bench = new EngineBench(folder)) {
            var vault = bench.vault("prod");
            var point = bench.point(vault, "fs-1", START);
            bench.points.updateLifecycle(
                    ADMIN,
                    "prod",
                    point.arn().toString(),
                    Optional.of(LifecycleRequest.ofDays(Optional.empty(), Optional.of(40L))));
            assertThat(bench.repositories
                            .open(vault.scope(), vault.name(), vault.id())
                            .facts()
                            .lifecycle(new SessionId(point.sessionId())))
                    .contains(bench.stored(point).orElseThrow().lifecycle());
        }
    }
}
