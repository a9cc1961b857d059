package dev.coffer.testkit.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.coffer.core.store.BlobInfo;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.Capability;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import dev.coffer.testkit.time.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link BlobStore} promises, sentence by sentence. An implementation runs it by naming itself:
 *
 * <pre>{@code
 * final class FsBlobStoreTest implements BlobStoreContract {
 *     @TempDir Path folder;
 *     @Override public BlobStore store() { return new FsBlobStore(folder, random); }
 * }
 * }</pre>
 */
public interface BlobStoreContract {
    /** A client of a place that has no blobs when a test begins. Each call within one test gives a client, new or not, of the same place. */
    BlobStore store() throws Exception;

    /** The clock by which retentions end. Only with a {@link TestClock} is the end of a retention tested. */
    default InstantSource clock() {
        return InstantSource.system();
    }

    private static byte[] random(int seed, int length) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static BlobKey key(String value) {
        return new BlobKey(value);
    }

    private static void create(BlobStore store, String key, String text) throws InterruptedException {
        store.create(key(key), Payload.of(text.getBytes(UTF_8)));
    }

    private static byte[] read(BlobStore store, BlobKey key, long offset, long length) throws Exception {
        try (var in = store.open(key, new ByteRange(offset, length))) {
            return in.readAllBytes();
        }
    }

    private static List<BlobInfo> listed(BlobStore store, String prefix) throws InterruptedException {
        var found = new ArrayList<BlobInfo>();
        store.list(prefix, found::add);
        return found;
    }

    private static List<String> keys(BlobStore store, String prefix) throws InterruptedException {
        return listed(store, prefix).stream().map(info -> info.key().value()).toList();
    }

    private static void assertAbsent(BlobStore store, BlobKey key) throws InterruptedException {
        assertThatExceptionOfType(StoreException.NotFound.class)
                .isThrownBy(() -> store.open(key, new ByteRange(0, 0)).close())
                .withMessageContaining(key.value());
        assertThat(keys(store, "")).doesNotContain(key.value());
    }

    @Test
    default void aFinishedCreateIsSeenByEveryReader() throws Exception {
        var bytes = random(1, 100_000);
        var key = key("packs/ab/cd");
        store().create(key, Payload.of(bytes));

        var other = store();
        assertThat(read(other, key, 0, bytes.length)).isEqualTo(bytes);
        assertThat(listed(other, "")).containsExactly(new BlobInfo(key, bytes.length));
    }

    @Test
    default void aBlobMayBeEmpty() throws Exception {
        var store = store();
        store.create(key("empty"), Payload.of(new byte[0]));

        assertThat(read(store, key("empty"), 0, 0)).isEmpty();
        assertThat(listed(store, "")).containsExactly(new BlobInfo(key("empty"), 0));
        assertThatExceptionOfType(StoreException.OutOfRange.class)
                .isThrownBy(() -> store.open(key("empty"), new ByteRange(0, 1)).close());
    }

    @Test
    default void aTakenKeyKeepsItsFirstBytes() throws Exception {
        create(store(), "a/b", "first");

        assertThatExceptionOfType(StoreException.AlreadyExists.class)
                .isThrownBy(() -> create(store(), "a/b", "second, longer"))
                .withMessageContaining("a/b");
        assertThatExceptionOfType(StoreException.AlreadyExists.class).isThrownBy(() -> create(store(), "a/b", "first"));
        assertThat(read(store(), key("a/b"), 0, 5)).asString(UTF_8).isEqualTo("first");
        assertThat(listed(store(), "")).containsExactly(new BlobInfo(key("a/b"), 5));
    }

    @Test
    default void ofManyCreatorsOfOneKeyExactlyOneWins() throws Exception {
        int creators = 8;
        var shared = store();
        boolean eachItsOwn = shared.capabilities().contains(Capability.CONDITIONAL_CREATE);
        for (int round = 0; round < 5; round++) {
            var key = key("contended/" + round);
            var start = new CountDownLatch(creators);
            var tasks = new ArrayList<Callable<Boolean>>();
            for (int creator = 0; creator < creators; creator++) {
                var bytes = random(creator, 50_000 + creator);
                var store = eachItsOwn ? store() : shared;
                tasks.add(() -> {
                    start.countDown();
                    start.await();
                    try {
                        store.create(key, Payload.of(bytes));
                        return true;
                    } catch (StoreException.AlreadyExists lost) {
                        return false;
                    }
                });
            }
            var won = new ArrayList<Integer>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var answers = threads.invokeAll(tasks);
                for (int creator = 0; creator < creators; creator++) {
                    if (answers.get(creator).get()) {
                        won.add(creator);
                    }
                }
            }
            assertThat(won).hasSize(1);
            int winner = won.getFirst();
            assertThat(listed(shared, key.value())).containsExactly(new BlobInfo(key, 50_000 + winner));
            assertThat(read(shared, key, 0, 50_000 + winner)).isEqualTo(random(winner, 50_000 + winner));
        }
    }

    @Test
    default void openGivesExactlyTheRange() throws Exception {
        var store = store();
        var bytes = random(2, 10_000);
        store.create(key("r"), Payload.of(bytes));

        var random = new Random(3);
        for (int i = 0; i < 50; i++) {
            int offset = random.nextInt(bytes.length + 1);
            int length = random.nextInt(bytes.length - offset + 1);
            assertThat(read(store, key("r"), offset, length))
                    .isEqualTo(Arrays.copyOfRange(bytes, offset, offset + length));
        }
        assertThat(read(store, key("r"), 9_999, 1)).containsExactly(bytes[9_999]);
        assertThat(read(store, key("r"), 10_000, 0)).isEmpty();
    }

    @Test
    default void singleBytesAreReadAsTheyAre() throws Exception {
        var store = store();
        store.create(key("r"), Payload.of(new byte[] {0, -1, 127, -128, 5}));
        try (var in = store.open(key("r"), new ByteRange(1, 3))) {
            assertThat(List.of(in.read(), in.read(), in.read(), in.read())).containsExactly(255, 127, 128, -1);
        }
    }

    @Test
    default void aRangePastTheEndIsRefused() throws Exception {
        var store = store();
        store.create(key("r"), Payload.of(random(4, 100)));

        var ranges = List.of(
                new ByteRange(0, 101),
                new ByteRange(100, 1),
                new ByteRange(101, 0),
                new ByteRange(50, 51),
                new ByteRange(1L << 40, 1),
                new ByteRange(0, Long.MAX_VALUE));
        for (var range : ranges) {
            assertThatExceptionOfType(StoreException.OutOfRange.class)
                    .isThrownBy(() -> store.open(key("r"), range).close());
        }
    }

    @Test
    default void anAbsentBlobIsNotFound() throws Exception {
        var store = store();
        assertAbsent(store, key("nothing"));
        create(store, "packs/aa/bb", "x");
        for (var absent : List.of("packs", "packs/aa", "packs/aa/b", "packs/aa/bb/cc", "packs/aa/bbb", "Packs/aa/bb")) {
            assertAbsent(store, key(absent));
        }
    }

    @Test
    default void manyReadersOfOneBlobDoNotDisturbEachOther() throws Exception {
        var store = store();
        var bytes = random(5, 1000);
        store.create(key("r"), Payload.of(bytes));
        try (var one = store.open(key("r"), new ByteRange(0, 1000));
                var other = store.open(key("r"), new ByteRange(500, 500))) {
            assertThat(one.readNBytes(500)).isEqualTo(Arrays.copyOf(bytes, 500));
            assertThat(other.readNBytes(250)).isEqualTo(Arrays.copyOfRange(bytes, 500, 750));
            assertThat(one.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 500, 1000));
            assertThat(other.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 750, 1000));
        }
    }

    @Test
    default void listShowsBlobsInKeyOrder() throws Exception {
        var store = store();
        var sorted = Stream.of(
                        "a/b", "a-", "a.x", "a0", "A", "b/c/d", "b/c.d", "b/c-d", "b/c0", "b/c_", "0", "_", "Z/z")
                .sorted()
                .toList();
        var shuffled = new ArrayList<>(sorted);
        Collections.shuffle(shuffled, new Random(6));
        for (var key : shuffled) {
            create(store, key, key + key);
        }

        assertThat(keys(store, "")).isEqualTo(sorted);
        assertThat(listed(store, ""))
                .allSatisfy(info -> assertThat(info.size())
                        .isEqualTo(2L * info.key().value().length()));
    }

    @Test
    default void listShowsExactlyTheKeysThatStartWithThePrefix() throws Exception {
        var store = store();
        var all = Stream.of("a/b", "a/bc", "a/b-", "a/d/e", "ab", "b/a/b", "b", "bb/a")
                .filter(key -> !key.equals("b"))
                .sorted()
                .toList();
        for (var key : all) {
            create(store, key, key);
        }

        for (var prefix : List.of(
                "", "a", "a/", "a/b", "a/bc", "a/bcd", "a/d", "a/d/", "a/d/e", "a/d/e/", "b", "b/a/", "bb", "c", "/",
                "a//", "..", "../", "a/../b", ".", "./", "a/.", "a b", "é/", "B")) {
            assertThat(keys(store, prefix))
                    .as("prefix '%s'", prefix)
                    .isEqualTo(
                            all.stream().filter(key -> key.startsWith(prefix)).toList());
        }
    }

    @Test
    default void listStopsWhenTheVisitorHasSeenEnough() throws Exception {
        var store = store();
        for (var key : List.of("a/1", "a/2", "b/1", "b/2")) {
            create(store, key, key);
        }
        for (int most = 1; most <= 4; most++) {
            int enough = most;
            var seen = new ArrayList<String>();
            store.list("", info -> {
                seen.add(info.key().value());
                return seen.size() < enough;
            });
            assertThat(seen).isEqualTo(List.of("a/1", "a/2", "b/1", "b/2").subList(0, most));
        }
    }

    @Test
    default void everyFormOfKeyIsKept() throws Exception {
        var store = store();
        var longest = String.join("/", "x".repeat(200), "y".repeat(200), "z".repeat(110));
        var odd = List.of(
                "-", "_", "-rf", "a..", "a..b", "a.", "1/-/_/0", "Case", "case", "con", "nul.txt", "a.tmp", "x/tmp",
                longest);
        assertThat(longest).hasSize(512);
        for (var key : odd) {
            create(store, key, "of " + key);
        }
        for (var key : odd) {
            assertThat(read(store, key(key), 0, key.length() + 3L))
                    .asString(UTF_8)
                    .isEqualTo("of " + key);
        }
        assertThat(keys(store, "")).isEqualTo(odd.stream().sorted().toList());
    }

    @Test
    default void aDeletedBlobIsGoneAndItsKeyIsFree() throws Exception {
        var store = store();
        create(store, "a/b", "one");
        create(store, "a/c", "two");
        store.delete(key("a/b"));

        assertAbsent(store(), key("a/b"));
        assertThat(keys(store, "")).containsExactly("a/c");
        create(store, "a/b", "three");
        assertThat(read(store, key("a/b"), 0, 5)).asString(UTF_8).isEqualTo("three");
    }

    @Test
    default void deletingWhatIsAbsentCountsAsDone() throws Exception {
        var store = store();
        assertThatCode(() -> store.delete(key("never/was"))).doesNotThrowAnyException();
        create(store, "a/b", "one");
        for (var absent : List.of("a", "a/c", "a/b/c", "a/b", "a/b")) {
            assertThatCode(() -> store.delete(key(absent))).doesNotThrowAnyException();
        }
        assertThat(keys(store, "")).isEmpty();
    }

    @Test
    default void deletingWhatOthersLieUnderDeletesNothing() throws Exception {
        var store = store();
        create(store, "a/b", "one");
        store.delete(key("a"));
        assertThat(keys(store, "")).containsExactly("a/b");
    }

    @Test
    default void aLargePayloadIsStoredWhole() throws Exception {
        var store = store();
        int size = (5 << 20) + 7;
        var payload = new ScriptedPayload(size, 7, (at, thread) -> {});
        store.create(key("large"), payload);

        assertThat(listed(store, "")).containsExactly(new BlobInfo(key("large"), size));
        try (var in = store.open(key("large"), new ByteRange(0, size));
                var expected = payload.open()) {
            assertThat(Arrays.equals(in.readAllBytes(), expected.readAllBytes()))
                    .isTrue();
        }
    }

    @Test
    default void anUnfinishedCreateIsSeenByNoReader() throws Exception {
        var store = store();
        var reader = store();
        var looks = new ArrayList<Integer>();
        var payload = new ScriptedPayload(3 << 20, 8, (at, thread) -> {
            if (at > 1 << 20 && looks.isEmpty()) {
                looks.add(at);
                try {
                    assertAbsent(reader, key("a/slow"));
                    assertThat(listed(reader, "")).isEmpty();
                } catch (InterruptedException stop) {
                    throw new IOException(stop);
                }
            }
        });
        store.create(key("a/slow"), payload);

        assertThat(looks).isNotEmpty();
        assertThat(keys(reader, "")).containsExactly("a/slow");
    }

    @Test
    default void aPayloadThatFailsLeavesNothing() throws Exception {
        var store = store();
        var io = new ScriptedPayload(2 << 20, 9, (at, thread) -> {
            if (at > 1 << 20) {
                throw new IOException("the source broke");
            }
        });
        var bug = new ScriptedPayload(2 << 20, 9, (at, thread) -> {
            if (at > 1 << 20) {
                throw new IllegalStateException("a bug");
            }
        });
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> store.create(key("a/b"), io));
        assertThat(catchThrowable(() -> store.create(key("a/b"), bug))).isNotNull();
        assertThat(io.streamsLeftOpen()).isZero();
        assertThat(bug.streamsLeftOpen()).isZero();

        assertAbsent(store, key("a/b"));
        assertThat(listed(store, "")).isEmpty();
        create(store, "a/b", "later");
        assertThat(read(store, key("a/b"), 0, 5)).asString(UTF_8).isEqualTo("later");
    }

    @Test
    default void aPayloadOfAnotherSizeThanItSaysLeavesNothing() throws Exception {
        var store = store();
        for (int error : new int[] {-1, 1, -1000, 1000}) {
            var payload = new ScriptedPayload(2000, 10, (at, thread) -> {}).claiming(2000 + error);
            assertThatExceptionOfType(StoreException.class).isThrownBy(() -> store.create(key("a/b"), payload));
            assertAbsent(store, key("a/b"));
        }
    }

    @Test
    default void aPayloadsStreamsAreClosed() throws Exception {
        var store = store();
        var payload = new ScriptedPayload(1000, 11, (at, thread) -> {});
        store.create(key("a"), payload);
        assertThatExceptionOfType(StoreException.AlreadyExists.class).isThrownBy(() -> store.create(key("a"), payload));
        assertThat(payload.streamsLeftOpen()).isZero();
    }

    @Test
    default void anInterruptedThreadDoesNotCreate() throws Exception {
        var store = store();
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> create(store, "a", "x"));
        assertThat(Thread.interrupted()).isFalse();
        assertAbsent(store, key("a"));
    }

    @Test
    default void aCreateThatIsInterruptedLeavesNothing() throws Exception {
        var store = store();
        var payload = new ScriptedPayload(4 << 20, 12, (at, thread) -> {
            if (at > 1 << 20) {
                thread.interrupt();
            }
        });
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> store.create(key("a"), payload));
        assertThat(Thread.interrupted()).isFalse();
        assertThat(payload.streamsLeftOpen()).isZero();
        assertAbsent(store, key("a"));
    }

    @Test
    default void anInterruptedThreadDoesNotOpen() throws Exception {
        var store = store();
        create(store, "a", "x");
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> store.open(key("a"), new ByteRange(0, 1)).close());
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    default void aRetainedBlobCannotBeDeleted() throws Exception {
        var store = store();
        create(store, "held", "x");
        create(store, "free", "y");
        var until = clock().instant().plus(Duration.ofHours(1));
        if (!store.capabilities().contains(Capability.RETENTION)) {
            assertThatExceptionOfType(StoreException.Unsupported.class)
                    .isThrownBy(() -> store.retain(key("held"), until))
                    .withMessageContaining("RETENTION");
            store.delete(key("held"));
            assertThat(keys(store, "")).containsExactly("free");
            return;
        }
        store.retain(key("held"), until);
        assertThatExceptionOfType(StoreException.Retained.class)
                .isThrownBy(() -> store().delete(key("held")))
                .withMessageContaining("held");
        store.delete(key("free"));
        assertThat(read(store, key("held"), 0, 1)).asString(UTF_8).isEqualTo("x");
        assertThat(keys(store, "")).containsExactly("held");
    }

    @Test
    default void anEarlierMomentDoesNotShortenARetentionAndALaterOneExtendsIt() throws Exception {
        var store = store();
        if (!store.capabilities().contains(Capability.RETENTION)) {
            // What such a store does is in aRetainedBlobCannotBeDeleted.
            return;
        }
        Instant start = clock().instant();
        create(store, "a", "x");
        store.retain(key("a"), start.plus(Duration.ofHours(2)));
        store.retain(key("a"), start.plus(Duration.ofHours(1)));
        store.retain(key("a"), start.minus(Duration.ofHours(1)));
        assertThatExceptionOfType(StoreException.Retained.class).isThrownBy(() -> store.delete(key("a")));
        assertThatExceptionOfType(StoreException.NotFound.class)
                .isThrownBy(() -> store.retain(key("absent"), start.plus(Duration.ofHours(1))));
        if (clock() instanceof TestClock movable) {
            movable.set(start.plus(Duration.ofMinutes(90)));
            assertThatExceptionOfType(StoreException.Retained.class).isThrownBy(() -> store.delete(key("a")));
            store.retain(key("a"), start.plus(Duration.ofHours(3)));
            movable.set(start.plus(Duration.ofHours(3)).minusNanos(1));
            assertThatExceptionOfType(StoreException.Retained.class).isThrownBy(() -> store.delete(key("a")));
            movable.set(start.plus(Duration.ofHours(3)));
            store.delete(key("a"));
            assertAbsent(store, key("a"));
        }
    }
}
