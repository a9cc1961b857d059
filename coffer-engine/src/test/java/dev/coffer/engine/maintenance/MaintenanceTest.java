package dev.coffer.engine.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.job.RunnerId;
import dev.coffer.core.maintenance.MaintenanceRun;
import dev.coffer.core.maintenance.MaintenanceRun.State;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.VerifyRequest;
import dev.coffer.core.vault.Vault;
import dev.coffer.engine.EngineBench;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MaintenanceTest {
    @TempDir
    Path folder;

    private static MaintenanceService service(EngineBench bench, String process) {
        return service(bench, bench.repositories, process);
    }

    private static MaintenanceService service(EngineBench bench, Repositories storage, String process) {
        return new MaintenanceService(
                bench.catalog, storage, bench.gate, bench.clock, bench.ids, bench.trusted, RunnerId.parse(process));
    }

    /** Storage that answers nothing before the latch is open. */
    private Repositories waitingFor(CountDownLatch open, EngineBench bench) {
        return (Repositories) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Repositories.class}, (_, method, arguments) -> {
                    open.await();
                    return method.invoke(bench.repositories, arguments);
                });
    }

    private MaintenanceRun awaited(MaintenanceService service, MaintenanceRun run) {
        while (true) {
            var now = service.get(EngineBench.ADMIN, run.id());
            if (now.state() != State.RUNNING) {
                return now;
            }
            Thread.onSpinWait();
        }
    }

    @Test
    void aRunEndsWithItsResultAndIsListed() throws Exception {
        try (var bench = new EngineBench(folder);
                var service = service(bench, "one/first")) {
            var vault = bench.vault("prod");
            bench.point(vault, "fs-00000001", EngineBench.START);
            var verified = awaited(service, service.verify(EngineBench.ADMIN, "prod", VerifyRequest.Depth.CONTENT));
            assertThat(verified.result())
                    .hasValueSatisfying(result -> assertThat(result)
                            .isInstanceOfSatisfying(
                                    MaintenanceRun.Result.Verified.class,
                                    found -> assertThat(found.report().points()).isEqualTo(1)));
            var swept = awaited(service, service.sweep(EngineBench.ADMIN, "prod"));
            assertThat(swept.state()).isEqualTo(State.COMPLETED);
            var wrapped = awaited(service, service.rewrap(EngineBench.ADMIN, "prod"));
            assertThat(wrapped.result()).contains(new MaintenanceRun.Result.Rewrapped(false));
            assertThat(service.list(EngineBench.ADMIN, "prod"))
                    .extracting(MaintenanceRun::id)
                    .containsExactly(wrapped.id(), swept.id(), verified.id());
        }
    }

    @Test
    void nothingIsSweptWhileTheVaultClockIsSuspect() throws Exception {
        try (var bench = new EngineBench(folder);
                var service = service(bench, "one/first")) {
            bench.vault("prod");
            bench.setClockBy(Duration.ofDays(9));
            var refused = awaited(service, service.sweep(EngineBench.ADMIN, "prod"));
            assertThat(refused.message().orElseThrow()).contains("vault clock", "suspect");
            var verified = awaited(service, service.verify(EngineBench.ADMIN, "prod", VerifyRequest.Depth.CONTENT));
            assertThat(verified.state()).isEqualTo(State.COMPLETED);
        }
    }

    @Test
    void othersSeeNoneOfIt() throws Exception {
        try (var bench = new EngineBench(folder);
                var service = service(bench, "one/first")) {
            bench.vault("prod");
            var run = service.sweep(EngineBench.ADMIN, "prod");
            assertThatThrownBy(() -> service.get(EngineBench.STRANGER, run.id()))
                    .isInstanceOf(Refused.class);
            assertThatThrownBy(() -> service.list(EngineBench.STRANGER, "prod")).isInstanceOf(Refused.class);
            assertThatThrownBy(() -> service.sweep(EngineBench.STRANGER, "prod"))
                    .isInstanceOf(Refused.class);
            assertThatThrownBy(() -> service.sweep(EngineBench.ADMIN, "nope")).isInstanceOf(Refused.class);
        }
    }

    @Test
    void aSecondRunOfAKindIsRefusedWhileOneGoesOn() throws Exception {
        var open = new CountDownLatch(1);
        try (var bench = new EngineBench(folder)) {
            var slow = waitingFor(open, bench);
            bench.vault("prod");
            try (var service = service(bench, slow, "one/first")) {
                var run = service.sweep(EngineBench.ADMIN, "prod");
                assertThatThrownBy(() -> service.sweep(EngineBench.ADMIN, "prod"))
                        .isInstanceOf(Refused.class)
                        .hasMessageContaining(run.id());
                open.countDown();
                assertThat(awaited(service, run).state()).isEqualTo(State.COMPLETED);
                assertThat(awaited(service, service.sweep(EngineBench.ADMIN, "prod"))
                                .state())
                        .isEqualTo(State.COMPLETED);
            }
        }
    }

    @Test
    void aRunThatFailsSaysWhy() throws Exception {
        try (var bench = new EngineBench(folder);
                var service = service(bench, "one/first")) {
            var vault = bench.vault("prod");
            bench.repositories.destroy(vault.scope(), vault.name(), vault.id());
            var run = awaited(service, service.sweep(EngineBench.ADMIN, "prod"));
            assertThat(run.state()).isEqualTo(State.FAILED);
            assertThat(run.message()).hasValueSatisfying(why -> assertThat(why).contains("prod"));
        }
    }

    @Test
    void theLoopReadsASliceEachDayAndRemembersWhereItIs() throws Exception {
        try (var bench = new EngineBench(folder);
                var service = service(bench, "one/first")) {
            var vault = bench.vault("prod");
            var name = "verify-rotation/" + vault.id();
            var cursors = new ArrayList<Integer>();
            for (int hour = 0; hour < 24 * 5; hour += 6) {
                // Each time a new process.
                try (var loop = new MaintenanceLoop(
                        bench.catalog, service, bench.clock, MaintenanceSchedule.STANDARD, Duration.ofDays(1))) {
                    loop.tick();
                }
                var state = bench.catalog
                        .read(view -> view.settings().installation(name))
                        .flatMap(Rotation::of)
                        .orElseThrow();
                if (cursors.isEmpty() || cursors.getLast() != state.cursor()) {
                    cursors.add(state.cursor());
                }
                bench.clock.advance(Duration.ofHours(6));
            }
            assertThat(cursors).hasSize(5).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void aResultIsSeenFromAnotherNodeAndAfterARestart() throws Exception {
        MaintenanceRun done;
        try (var bench = new EngineBench(folder);
                var first = service(bench, "one/first");
                var other = service(bench, "two/first")) {
            bench.vault("prod");
            done = awaited(first, first.verify(EngineBench.ADMIN, "prod", VerifyRequest.Depth.CONTENT));
            assertThat(other.get(EngineBench.ADMIN, done.id())).isEqualTo(done);
        }
        try (var bench = new EngineBench(folder);
                var again = service(bench, "one/second")) {
            assertThat(again.get(EngineBench.ADMIN, done.id())).isEqualTo(done);
            assertThat(again.list(EngineBench.ADMIN, "prod")).containsExactly(done);
            assertThat(done.state()).isEqualTo(State.COMPLETED);
        }
    }

    @Test
    void aRunThatACrashLeftIsInterruptedAtTheNextStartAndKeepsNoOtherWaiting() throws Exception {
        try (var bench = new EngineBench(folder);
                var other = service(bench, "two/first");
                var again = service(bench, "one/second")) {
            var vault = bench.vault("prod");
            var left = left(bench, vault, "one/first");
            assertThat(other.get(EngineBench.ADMIN, left.id()).state()).isEqualTo(State.RUNNING);
            assertThatThrownBy(() -> other.sweep(EngineBench.ADMIN, "prod"))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining(left.id());

            var seen = again.get(EngineBench.ADMIN, left.id());
            assertThat(seen.state()).isEqualTo(State.INTERRUPTED);
            assertThat(seen.message().orElseThrow()).contains("stopped before its end");
            again.tick();
            assertThat(other.get(EngineBench.ADMIN, left.id()).state()).isEqualTo(State.INTERRUPTED);
            assertThat(awaited(other, other.sweep(EngineBench.ADMIN, "prod")).state())
                    .isEqualTo(State.COMPLETED);
        }
    }

    @Test
    void aRunOfANodeThatIsNotHeardOfIsInterruptedWhenItsLeaseEndsAndOneThatIsHeardOfIsNot() throws Exception {
        var open = new CountDownLatch(1);
        try (var bench = new EngineBench(folder);
                var living = service(bench, waitingFor(open, bench), "three/first");
                var other = service(bench, "two/first")) {
            var left = left(bench, bench.vault("prod"), "one/first");
            bench.vault("spare");
            var going = living.sweep(EngineBench.ADMIN, "spare");
            for (int minute = 0; minute < 6; minute++) {
                bench.clock.advance(Duration.ofMinutes(1));
                living.tick();
            }
            assertThat(other.get(EngineBench.ADMIN, left.id()).state()).isEqualTo(State.INTERRUPTED);
            assertThat(other.get(EngineBench.ADMIN, going.id()).state()).isEqualTo(State.RUNNING);
            assertThat(awaited(other, other.sweep(EngineBench.ADMIN, "prod")).state())
                    .isEqualTo(State.COMPLETED);
            open.countDown();
            assertThat(awaited(living, going).state()).isEqualTo(State.COMPLETED);
        }
    }

    /** What a process leaves that is killed during a sweep. */
    private static MaintenanceRun left(EngineBench bench, Vault vault, String process) {
        var now = bench.clock.instant();
        var run = MaintenanceRun.begun(
                bench.ids.get().toString(),
                vault,
                MaintenanceRun.Kind.SWEEP,
                now,
                RunnerId.parse(process),
                now.plus(Duration.ofMinutes(5)));
        bench.write(tx -> tx.maintenance().put(run));
        return run;
    }

    @Test
    void theLastRunsOfEachKindAreKeptAndGoWithTheirVault() throws Exception {
        try (var bench = new EngineBench(folder);
                var service = service(bench, "one/first")) {
            var vault = bench.vault("prod");
            var verified = awaited(service, service.verify(EngineBench.ADMIN, "prod", VerifyRequest.Depth.STRUCTURE));
            var swept = new ArrayList<String>();
            for (int i = 0; i < 23; i++) {
                bench.clock.advance(Duration.ofSeconds(1));
                swept.add(service.sweepNow(vault).id());
            }
            assertThat(service.list(EngineBench.ADMIN, "prod"))
                    .extracting(MaintenanceRun::id)
                    .hasSize(21)
                    .contains(verified.id())
                    .containsAll(swept.subList(3, 23));
            bench.vaults.delete(EngineBench.ADMIN, "prod");
            assertThat(bench.catalog.<List<MaintenanceRun>>read(
                            view -> view.maintenance().of(vault.id())))
                    .isEmpty();
        }
    }

    @Test
    void theRotationCountsOnlyWhatWasRead() throws Exception {
        try (var bench = new EngineBench(folder);
                var service = service(bench, "one/first");
                var loop = new MaintenanceLoop(
                        bench.catalog, service, bench.clock, MaintenanceSchedule.STANDARD, Duration.ofDays(1))) {
            var vault = bench.vault("prod");
            var name = "verify-rotation/" + vault.id();
            bench.repositories.destroy(vault.scope(), vault.name(), vault.id());
            loop.tick();
            assertThat(bench.catalog.<Optional<String>>read(
                            view -> view.settings().installation(name)))
                    .isEmpty();
            assertThat(service.list(EngineBench.ADMIN, "prod"))
                    .extracting(MaintenanceRun::state)
                    .containsExactly(State.FAILED);

            bench.repositories.create(vault.scope(), vault.name(), vault.id());
            loop.tick();
            assertThat(service.list(EngineBench.ADMIN, "prod"))
                    .as("what failed is not tried again at once")
                    .hasSize(1);
            bench.clock.advance(Duration.ofHours(1));
            loop.tick();
            assertThat(bench.catalog.<Optional<String>>read(
                            view -> view.settings().installation(name)))
                    .isPresent();
        }
    }

    @Test
    void theRotationWaitsWhileAnotherProcessVerifies() throws Exception {
        try (var bench = new EngineBench(folder);
                var service = service(bench, "one/first");
                var loop = new MaintenanceLoop(
                        bench.catalog, service, bench.clock, MaintenanceSchedule.STANDARD, Duration.ofDays(1))) {
            var vault = bench.vault("prod");
            var now = bench.clock.instant();
            var elsewhere = MaintenanceRun.begun(
                    "elsewhere",
                    vault,
                    MaintenanceRun.Kind.VERIFY,
                    now,
                    RunnerId.parse("two/first"),
                    now.plus(Duration.ofMinutes(5)));
            bench.write(tx -> tx.maintenance().put(elsewhere));
            loop.tick();
            assertThat(service.list(EngineBench.ADMIN, "prod")).containsExactly(elsewhere);
            bench.clock.advance(Duration.ofMinutes(5));
            loop.tick();
            assertThat(service.list(EngineBench.ADMIN, "prod"))
                    .extracting(MaintenanceRun::state)
                    .containsExactly(State.COMPLETED, State.INTERRUPTED);
        }
    }
}
