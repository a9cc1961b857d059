package dev.coffer.engine.upkeep;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.access.AccessSession;
import dev.coffer.core.event.SinkState;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.engine.EngineBench;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UpkeepTest {
    private final EngineBench bench;

    UpkeepTest(@TempDir Path folder) {
        bench = new EngineBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void oldSignaturesGoAndYoungOnesStay() throws Exception {
        bench.write(tx -> {
            tx.access().usedBefore("old", START, START.minusSeconds(1));
            tx.access().usedBefore("young", START, START.plusSeconds(60));
        });
        try (var upkeep = new Upkeep(bench.catalog, bench.vaults, bench.clock, bench.limits, Duration.ofHours(1))) {
            assertThat(upkeep.tick().signatures()).isEqualTo(1);
            assertThat(upkeep.tick().signatures()).isZero();
        }
        bench.write(tx -> assertThat(tx.access().usedBefore("young", START, START.plusSeconds(60)))
                .isPresent());
    }

    @Test
    void aSessionIsKnownForADayAfterItsEnd() throws Exception {
        var user = ADMIN.principal();
        bench.write(tx -> tx.access()
                .insert(new AccessSession(
                        "ASIA1", ADMIN.account(), user, user, "AIDA1", Optional.empty(), "s", "d", START, START)));
        try (var upkeep = new Upkeep(bench.catalog, bench.vaults, bench.clock, bench.limits, Duration.ofHours(1))) {
            bench.clock.advance(Duration.ofDays(1));
            assertThat(upkeep.tick().sessions()).isZero();
            bench.clock.advance(Duration.ofMillis(1));
            assertThat(upkeep.tick().sessions()).isEqualTo(1);
        }
    }

    @Test
    void anEventStaysUntilItsSinkHasTakenItAndItIsAWeekOld() throws Exception {
        bench.vault("daily");
        var event = bench.catalog.read(view -> view.outbox().after(0, 1)).getFirst();
        try (var upkeep = new Upkeep(bench.catalog, bench.vaults, bench.clock, bench.limits, Duration.ofHours(1))) {
            bench.write(tx -> tx.outbox().put(SinkState.at("sink", event.position())));
            assertThat(upkeep.tick().events()).isZero();
            bench.clock.advance(Duration.ofDays(8));
            assertThat(upkeep.tick().events()).isEqualTo(1);
        }
        assertThat(bench.events()).isEmpty();
    }

    @Test
    void storageOfDeletedVaultsIsDestroyed() throws Exception {
        var vault = bench.vault("daily");
        bench.write(tx -> {
            tx.vaults().delete(vault);
            tx.settings()
                    .putInstallation("vaults/doomed-storage", "111122223333 eu-central-1 daily " + vault.id() + "\n");
        });
        try (var upkeep = new Upkeep(bench.catalog, bench.vaults, bench.clock, bench.limits, Duration.ofHours(1))) {
            upkeep.tick();
        }
        assertThatThrownBy(() -> bench.repositories.open(vault.scope(), vault.name(), vault.id()))
                .isInstanceOf(RepositoryException.NotFound.class);
    }
}
