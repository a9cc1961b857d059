package dev.coffer.engine.vault;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.vault.VaultLock;
import dev.coffer.engine.EngineBench;
import dev.coffer.engine.lifecycle.LifecycleRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation that could take a recovery point away, against every state that a vault can be in. */
final class LockMatrixTest {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path folder;

    interface Attempt {
        void on(EngineBench bench, RecoveryPoint point) throws InterruptedException;
    }

    /**
     * An attempt.
     *
     * @param works the states in which it does what it says; in the others it is refused, or does nothing
     * @param takesThePoint whether the point is gone where it works
     */
    record Operation(String name, Set<VaultState> works, boolean takesThePoint, Attempt attempt) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Operation> OPERATIONS = List.of(
            new Operation("delete", EnumSet.of(VaultState.UNLOCKED), true, (bench, point) -> {
                bench.points.delete(ADMIN, "prod", point.arn().toString());
                bench.deletion.tick();
            }),
            new Operation(
                    "disassociate",
                    EnumSet.noneOf(VaultState.class),
                    false,
                    (bench, point) ->
                            bench.points.disassociate(ADMIN, "prod", point.arn().toString())),
            new Operation(
                    "disassociate from parent",
                    EnumSet.noneOf(VaultState.class),
                    false,
                    (bench, point) -> bench.points.disassociateFromParent(
                            ADMIN, "prod", point.arn().toString())),
            new Operation(
                    "shorten",
                    EnumSet.of(VaultState.UNLOCKED, VaultState.SUSPECT),
                    false,
                    (bench, point) -> lifecycle(bench, point, Optional.empty(), 10)),
            new Operation(
                    "extend",
                    EnumSet.of(VaultState.UNLOCKED, VaultState.SUSPECT, VaultState.HELD),
                    false,
                    (bench, point) -> lifecycle(bench, point, Optional.empty(), 90)),
            new Operation(
                    "move to cold",
                    EnumSet.of(VaultState.UNLOCKED, VaultState.SUSPECT, VaultState.HELD),
                    false,
                    (bench, point) -> lifecycle(bench, point, Optional.of(50L), 140)),
            new Operation(
                    "delete vault",
                    EnumSet.noneOf(VaultState.class),
                    false,
                    (bench, _) -> bench.vaults.delete(ADMIN, "prod")),
            new Operation(
                    "loosen lock",
                    EnumSet.of(
                            VaultState.UNLOCKED,
                            VaultState.GOVERNANCE,
                            VaultState.COMPLIANCE_IN_GRACE,
                            VaultState.HELD,
                            VaultState.SUSPECT),
                    false,
                    (bench, _) -> bench.locks.put(ADMIN, "prod", Optional.of(1L), Optional.empty(), Optional.empty())),
            new Operation(
                    "shorten grace",
                    EnumSet.complementOf(EnumSet.of(VaultState.COMPLIANCE_PERMANENT)),
                    false,
                    (bench, _) -> bench.locks.put(ADMIN, "prod", Optional.of(7L), Optional.of(365L), Optional.of(3L))),
            new Operation(
                    "remove lock",
                    EnumSet.of(
                            VaultState.UNLOCKED,
                            VaultState.GOVERNANCE,
                            VaultState.COMPLIANCE_IN_GRACE,
                            VaultState.HELD,
                            VaultState.SUSPECT),
                    false,
                    (bench, _) -> bench.locks.delete(ADMIN, "prod")),
            new Operation("expire before its time", EnumSet.noneOf(VaultState.class), true, (bench, _) -> {
                bench.clock.advance(DAY.multipliedBy(20));
                bench.expire();
            }),
            new Operation(
                    "expire",
                    EnumSet.of(
                            VaultState.UNLOCKED,
                            VaultState.GOVERNANCE,
                            VaultState.COMPLIANCE_IN_GRACE,
                            VaultState.COMPLIANCE_PERMANENT),
                    true,
                    (bench, _) -> {
                        bench.clock.advance(DAY.multipliedBy(40));
                        bench.expire();
                    }),
            new Operation("set the hosts clock", EnumSet.noneOf(VaultState.class), true, (bench, _) -> {
                bench.setClockBy(DAY.multipliedBy(7000));
                bench.trusted.tick();
                bench.expire();
                bench.setClockBy(DAY.multipliedBy(-7000));
                bench.expire();
            }),
            new Operation("mark its row", EnumSet.of(VaultState.UNLOCKED), true, (bench, point) -> {
                bench.write(tx -> tx.recoveryPoints().put(point.withStatus(RecoveryPointStatus.DELETING)));
                bench.deletion.tick();
            }),
            new Operation("expire its row", EnumSet.of(VaultState.UNLOCKED), true, (bench, point) -> {
                bench.write(tx -> tx.recoveryPoints().put(point.withStatus(RecoveryPointStatus.EXPIRED)));
                bench.pointDeletion.finish(point);
            }));

    private static void lifecycle(EngineBench bench, RecoveryPoint point, Optional<Long> cold, long delete)
            throws InterruptedException {
        bench.points.updateLifecycle(
                ADMIN, "prod", point.arn().toString(), Optional.of(LifecycleRequest.ofDays(cold, Optional.of(delete))));
    }

    static Stream<Arguments> all() {
        return OPERATIONS.stream()
                .flatMap(operation -> Stream.of(VaultState.values()).map(state -> Arguments.of(operation, state)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void nothingTakesAPointThatItsVaultKeeps(Operation operation, VaultState state) throws Exception {
        try (var bench = new EngineBench(folder)) {
            bench.trustRole();
            var point = bench.keptFor(bench.point(bench.vault("prod"), "fs-1", START), OptionalLong.of(30));
            state.bring(bench);
            var before = bench.catalog.<VaultLock>read(view -> view.locks().of(ADMIN.scope(), point.vault()));
            boolean works = operation.works().contains(state);
            var refusal = attempted(bench, operation, point);

            assertThat(bench.isStored(point)).isEqualTo(!(works && operation.takesThePoint()));
            if (!operation.takesThePoint()) {
                assertThat(refusal.isEmpty()).as("%s", refusal).isEqualTo(works);
            }
            if (!works) {
                assertThat(bench.stored(point).orElseThrow().lifecycle()).isEqualTo(point.lifecycle());
                assertThat(bench.catalog.<VaultLock>read(view -> view.locks().of(ADMIN.scope(), point.vault())))
                        .isEqualTo(before);
                refusal.ifPresent(problem ->
                        assertThat(problem.kind()).as("%s", problem).isEqualTo(Problem.Kind.INVALID_REQUEST));
            }
        }
    }

    private static Optional<Problem> attempted(EngineBench bench, Operation operation, RecoveryPoint point)
            throws InterruptedException {
        try {
            operation.attempt().on(bench, point);
            return Optional.empty();
        } catch (Refused refused) {
            return Optional.of(refused.problem());
        }
    }

    @Test
    void storageThatCanHoldAPointKeepsItWhateverTheCatalogIsMadeToSay() throws Exception {
        try (var bench = new EngineBench(folder)) {
            bench.trustRole();
            var vault = bench.vault("prod");
            var point = bench.keptFor(bench.point(vault, "fs-1", START), OptionalLong.of(30));
            VaultState.COMPLIANCE_PERMANENT.bring(bench);
            bench.retention.tick();

            bench.write(tx -> {
                tx.locks().put(vault, new VaultLock.None());
                tx.recoveryPoints().put(point.withStatus(RecoveryPointStatus.DELETING));
            });
            bench.deletion.tick();
            assertThat(bench.isStored(point)).isTrue();
            assertThat(bench.stored(point)).isPresent();

            bench.keptFor(point, OptionalLong.of(1));
            bench.expire();
            assertThat(bench.isStored(point)).isTrue();
            assertThat(bench.stored(point).orElseThrow().status()).isEqualTo(RecoveryPointStatus.EXPIRED);

            bench.clock.advance(DAY.multipliedBy(28));
            bench.expire();
            assertThat(bench.isStored(point))
                    .as("the retention that the storage knows is over")
                    .isFalse();
            assertThat(bench.stored(point)).isEmpty();
        }
    }

    @Test
    void storageIsBoundWhenTheLockBecomesPermanentAndNotBefore() throws Exception {
        try (var bench = new EngineBench(folder)) {
            var vault = bench.vault("prod");
            var finite = bench.keptFor(bench.point(vault, "fs-1", START), OptionalLong.of(30));
            var endless = bench.point(vault, "fs-2", START);
            VaultState.lock(bench, Optional.of(3L));
            bench.retention.tick();
            assertThat(unretained(bench, vault)).containsExactlyInAnyOrder(finite, endless);
            bench.clock.advance(DAY.multipliedBy(3));
            bench.retention.tick();
            assertThat(unretained(bench, vault)).isEmpty();
            bench.clock.advance(DAY.multipliedBy(50));
            assertThat(unretained(bench, vault))
                    .as("renewed at half of the time")
                    .containsExactly(endless);
            bench.retention.tick();
            assertThat(unretained(bench, vault)).isEmpty();
        }
    }

    private static List<RecoveryPoint> unretained(EngineBench bench, dev.coffer.core.vault.Vault vault) {
        return bench.catalog.read(view -> view.recoveryPoints()
                .unretained(
                        vault.scope(),
                        vault.name(),
                        bench.clock.instant().plus(RetentionLoop.HORIZON.dividedBy(2)),
                        9));
    }

    @Test
    void aLockIsShownToldAndGoesWithItsVault() throws Exception {
        try (var bench = new EngineBench(folder)) {
            bench.vault("prod");
            VaultState.lock(bench, Optional.of(3L));
            var shown = bench.vaults.describe(ADMIN, "prod", Optional.empty()).lock();
            assertThat(shown.lockDate()).contains(START.plus(DAY.multipliedBy(3)));
            assertThat(bench.events().getLast().detail())
                    .containsEntry("state", "MODIFIED")
                    .containsEntry("isLocked", "true");
            bench.locks.delete(ADMIN, "prod");
            assertThat(bench.events().getLast().detail()).containsEntry("isLocked", "false");
            var told = bench.events().size();
            bench.locks.delete(ADMIN, "prod");
            assertThat(bench.events()).as("no lock, no change").hasSize(told);

            VaultState.lock(bench, Optional.of(3L));
            bench.clock.advance(DAY.multipliedBy(4));
            bench.vaults.delete(ADMIN, "prod");
            bench.vault("prod");
            assertThat(bench.vaults.describe(ADMIN, "prod", Optional.empty()).lock())
                    .as("an empty vault may go, and a new one is not locked")
                    .isEqualTo(new VaultLock.None());
            assertThat(EngineBench.refusal(() -> bench.locks.delete(ADMIN, "nothing"))
                            .kind())
                    .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
        }
    }
}
