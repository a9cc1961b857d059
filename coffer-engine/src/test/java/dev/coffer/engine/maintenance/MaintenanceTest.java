package dev.coffer.engine.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.problem.Refused;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.VerifyRequest;
import dev.coffer.engine.EngineBench;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MaintenanceTest {
    @TempDir
    Path folder;

    private MaintenanceRun awaited(MaintenanceService service, MaintenanceRun run) {
        while (true) {
            var now = service.get(EngineBench.ADMIN, run.id());
            if (now.state() != MaintenanceRun.State.RUNNING) {
                return now;
            }
            Thread.onSpinWait();
        }
    }

    @Test
    void aRunEndsWithItsResultAndIsListed() throws Exception {
        try (var bench = new EngineBench(folder);
                var service = new MaintenanceService(
                        bench.catalog, bench.repositories, bench.gate, bench.clock, bench.ids, bench.trusted)) {
            var vault = bench.vault("prod");
            bench.point(vault, "fs-00000001", EngineBench.START);
            var verified = awaited(service, service.verify(EngineBench.ADMIN, "prod", VerifyRequest.Depth.CONTENT));
            assertThat(verified.result())
                    .hasValueSatisfying(result -> assertThat(result)
                            .isInstanceOfSatisfying(
                                    MaintenanceRun.Result.Verified.class,
                                    found -> assertThat(found.report().points()).isEqualTo(1)));
            var swept = awaited(service, service.sweep(EngineBench.ADMIN, "prod"));
            assertThat(swept.state()).isEqualTo(MaintenanceRun.State.COMPLETED);
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
                var service = new MaintenanceService(
                        bench.catalog, bench.repositories, bench.gate, bench.clock, bench.ids, bench.trusted)) {
            bench.vault("prod");
            bench.setClockBy(Duration.ofDays(9));
            var refused = awaited(service, service.sweep(EngineBench.ADMIN, "prod"));
            assertThat(refused.message().orElseThrow()).contains("vault clock", "suspect");
            var verified = awaited(service, service.verify(EngineBench.ADMIN, "prod", VerifyRequest.Depth.CONTENT));
            assertThat(verified.state()).isEqualTo(MaintenanceRun.State.COMPLETED);
        }
    }

    @Test
    void othersSeeNoneOfIt() throws Exception {
        try (var bench = new EngineBench(folder);
                var service = new MaintenanceService(
                        bench.catalog, bench.repositories, bench.gate, bench.clock, bench.ids, bench.trusted)) {
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
            var slow = (Repositories) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Repositories.class}, (_, method, arguments) -> {
                        open.await();
                        return method.invoke(bench.repositories, arguments);
                    });
            bench.vault("prod");
            try (var service =
                    new MaintenanceService(bench.catalog, slow, bench.gate, bench.clock, bench.ids, bench.trusted)) {
                var run = service.sweep(EngineBench.ADMIN, "prod");
                assertThatThrownBy(() -> service.sweep(EngineBench.ADMIN, "prod"))
                        .isInstanceOf(Refused.class)
                        .hasMessageContaining(run.id());
                open.countDown();
                assertThat(awaited(service, run).state()).isEqualTo(MaintenanceRun.State.COMPLETED);
                assertThat(awaited(service, service.sweep(EngineBench.ADMIN, "prod"))
                                .state())
                        .isEqualTo(MaintenanceRun.State.COMPLETED);
            }
        }
    }

    @Test
    void aRunThatFailsSaysWhy() throws Exception {
        try (var bench = new EngineBench(folder);
                var service = new MaintenanceService(
                        bench.catalog, bench.repositories, bench.gate, bench.clock, bench.ids, bench.trusted)) {
            var vault = bench.vault("prod");
            bench.repositories.destroy(vault.scope(), vault.name(), vault.id());
            var run = awaited(service, service.sweep(EngineBench.ADMIN, "prod"));
            assertThat(run.state()).isEqualTo(MaintenanceRun.State.FAILED);
            assertThat(run.message()).hasValueSatisfying(why -> assertThat(why).contains("prod"));
        }
    }

    @Test
    void theLoopReadsASliceEachDayAndRemembersWhereItIs() throws Exception {
        try (var bench = new EngineBench(folder);
                var service = new MaintenanceService(
                        bench.catalog, bench.repositories, bench.gate, bench.clock, bench.ids, bench.trusted)) {
            var vault = bench.vault("prod");
            var name = "verify-rotation/" + vault.id();
            var cursors = new ArrayList<Integer>();
            for (int hour = 0; hour < 24 * 5; hour += 6) {
                // Each time a new process.
                try (var loop = new MaintenanceLoop(
                        bench.catalog,
                        service,
                        bench.clock,
                        MaintenanceSchedule.STANDARD,
                        bench.duty(bench.catalog, "maintenance"),
                        Duration.ofDays(1))) {
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
}
