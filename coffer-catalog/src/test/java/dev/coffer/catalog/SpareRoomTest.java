package dev.coffer.catalog;

import static dev.coffer.testkit.catalog.CatalogSamples.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.catalog.CatalogException;
import dev.coffer.core.catalog.CatalogException.Fault;
import dev.coffer.core.store.SpareRoom;
import dev.coffer.core.vault.Vault;
import dev.coffer.testkit.catalog.CatalogSamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the catalog does with the room that is kept for it. The disk itself is in {@code dist.FullDiskTest}. */
final class SpareRoomTest {
    @TempDir
    private Path folder;

    private final Vault vault = new CatalogSamples(new Random(4)).vault("kept", at(0));
    private final Room room = new Room();

    /** Room that is there, or was given up, and can be taken again or not. */
    private static final class Room implements SpareRoom {
        private boolean there = true;
        private boolean returns;
        private int given;

        @Override
        public boolean giveUp() {
            boolean had = there;
            given += had ? 1 : 0;
            there = false;
            return had;
        }

        @Override
        public boolean keep() {
            there |= returns;
            return there;
        }
    }

    /** Writes a vault, and fails so while the room is there. */
    private void write(SqlCatalog catalog, Fault fault, AtomicInteger runs, boolean helps) {
        catalog.<Boolean>write(tx -> {
            runs.incrementAndGet();
            tx.vaults().insert(vault);
            if (room.there || !helps) {
                throw new CatalogException("stuck", fault, new IOException("no space"));
            }
            return true;
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"FULL", "UNWRITABLE"})
    void aWriteForWhichThereIsNoRoomGetsItAndIsRunAgain(Fault fault) {
        try (var catalog = SqlCatalog.open(folder, room)) {
            var runs = new AtomicInteger();
            write(catalog, fault, runs, true);
            assertThat(runs).hasValue(2);
            assertThat(catalog.<List<Vault>>read(view -> view.vaults().all())).containsExactly(vault);
        }
    }

    @Test
    void whatRoomDoesNotHelpFailsAtOnceTheNextTime() {
        try (var catalog = SqlCatalog.open(folder, room)) {
            var runs = new AtomicInteger();
            for (int expected = 2; expected <= 3; expected++) {
                assertThatThrownBy(() -> write(catalog, Fault.FULL, runs, false))
                        .hasMessage("stuck");
                assertThat(runs).hasValue(expected);
            }
            assertThat(catalog.<List<Vault>>read(view -> view.vaults().all())).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BROKEN", "BUSY"})
    void noRoomIsGivenUpForAnotherFault(Fault fault) {
        try (var catalog = SqlCatalog.open(folder, room)) {
            assertThatThrownBy(() -> write(catalog, fault, new AtomicInteger(), false))
                    .hasMessage("stuck");
            assertThat(room.given).isZero();
        }
    }

    @Test
    void roomIsTakenAgainByTheFirstWriteAfterThereIsSome() {
        try (var catalog = SqlCatalog.open(folder, room)) {
            write(catalog, Fault.FULL, new AtomicInteger(), true);
            assertThat(room.there).isFalse();
            catalog.<Boolean>write(_ -> true);
            assertThat(room.there).isFalse();
            room.returns = true;
            catalog.<Boolean>write(_ -> true);
            assertThat(room.there).isTrue();
        }
    }

    @Test
    void aCatalogThatCannotBeOpenedIsTriedOnceMoreWithTheRoom() throws Exception {
        Files.writeString(folder.resolve("blocked"), "a file where the folder belongs");
        assertThatThrownBy(() -> SqlCatalog.open(folder.resolve("blocked"), room))
                .isInstanceOf(CatalogException.class);
        assertThat(room.given).isEqualTo(1);
        var clearing = new SpareRoom() {
            @Override
            public boolean giveUp() {
                return folder.resolve("blocked").toFile().delete();
            }

            @Override
            public boolean keep() {
                return true;
            }
        };
        SqlCatalog.open(folder.resolve("blocked"), clearing).close();
        assertThat(folder.resolve("blocked/catalog.db")).exists();
    }
}
