package dev.coffer.testkit.store;

import dev.coffer.core.store.BlobInfo;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.Capability;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Stands between a process and its store, and ends the process at one of its calls: the call throws {@link Crash}, and so does every later one, until {@link #restart}. A call of another thread
 * that is under way at the crash may have its effect; its caller gets a {@link Crash} too.
 *
 * <p>A crash test runs its work with the crash at call 1, 2, 3 and so on, until a run ends without {@link #crashed}; after each run it restarts, opens everything anew and looks whether all
 * promises hold. Safe for many threads. {@link #capabilities} is not counted as a call.
 */
public final class CrashingBlobStore implements BlobStore {
    /** The process has ended. Not an exception that the code under test may handle. */
    public static final class Crash extends Error {
        private Crash(String message) {
            super(message);
        }
    }

    private final BlobStore store;
    private final long crashAt;
    private final StoreMoment moment;
    private final AtomicLong calls = new AtomicLong();
    private final AtomicBoolean armed = new AtomicBoolean(true);
    private final AtomicBoolean crashed = new AtomicBoolean();

    /**
     * @param crashAt the number of the call that crashes; the first call is 1
     * @param moment whether the call has its effect before
     */
    public CrashingBlobStore(BlobStore store, long crashAt, StoreMoment moment) {
        if (crashAt < 1) {
            throw new IllegalArgumentException("the first call is number 1");
        }
        this.store = store;
        this.crashAt = crashAt;
        this.moment = moment;
    }

    /** How many calls were made before the crash, that of the crash included; those after a restart are counted on. */
    public long calls() {
        return calls.get();
    }

    /** Whether the process has ended and was not restarted. */
    public boolean crashed() {
        return crashed.get();
    }

    /** Lets calls through again, for a new process. There is no second crash. The threads of the old process must have ended. */
    public void restart() {
        armed.set(false);
        crashed.set(false);
    }

    private interface Call<T> {
        T run() throws InterruptedException;
    }

    private <T> T counted(Call<T> call, Call<?> torn) throws InterruptedException {
        stopIfCrashed();
        long number = calls.incrementAndGet();
        if (number == crashAt && armed.get()) {
            switch (moment) {
                case BEFORE -> {}
                case HALFWAY -> runUnheard(torn);
                case AFTER -> runUnheard(call);
            }
            crashed.set(true);
        }
        stopIfCrashed();
        var answer = call.run();
        stopIfCrashed();
        return answer;
    }

    private static void runUnheard(Call<?> call) throws InterruptedException {
        try {
            var _ = call.run();
        } catch (StoreException lost) {
            // The process ends before it learns of the fault.
        }
    }

    private void stopIfCrashed() {
        if (crashed.get()) {
            throw new Crash("the process ended at call " + crashAt + " of the store, " + moment);
        }
    }

    @Override
    public Set<Capability> capabilities() {
        return store.capabilities();
    }

    @Override
    public void create(BlobKey key, Payload payload) throws InterruptedException {
        counted(
                () -> {
                    store.create(key, payload);
                    return key;
                },
                () -> {
                    store.create(key, new TornPayload(payload));
                    return key;
                });
    }

    @Override
    public InputStream open(BlobKey key, ByteRange range) throws InterruptedException {
        return counted(() -> store.open(key, range), Optional::empty);
    }

    @Override
    public void list(String prefix, Predicate<BlobInfo> visit) throws InterruptedException {
        counted(
                () -> {
                    store.list(prefix, visit);
                    return prefix;
                },
                Optional::empty);
    }

    @Override
    public void retain(BlobKey key, Instant until) throws InterruptedException {
        counted(
                () -> {
                    store.retain(key, until);
                    return key;
                },
                Optional::empty);
    }

    @Override
    public void delete(BlobKey key) throws InterruptedException {
        counted(
                () -> {
                    store.delete(key);
                    return key;
                },
                Optional::empty);
    }
}
