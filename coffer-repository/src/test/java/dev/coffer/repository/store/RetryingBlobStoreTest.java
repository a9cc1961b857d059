package dev.coffer.repository.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import dev.coffer.testkit.store.BlobStoreContract;
import dev.coffer.testkit.store.FaultyBlobStore;
import dev.coffer.testkit.store.MemoryBlobStore;
import dev.coffer.testkit.store.StoreMoment;
import dev.coffer.testkit.time.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RetryingBlobStoreTest implements BlobStoreContract {
    private static final BlobKey KEY = new BlobKey("a/b");
    private static final int ATTEMPTS = 4;

    private final TestClock clock = new TestClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final MemoryBlobStore memory = new MemoryBlobStore(clock);
    private final FaultyBlobStore faulty = new FaultyBlobStore(memory);
    private final List<Duration> pauses = new ArrayList<>();
    private final RetryingBlobStore store =
            new RetryingBlobStore(faulty, ATTEMPTS, Duration.ofMillis(100), new Random(1), pauses::add);

    @Override
    public BlobStore store() {
        return store;
    }

    @Override
    public InstantSource clock() {
        return clock;
    }

    private static StoreException unavailable() {
        return new StoreException.Unavailable("away for a moment", new IOException("reset"));
    }

    private static Payload payload(int seed) {
        var bytes = new byte[200_000];
        new Random(seed).nextBytes(bytes);
        return Payload.of(bytes);
    }

    private void fail(int times, StoreMoment moment) {
        for (int i = 0; i < times; i++) {
            faulty.failNext(unavailable(), moment);
        }
    }

    @Test
    void aFaultOfAMomentIsNotSeen() throws Exception {
        fail(3, StoreMoment.HALFWAY);
        store.create(KEY, payload(1));
        fail(1, StoreMoment.BEFORE);
        try (var in = store.open(KEY, new ByteRange(0, 200_000));
                var expected = payload(1).open()) {
            assertThat(in.readAllBytes()).isEqualTo(expected.readAllBytes());
        }
        fail(1, StoreMoment.AFTER);
        store.retain(KEY, clock.instant());
        fail(1, StoreMoment.AFTER);
        store.delete(KEY);
        assertThat(memory.keys()).isEmpty();
    }

    @Test
    void afterTheLastAttemptTheFaultIsPassedOn() {
        fail(ATTEMPTS, StoreMoment.BEFORE);
        assertThatExceptionOfType(StoreException.Unavailable.class).isThrownBy(() -> store.create(KEY, payload(1)));
        assertThat(faulty.calls()).isEqualTo(ATTEMPTS);
        assertThat(pauses).hasSize(ATTEMPTS - 1);
    }

    @Test
    void pausesGrowAndStayWithinTheirBounds() {
        for (int round = 0; round < 50; round++) {
            pauses.clear();
            fail(ATTEMPTS, StoreMoment.BEFORE);
            assertThatExceptionOfType(StoreException.Unavailable.class).isThrownBy(() -> store.delete(KEY));
            for (int i = 0; i < pauses.size(); i++) {
                assertThat(pauses.get(i)).isBetween(Duration.ofMillis(50L << i), Duration.ofMillis(100L << i));
            }
        }
    }

    @Test
    void whatWillNotChangeIsNotRepeated() {
        for (var failure : List.of(
                new StoreException.NotFound(KEY),
                new StoreException.Retained(KEY),
                new StoreException.AlreadyExists(KEY),
                new StoreException.Denied("no", new IOException("denied")))) {
            long before = faulty.calls();
            faulty.failNext(failure, StoreMoment.BEFORE);
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> store.delete(KEY))
                    .isSameAs(failure);
            assertThat(faulty.calls()).isEqualTo(before + 1);
        }
        assertThat(pauses).isEmpty();
    }

    @Test
    void aCreateWhoseAnswerWasLostHasSucceeded() throws Exception {
        fail(1, StoreMoment.AFTER);
        store.create(KEY, payload(1));
        assertThat(memory.keys()).containsExactly(KEY);

        fail(1, StoreMoment.AFTER);
        store.create(new BlobKey("empty"), Payload.of(new byte[0]));
    }

    @Test
    void aFaultWhileComparingAfterALostAnswerIsRepeatedToo() throws Exception {
        faulty.failNext(unavailable(), StoreMoment.AFTER);
        faulty.failNext(new StoreException.AlreadyExists(KEY), StoreMoment.BEFORE);
        faulty.failNext(unavailable(), StoreMoment.BEFORE);
        store.create(KEY, payload(1));
        assertThat(pauses).hasSize(2);
    }

    @Test
    void aBlobOfAnotherIsNotTakenForTheOwn() throws Exception {
        for (var other : List.of(payload(2), Payload.of(new byte[10]), Payload.of(new byte[300_000]))) {
            memory.create(KEY, other);
            fail(1, StoreMoment.BEFORE);
            assertThatExceptionOfType(StoreException.AlreadyExists.class)
                    .isThrownBy(() -> store.create(KEY, payload(1)));
            memory.lose(KEY);
        }
    }

    @Test
    void withoutAFailedAttemptATakenKeyIsTakenWhateverItHolds() throws Exception {
        store.create(KEY, payload(1));
        assertThatExceptionOfType(StoreException.AlreadyExists.class).isThrownBy(() -> store.create(KEY, payload(1)));
    }

    @Test
    void aListingThatBrokeOffShowsEveryBlobOnce() throws Exception {
        for (var key : List.of("a", "b", "c", "d")) {
            memory.create(new BlobKey(key), payload(1));
        }
        fail(1, StoreMoment.HALFWAY);
        fail(1, StoreMoment.AFTER);
        fail(1, StoreMoment.BEFORE);
        var seen = new ArrayList<String>();
        store.list("", info -> seen.add(info.key().value()));
        assertThat(seen).containsExactly("a", "b", "c", "d");
    }

    @Test
    void aVisitorThatHasSeenEnoughIsNotAskedAgain() throws Exception {
        memory.create(new BlobKey("a"), payload(1));
        memory.create(new BlobKey("b"), payload(1));
        fail(1, StoreMoment.AFTER);
        var seen = new ArrayList<String>();
        store.list("", info -> {
            seen.add(info.key().value());
            return false;
        });
        assertThat(seen).containsExactly("a");
    }

    @Test
    void whatTheVisitorThrowsEndsTheListing() throws Exception {
        memory.create(new BlobKey("a"), payload(1));
        memory.create(new BlobKey("b"), payload(1));
        var ofTheVisitor = unavailable();
        var seen = new ArrayList<String>();
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> store.list("", info -> {
                    seen.add(info.key().value());
                    throw ofTheVisitor;
                }))
                .isSameAs(ofTheVisitor);
        assertThat(seen).containsExactly("a");
        assertThat(pauses).isEmpty();
    }

    @Test
    void anInterruptedPauseEndsTheCall() {
        var interrupted = new RetryingBlobStore(faulty, ATTEMPTS, Duration.ofMillis(1), new Random(1), pause -> {
            throw new InterruptedException();
        });
        fail(1, StoreMoment.BEFORE);
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> interrupted.delete(KEY));
        assertThat(faulty.calls()).isEqualTo(1);
    }
}
