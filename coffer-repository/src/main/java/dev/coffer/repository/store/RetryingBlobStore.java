package dev.coffer.repository.store;

import dev.coffer.core.store.BlobInfo;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.Capability;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Repeats calls that failed for a moment, a bounded number of times, with a growing pause of random length. A listing that broke off goes on behind the last blob that it showed; what the visitor
 * throws is not a fault of the store and ends the listing. A create that answers AlreadyExists after an attempt that failed may have met its own earlier success: if the stored bytes are those of
 * the payload, it has succeeded.
 */
public final class RetryingBlobStore implements BlobStore {
    private static final int COMPARED_AT_ONCE = 64 << 10;

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
                sleeper.sleep(Duration.ofMillis(random.nextLong(most / 2, most + 1)));
            }
        }
    }

    @Override
    public Set<Capability> capabilities() {
        return store.capabilities();
    }

    @Override
    public OptionalLong size(BlobKey key) throws InterruptedException {
        return repeated(() -> store.size(key));
    }

    @Override
    public void create(BlobKey key, Payload payload) throws InterruptedException {
        var uncertain = new AtomicBoolean();
        repeated(() -> {
            try {
                store.create(key, payload);
            } catch (StoreException.AlreadyExists taken) {
                if (!uncertain.get() || !holds(key, payload)) {
                    throw taken;
                }
            } catch (StoreException failure) {
                uncertain.set(true);
                throw failure;
            }
            return key;
        });
    }

    /** Whether the blob has exactly the bytes of the payload. */
    private boolean holds(BlobKey key, Payload payload) throws InterruptedException {
        if (!store.size(key).equals(OptionalLong.of(payload.size()))) {
            return false;
        }
        try (var stored = store.open(key, new ByteRange(0, payload.size()));
                var ours = payload.open()) {
            var some = new byte[COMPARED_AT_ONCE];
            var other = new byte[COMPARED_AT_ONCE];
            while (true) {
                int count = stored.readNBytes(some, 0, some.length);
                if (count != ours.readNBytes(other, 0, other.length)
                        || !Arrays.equals(some, 0, count, other, 0, count)) {
                    return false;
                }
                if (count < some.length) {
                    return true;
                }
            }
        } catch (StoreException.NotFound | StoreException.OutOfRange changed) {
            return false;
        } catch (ClosedByInterruptException stop) {
            // The channel leaves the flag set; the exception takes its place.
            Thread.interrupted();
            var interrupted = new InterruptedException();
            interrupted.initCause(stop);
            throw interrupted;
        } catch (IOException failure) {
            throw new StoreException.Unavailable("blob " + key + " cannot be compared", failure);
        }
    }

    @Override
    public InputStream open(BlobKey key, ByteRange range) throws InterruptedException {
        return repeated(() -> store.open(key, range));
    }

    @Override
    public void list(String prefix, Predicate<BlobInfo> visit) throws InterruptedException {
        var listing = new Listing(visit);
        repeated(() -> {
            if (!listing.ended) {
                store.list(prefix, listing);
            }
            return prefix;
        });
        if (listing.thrown.isPresent()) {
            throw listing.thrown.get();
        }
    }

    /** One listing over several attempts. Used by one thread. */
    private static final class Listing implements Predicate<BlobInfo> {
        private final Predicate<BlobInfo> visit;
        private Optional<BlobKey> last = Optional.empty();
        private Optional<RuntimeException> thrown = Optional.empty();
        private boolean ended;

        Listing(Predicate<BlobInfo> visit) {
            this.visit = visit;
        }

        @Override
        public boolean test(BlobInfo info) {
            if (ended) {
                return false;
            }
            if (last.isPresent() && info.key().compareTo(last.get()) <= 0) {
                return true;
            }
            last = Optional.of(info.key());
            try {
                ended = !visit.test(info);
            } catch (RuntimeException failure) {
                thrown = Optional.of(failure);
                ended = true;
            }
            return !ended;
        }
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
