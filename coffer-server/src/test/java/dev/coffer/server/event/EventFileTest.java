package dev.coffer.server.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.event.DeliveryException;
import dev.coffer.core.event.EventJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EventFileTest {
    private static final String LINE = EventJson.of(WebhookTest.EVENT);

    @TempDir
    private Path folder;

    @Test
    void eachEventIsALineThatItsOwnerAloneReads() throws Exception {
        var file = folder.resolve("events.jsonl");
        var log = new EventFile(file, 1 << 20, 3, new ReentrantLock());
        log.send(WebhookTest.EVENT);
        log.send(WebhookTest.EVENT);
        assertThat(Files.readAllLines(file)).containsExactly(LINE, LINE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aFullFileMovesOnAndTheOldestGoes() throws Exception {
        var file = folder.resolve("events.jsonl");
        var log = new EventFile(file, LINE.length() + 100L, 2, new ReentrantLock());
        for (int i = 0; i < 5; i++) {
            log.send(WebhookTest.EVENT);
        }
        try (var all = Files.list(folder)) {
            assertThat(all.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("events.jsonl", "events.jsonl.1", "events.jsonl.2");
        }
        assertThat(Files.readAllLines(folder.resolve("events.jsonl.2"))).containsExactly(LINE);
    }

    @Test
    void halfALineOfACrashSpoilsNoOther() throws Exception {
        var file = folder.resolve("events.jsonl");
        var log = new EventFile(file, 1 << 20, 3, new ReentrantLock());
        log.send(WebhookTest.EVENT);
        Files.writeString(file, LINE.substring(0, 20), StandardOpenOption.APPEND);
        log.send(WebhookTest.EVENT);
        assertThat(Files.readAllLines(file)).containsExactly(LINE, LINE.substring(0, 20), LINE);
    }

    @Test
    void aFileThatCannotBeWrittenIsAFailure() {
        assertThatThrownBy(() -> new EventFile(folder.resolve("none/events"), 1 << 20, 3, new ReentrantLock())
                        .send(WebhookTest.EVENT))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("cannot be written");
    }
}
