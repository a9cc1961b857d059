package dev.coffer.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import dev.coffer.testkit.time.TestClock;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

final class MemoryBlobStoreTest implements BlobStoreContract {
    private static final BlobKey KEY = new BlobKey("a/b");

    private final TestClock clock = new TestClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final MemoryBlobStore store = new MemoryBlobStore(clock);

    @Override
    public BlobStore store() {
        return store;
    }

    @Override
    public InstantSource clock() {
        return clock;
    }

    @Test
    void damageChangesTheBitsOfTheMaskAndNothingElse() throws InterruptedException {
        store.create(KEY, Payload.of(new byte[] {1, 2, 3}));
        store.damage(KEY, 1, 0x80);
        assertThat(store.bytes(KEY)).containsExactly(1, -126, 3);
        assertThatIllegalArgumentException().isThrownBy(() -> store.damage(KEY, 1, 0));
        assertThatExceptionOfType(StoreException.NotFound.class)
                .isThrownBy(() -> store.damage(new BlobKey("absent"), 0, 1));
    }

    @Test
    void truncateKeepsTheFirstBytes() throws InterruptedException {
        store.create(KEY, Payload.of(new byte[] {1, 2, 3}));
        store.truncate(KEY, 2);
        assertThat(store.bytes(KEY)).containsExactly(1, 2);
        assertThatIllegalArgumentException().isThrownBy(() -> store.truncate(KEY, 2));
    }

    @Test
    void aCopyDoesNotSeeWhatHappensLater() throws InterruptedException {
        store.create(KEY, Payload.of(new byte[] {1, 2, 3}));
        store.retain(KEY, clock.instant().plusSeconds(5));
        var copy = store.copy();
        store.damage(KEY, 0, 1);
        store.lose(KEY);
        copy.create(new BlobKey("later"), Payload.of(new byte[1]));

        assertThat(copy.bytes(KEY)).containsExactly(1, 2, 3);
        assertThat(copy.retainedUntil(KEY)).contains(clock.instant().plusSeconds(5));
        assertThat(store.keys()).isEmpty();
    }
}
