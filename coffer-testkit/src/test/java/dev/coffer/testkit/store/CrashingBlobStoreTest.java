package dev.coffer.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CrashingBlobStoreTest {
    private static final BlobKey ONE = new BlobKey("one");
    private static final BlobKey TWO = new BlobKey("two");

    private final MemoryBlobStore memory = new MemoryBlobStore(InstantSource.fixed(Instant.EPOCH));

    private static Payload payload() {
        return Payload.of(new byte[1000]);
    }

    @Test
    void theCallOfTheCrashHasItsEffectOnlyIfTheCrashComesAfterIt() throws InterruptedException {
        for (var moment : StoreMoment.values()) {
            var disk = memory.copy();
            var store = new CrashingBlobStore(disk, 2, moment);
            store.create(ONE, payload());
            assertThatExceptionOfType(CrashingBlobStore.Crash.class).isThrownBy(() -> store.create(TWO, payload()));
            assertThat(disk.keys()).isEqualTo(moment == StoreMoment.AFTER ? Set.of(ONE, TWO) : Set.of(ONE));
        }
    }

    @Test
    void afterTheCrashEveryCallFailsUntilTheRestart() throws InterruptedException {
        var store = new CrashingBlobStore(memory, 1, StoreMoment.AFTER);
        assertThatExceptionOfType(CrashingBlobStore.Crash.class).isThrownBy(() -> store.create(ONE, payload()));
        assertThat(store.crashed()).isTrue();
        assertThatExceptionOfType(CrashingBlobStore.Crash.class).isThrownBy(() -> store.delete(ONE));
        assertThatExceptionOfType(CrashingBlobStore.Crash.class).isThrownBy(() -> store.list("", info -> true));
        assertThatExceptionOfType(CrashingBlobStore.Crash.class)
                .isThrownBy(() -> store.open(ONE, new ByteRange(0, 1)).close());
        assertThatExceptionOfType(CrashingBlobStore.Crash.class).isThrownBy(() -> store.retain(ONE, Instant.MAX));
        assertThat(memory.keys()).containsExactly(ONE);

        store.restart();
        assertThat(store.crashed()).isFalse();
        assertThatExceptionOfType(StoreException.AlreadyExists.class).isThrownBy(() -> store.create(ONE, payload()));
        store.delete(ONE);
        assertThat(memory.keys()).isEmpty();
    }

    @Test
    void aRunWithFewerCallsDoesNotCrash() throws InterruptedException {
        var store = new CrashingBlobStore(memory, 3, StoreMoment.BEFORE);
        store.create(ONE, payload());
        store.delete(ONE);
        assertThat(store.crashed()).isFalse();
        assertThat(store.calls()).isEqualTo(2);
    }
}
