package dev.coffer.engine.vault;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.ROLE;
import static dev.coffer.engine.EngineBench.START;
import static dev.coffer.engine.access.AccessBench.allow;
import static dev.coffer.engine.access.AccessBench.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.access.Caller;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.StorageClass;
import dev.coffer.core.repository.PackRange;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.VerifyRequest;
import dev.coffer.core.repository.VerifyRequest.Depth;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.core.store.StoreException;
import dev.coffer.core.vault.VaultLock;
import dev.coffer.engine.EngineBench;
import dev.coffer.engine.access.AccessBench;
import dev.coffer.engine.clock.TimeWitnesses;
import dev.coffer.engine.job.BackupJobService;
import dev.coffer.engine.job.StartBackup;
import dev.coffer.engine.lifecycle.LifecycleRequest;
import dev.coffer.engine.plan.PlanLimits;
import dev.coffer.engine.plan.PlanRequest;
import dev.coffer.engine.plan.PlanService;
import dev.coffer.engine.plan.RuleRequest;
import dev.coffer.engine.plan.SelectionRequest;
import dev.coffer.engine.plan.SelectionService;
import dev.coffer.engine.recoverypoint.PointAdoption;
import dev.coffer.engine.recoverypoint.PointDeletion;
import dev.coffer.engine.recoverypoint.Protections;
import dev.coffer.engine.source.Inventory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Detours to a recovery point: operations that are about something else, which the state of a vault does not forbid. After each, in every state, the point is as it was, the lock is, and the ways that were closed before are
 * closed. What no row is about, because it does not exist: disabling a key of a vault, deleting an account, moving to cold storage, copies, moving a vault to other storage.
 */
final class LockMatrixOfDetoursTest {
    private static final Duration AGES = Duration.ofDays(7000);

    @TempDir
    private Path folder;

    interface Attempt {
        void on(World world, RecoveryPoint point) throws InterruptedException;
    }

    /**
     * A detour.
     *
     * @param deletable the states in which the point can be deleted afterwards
     */
    record Detour(String name, Set<VaultState> deletable, Attempt attempt) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Everything that a detour may use. */
    record World(AccessBench access, PlanService plans, SelectionService selections, BackupJobService jobs) {
        EngineBench bench() {
            return access.engine;
        }
    }

    private static Detour harmless(String name, Attempt attempt) {
        return new Detour(name, EnumSet.of(VaultState.UNLOCKED), attempt);
    }

    /** After it the clock is suspect, and nothing is deleted at all. */
    private static Detour clock(String name, Attempt attempt) {
        return new Detour(name, EnumSet.noneOf(VaultState.class), attempt);
    }

    private static final List<Detour> DETOURS = List.of(
            harmless(
                    "allow everything in the vault's policy",
                    (world, _) -> world.access()
                            .vaultPolicies
                            .put(
                                    ADMIN,
                                    "prod",
                                    Optional.of(
                                            policy("'Effect':'Allow','Principal':'*','Action':'*','Resource':'*'")))),
            harmless(
                    "delete the vault's policy",
                    (world, _) -> world.access().vaultPolicies.delete(ADMIN, "prod")),
            harmless(
                    "a user who may do everything",
                    (world, point) -> deleteAs(world, world.access().user("mallory", allow("*")), point)),
            harmless("delete the role of the point", (world, _) -> {
                detachAll(world);
                world.access().principals.deleteRole(ADMIN, "service-role/AWSBackupDefaultServiceRole");
                world.bench().expire();
            }),
            harmless("delete and disable access keys", (world, _) -> {
                world.access().user("mallory", allow("*"));
                var key = world.access().keys.create(ADMIN, "mallory").accessKeyId();
                world.access().keys.setActive(ADMIN, "mallory", key, false);
                world.access().keys.delete(ADMIN, "mallory", key);
            }),
            harmless("change the plan", (world, _) -> {
                var plan = world.plans().create(ADMIN, plan(30), Map.of(), Optional.empty());
                world.plans().update(ADMIN, plan.id().value(), plan(8));
                world.bench().expire();
            }),
            harmless("import a plan", (world, _) -> {
                world.plans().create(ADMIN, plan(1), Map.of(), Optional.empty());
                world.bench().expire();
            }),
            harmless("delete selection and plan", (world, _) -> {
                var plan = world.plans().create(ADMIN, plan(30), Map.of(), Optional.empty());
                var selection = world.selections()
                        .create(
                                ADMIN,
                                plan.id().value(),
                                new SelectionRequest(
                                        "all",
                                        ROLE.toString(),
                                        Optional.of(List.of("*")),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty()),
                                Optional.empty());
                world.selections().delete(ADMIN, plan.id().value(), selection.id());
                world.plans().delete(ADMIN, plan.id().value());
                world.bench().expire();
            }),
            harmless("change tags", (world, point) -> {
                var arns =
                        List.of(point.arn().toString(), "arn:aws:backup:eu-central-1:111122223333:backup-vault:prod");
                for (var arn : arns) {
                    world.bench().tags.tag(ADMIN, arn, Map.of("a", "b"));
                    world.bench().tags.untag(ADMIN, arn, List.of("a"));
                }
            }),
            harmless("stop a backup job", (world, point) -> {
                // In a suspect or locked vault a job may be refused by its lifecycle; then there is nothing to stop.
                var job = world.jobs().start(ADMIN, backup(point));
                world.jobs().stop(ADMIN, job.id().value());
                world.bench().deletion.tick();
            }),
            harmless("sweep and verify", (world, point) -> {
                var repository = world.bench().repositories.open(point.scope(), point.vault(), idOf(world, point));
                repository.sweep();
                repository.verify(new VerifyRequest(Depth.CONTENT, PackRange.ALL, Optional.empty()));
            }),
            harmless("rebuild the catalog over itself", (world, point) -> {
                var vault = world.bench()
                        .catalog
                        .read(view -> view.vaults().find(point.scope(), point.vault()))
                        .orElseThrow();
                var adoption = new PointAdoption(world.bench().catalog);
                world.bench()
                        .vaults
                        .adopt(vault.scope(), vault.name(), vault.id(), START.plusSeconds(1), Optional.empty());
                world.bench()
                        .repositories
                        .open(vault.scope(), vault.name(), vault.id())
                        .points(manifest -> assertThat(adoption.adopt(
                                        vault.scope(), vault.name(), manifest, StorageClass.WARM, Optional.empty()))
                                .isFalse());
            }),
            harmless("restart", (world, point) -> {
                world.bench().trusted.tick();
                restart(world, point);
            }),
            // The new process cannot tell a clock that was set from time that it was not there, and takes a day at most
            // for the latter.
            new Detour(
                    "restart before the clock was looked at",
                    EnumSet.of(VaultState.UNLOCKED, VaultState.SUSPECT),
                    LockMatrixOfDetoursTest::restart),
            clock("set the clock forwards and restart", (world, point) -> {
                world.bench().setClockBy(AGES);
                restart(world, point);
            }),
            clock("set the clock back and restart", (world, point) -> {
                world.bench().setClockBy(AGES.negated());
                restart(world, point);
            }),
            clock("set the clock forwards, back and forwards by less than a day at a time", (world, _) -> {
                for (int i = 0; i < 60; i++) {
                    world.bench().setClockBy(Duration.ofHours(23));
                    world.bench().trusted.tick();
                    world.bench().expire();
                }
            }),
            harmless("forget it in storage that was told to keep it", (world, point) -> {
                world.bench().retention.tick();
                if (permanent(world, point)) {
                    forget(world, point);
                }
            }));

    private static boolean permanent(World world, RecoveryPoint point) {
        return world.bench()
                .catalog
                .<Boolean>read(view -> view.locks()
                        .of(point.scope(), point.vault())
                        .isPermanent(world.bench().trusted.at(view)));
    }

    private static void forget(World world, RecoveryPoint point) throws InterruptedException {
        world.bench()
                .repositories
                .open(point.scope(), point.vault(), idOf(world, point))
                .forget(new SessionId(point.sessionId()));
    }

    private static dev.coffer.core.vault.VaultId idOf(World world, RecoveryPoint point) {
        return world.bench()
                .catalog
                .read(view -> view.vaults().find(point.scope(), point.vault()))
                .orElseThrow()
                .id();
    }

    private static void detachAll(World world) {
        var role = "role/service-role/AWSBackupDefaultServiceRole";
        world.access()
                .policies
                .ofPrincipal(ADMIN, role)
                .attached()
                .forEach(attached -> world.access()
                        .policies
                        .detach(ADMIN, role, attached.arn().toString()));
    }

    private static void deleteAs(World world, Caller caller, RecoveryPoint point) {
        if (!deletionIsRefused(world, ADMIN, point)) {
            return;
        }
        assertThat(deletionIsRefused(world, caller, point)).isTrue();
    }

    /** Whether a deletion is refused; one that is not is taken back. */
    private static boolean deletionIsRefused(World world, Caller caller, RecoveryPoint point) {
        try {
            world.bench().points.delete(caller, "prod", point.arn().toString());
        } catch (Refused refused) {
            return true;
        }
        world.bench().write(tx -> tx.recoveryPoints().put(point));
        return false;
    }

    /** What a new process does with the catalog that it finds. */
    private static void restart(World world, RecoveryPoint point) throws InterruptedException {
        var bench = world.bench();
        var trusted = bench.process(bench.catalog, TimeWitnesses.NONE);
        bench.expire();
        new PointDeletion(bench.catalog, bench.repositories, new Protections(trusted), bench.keeper).finish(point);
    }

    private static PlanRequest plan(long days) {
        return new PlanRequest(
                "plan",
                List.of(new RuleRequest(
                        "daily",
                        "prod",
                        Optional.empty(),
                        Optional.of("cron(0 5 ? * * *)"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(LifecycleRequest.ofDays(Optional.empty(), Optional.of(days))),
                        Map.of(),
                        List.of(),
                        false,
                        List.of(),
                        List.of())),
                List.of(),
                List.of());
    }

    private static StartBackup backup(RecoveryPoint point) {
        return new StartBackup(
                "prod",
                point.resource().toString(),
                ROLE.toString(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(LifecycleRequest.ofDays(Optional.empty(), Optional.of(30L))),
                Map.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty());
    }

    static Stream<Arguments> all() {
        return DETOURS.stream()
                .flatMap(detour -> Stream.of(VaultState.values()).map(state -> Arguments.of(detour, state)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void noDetourLeadsToAPointThatItsVaultKeeps(Detour detour, VaultState state) throws Exception {
        try (var access = new AccessBench(folder)) {
            var bench = access.engine;
            var point = bench.keptFor(bench.point(bench.vault("prod"), "fs-1", START), OptionalLong.of(30));
            var world = world(access, point);
            state.bring(bench);
            var before = bench.catalog.<VaultLock>read(view -> view.locks().of(ADMIN.scope(), point.vault()));
            try {
                detour.attempt().on(world, point);
            } catch (Refused refused) {
                assertThat(refused.problem().kind()).isNotEqualTo(Problem.Kind.ACCESS_DENIED);
            } catch (RepositoryException | StoreException kept) {
                assertThat(state).as("%s", kept).isEqualTo(VaultState.COMPLIANCE_PERMANENT);
            }
            assertThat(bench.isStored(point)).isTrue();
            assertThat(bench.stored(point)).contains(point);
            assertThat(bench.catalog.<VaultLock>read(view -> view.locks().of(ADMIN.scope(), point.vault())))
                    .isEqualTo(before);
            boolean held = bench.catalog.<Boolean>read(view -> view.legalHolds().holds(point));
            assertThat(held).isEqualTo(state == VaultState.HELD);
            assertThat(deletionIsRefused(world, ADMIN, point))
                    .isEqualTo(!detour.deletable().contains(state));
        }
    }

    private static World world(AccessBench access, RecoveryPoint point) {
        var bench = access.engine;
        var source = new Source(ResourceType.EFS, point.scope(), point.resource(), "home", Map.of(), Map.of());
        var inventory = new Inventory(List.of(source), bench.catalog, List.of(), Map.of());
        return new World(
                access,
                new PlanService(bench.catalog, bench.gate, bench.clock, bench.ids, PlanLimits.defaults()),
                new SelectionService(bench.catalog, bench.gate, bench.clock, bench.ids, PlanLimits.defaults()),
                new BackupJobService(
                        bench.catalog,
                        inventory,
                        bench.gate,
                        bench.clock,
                        bench.ids,
                        bench.limits,
                        () -> {},
                        (_, _, _, _, _) -> {}));
    }
}
