package dev.coffer.repository.store;

import dev.coffer.core.store.BlobInfo;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.Capability;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Repeats calls that failed for a moment, a bounded number of times, with a growing pause of random length. A listing that broke off goes on behind the last blob that it showed. A create that answers
 * AlreadyExists after an attempt that failed is passed on as that: whether the blob is the caller's own is the caller's to find out.
 */
public final class RetryingBlobStore implements BlobStore {
    private final BlobStore store;
    private final int attempts;
    private final Duration firstPause;
    private final RandomGenerator random;
    private final Sleeper sleeper;

    /** Lets time pass between attempts. */
    @FunctionalInterface
    public interface Sleeper {
        void sleep(Duration pause) throws InterruptedException;
    }

    /**
     * @param attempts how often a call is made at most
     * @param firstPause the longest pause after the first failure; doubles with each further one
     */
    public RetryingBlobStore(
            BlobStore store, int attempts, Duration firstPause, RandomGenerator random, Sleeper sleeper) {
        if (attempts < 1) {
            throw new IllegalArgumentException("a call is made at least once");
        }
        this.store = store;
        this.attempts = attempts;
        this.firstPause = firstPause;
        this.random = random;
        this.sleeper = sleeper;
    }

    private interface Call<T> {
        T run() throws InterruptedException;
    }

    private <T> T repeated(Call<T> call) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return call.run();
            } catch (StoreException failure) {
                if (!failure.retryable() || attempt == attempts) {
                    throw failure;
                }
                long most = firstPause.toMillis() << Math.min(attempt - 1, 16);
                sleeper.sleep(Duration.ofMillis(random.nextLong(most / 2 + 1, most + 2)));
            }
        }
    }

    @Override
    public Set<Capability> capabilities() {
        return store.capabilities();
    }

    @Override
    public void create(BlobKey key, Payload payload) throws InterruptedException {
        repeated(() -> {
            store.create(key, payload);
            return key;
        });
    }

    @Override
    public InputStream open(BlobKey key, ByteRange range) throws InterruptedException {
        return repeated(() -> store.open(key, range));
    }

    @Override
    public void list(String prefix, Predicate<BlobInfo> visit) throws InterruptedException {
        var last = new AtomicReference<Optional<BlobKey>>(Optional.empty());
        repeated(() -> {
            var seen = last.get();
            store.list(prefix, info -> {
                if (seen.isPresent() && info.key().compareTo(seen.get()) <= 0) {
                    return true;
                }
                last.set(Optional.of(info.key()));
                return visit.test(info);
            });
            return prefix;
        });
    }

    @Override
    public void retain(BlobKey key, Instant until) throws InterruptedException {
        repeated(() -> {
            store.retain(key, until);
            return key;
        });
    }

    @Override
    public void delete(BlobKey key) throws InterruptedException {
        repeated(() -> {
            store.delete(key);
            return key;
        });
    }
}
