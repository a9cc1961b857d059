package dev.coffer.repository.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReserveTest {
    private static final int BYTES = 3_000_000;

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("vaults/.reserve");
    }

    private Reserve reserve() {
        return Reserve.of(file(), BYTES, new Random(1));
    }

    private static StoreException.Unavailable full() {
        return new StoreException.Unavailable("storage full", new IOException("No space left on device"));
    }

    @Test
    void theSpaceIsTakenAtOnceAndStaysWhileDeletionsGoOn() throws Exception {
        var reserve = reserve();
        assertThat(file()).hasSize(BYTES);
        var before = Files.getLastModifiedTime(file());
        assertThat(reserve.use(() -> "done")).isEqualTo("done");
        assertThat(Files.getLastModifiedTime(file())).isEqualTo(before);
    }

    @Test
    void aDeletionThatCannotGoOnGetsTheSpaceAndGivesItBack() throws Exception {
        var reserve = reserve();
        var done = reserve.use(() -> {
            if (Files.exists(file())) {
                throw full();
            }
            return "done";
        });
        assertThat(done).isEqualTo("done");
        assertThat(file()).hasSize(BYTES);
    }

    @Test
    void aDeletionThatFailsForAnotherReasonFailsOnceMoreAndNoOftener() {
        var reserve = reserve();
        var runs = new AtomicInteger();
        assertThatThrownBy(() -> reserve.use(() -> {
                    runs.incrementAndGet();
                    throw full();
                }))
                .isInstanceOf(StoreException.Unavailable.class);
        assertThat(runs).hasValue(2);
        assertThat(file()).hasSize(BYTES);
    }

    @Test
    void withoutSpaceToGiveUpTheFailureIsTold() {
        assertThatThrownBy(() -> Reserve.NONE.use(() -> {
                    throw full();
                }))
                .hasMessage("storage full");
    }

    @Test
    void whereTheSpaceCannotBeTakenNothingIsLeftOfIt() throws Exception {
        Files.writeString(folder.resolve("vaults"), "not a folder");
        assertThat(reserve().use(() -> "done")).isEqualTo("done");
        assertThat(folder.resolve("vaults")).isRegularFile();
    }
}
