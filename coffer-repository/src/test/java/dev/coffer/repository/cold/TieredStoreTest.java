package dev.coffer.repository.cold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.Capability;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.Digests;
import dev.coffer.testkit.store.MemoryBlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TieredStoreTest {
    @TempDir
    Path root;

    private final MemoryBlobStore warm = new MemoryBlobStore(InstantSource.fixed(Instant.EPOCH));
    private final MemoryBlobStore cold = new MemoryBlobStore(InstantSource.fixed(Instant.EPOCH));

    private TieredStore both() {
        return new TieredStore(warm, Optional.of(new ColdPart(cold, root, root.resolve("vault"))));
    }

    private TieredStore opened() throws InterruptedException {
        warm.put(BlobNames.FORMAT, bytes("format"));
        var store = both();
        store.openCold(false);
        return store;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    private static Bytes32 name(String text) {
        return Digests.sha256(bytes(text), 0, text.length());
    }

    private static BlobKey pack(String text) {
        return BlobNames.pack(name(text));
    }

    private static void put(BlobStore store, String text) throws InterruptedException {
        store.create(pack(text), Payload.of(bytes(text)));
    }

    private static List<BlobKey> list(BlobStore store, String prefix, int most) throws InterruptedException {
        var keys = new ArrayList<BlobKey>();
        store.list(prefix, info -> {
            keys.add(info.key());
            return keys.size() < most;
        });
        return keys;
    }

    private static String read(BlobStore store, String text) throws Exception {
        try (var in = store.open(pack(text), new ByteRange(0, text.length()))) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
        }
    }

    @Test
    void bothPartsAreListedAsOneInTheOrderOfTheKeys() throws Exception {
        var store = opened();
        for (int i = 0; i < 40; i++) {
            put(i % 3 == 0 ? store.coldSide() : store, "pack " + i);
        }
        warm.put(new BlobKey("a"), new byte[1]);
        warm.put(new BlobKey("z"), new byte[1]);
        var all = list(both(), "", 1_000);
        assertThat(all).hasSize(43).isSorted();
        assertThat(all.getFirst()).isEqualTo(new BlobKey("a"));
        assertThat(all.getLast()).isEqualTo(new BlobKey("z"));
        for (int most = 1; most <= 43; most++) {
            assertThat(list(both(), "", most)).isEqualTo(all.subList(0, most));
        }
        assertThat(list(both(), "packs/", 1_000)).hasSize(40).isSorted();
        var one = pack("pack 3").value();
        assertThat(list(both(), one.substring(0, 9), 9)).contains(pack("pack 3"));
        assertThat(list(both(), "z", 9)).containsExactly(new BlobKey("z"));
    }

    @Test
    void whatLiesInBothIsShownOnceAndDeletedInBoth() throws Exception {
        var store = opened();
        put(warm, "x");
        put(cold, "x");
        assertThat(list(store, "packs/", 9)).containsExactly(pack("x"));
        assertThat(store.isCold(name("x"))).isTrue();
        store.delete(pack("x"));
        assertThat(list(store, "packs/", 9)).isEmpty();
        assertThat(cold.keys()).containsExactly(BlobNames.FORMAT);
    }

    @Test
    void aPackIsReadWhereverItLies() throws Exception {
        var store = opened();
        put(cold, "unlisted");
        put(warm, "warm");
        put(store.coldSide(), "cold");
        assertThat(read(store, "unlisted")).isEqualTo("unlisted");
        assertThat(read(store, "warm")).isEqualTo("warm");
        assertThat(read(store.coldSide(), "cold")).isEqualTo("cold");
        assertThat(store.coldSide().size(pack("cold"))).isEqualTo(OptionalLong.of(4));
        assertThat(store.size(pack("nothing"))).isEmpty();
        assertThatThrownBy(() -> read(store, "nothing")).isInstanceOf(StoreException.NotFound.class);
        assertThatThrownBy(() -> store.open(new BlobKey("nothing"), new ByteRange(0, 0)))
                .isInstanceOf(StoreException.NotFound.class);
        // It was moved back by hand.
        cold.lose(pack("cold"));
        put(warm, "cold");
        assertThat(read(store, "cold")).isEqualTo("cold");
        store.coldSide().delete(pack("cold"));
        assertThat(list(store.coldSide(), "packs/", 9)).hasSize(2);
    }

    @Test
    void onlyPacksGoToTheColdSideAndOnesThatWerePutBackReturnThere() throws Exception {
        var store = opened();
        put(store.coldSide(), "cold");
        store.coldSide().create(new BlobKey("index/other"), Payload.of(bytes("i")));
        assertThat(cold.keys()).containsExactlyInAnyOrder(BlobNames.FORMAT, pack("cold"));
        store.delete(pack("cold"));
        put(store, "cold");
        assertThat(cold.keys()).contains(pack("cold"));
    }

    @Test
    void aColdPartOfAnotherVaultOrOfNoneShowsNothingAndTakesNothing() throws Exception {
        var store = opened();
        put(store.coldSide(), "cold");
        cold.lose(BlobNames.FORMAT);
        assertThat(store.coldIsThere()).isFalse();
        assertThat(list(store, "packs/", 9)).isEmpty();
        assertThatThrownBy(() -> put(store.coldSide(), "more")).isInstanceOf(StoreException.Unavailable.class);
        assertThatThrownBy(() -> store.openCold(true)).isInstanceOf(StoreException.Unavailable.class);
        cold.put(BlobNames.FORMAT, bytes("another"));
        assertThat(store.coldIsThere()).isFalse();
        store.closeCold();
        assertThat(cold.keys()).contains(BlobNames.FORMAT);
        store.requireColdIfUsed();
        warm.put(new BlobKey(BlobNames.COLD + "point"), new byte[1]);
        assertThatThrownBy(store::requireColdIfUsed).isInstanceOf(StoreException.Unavailable.class);
    }

    @Test
    void withoutAColdPartAllIsWarm() throws Exception {
        var store = new TieredStore(warm, Optional.empty());
        put(store, "x");
        assertThat(read(store, "x")).isEqualTo("x");
        assertThat(list(store, "packs/", 9)).containsExactly(pack("x"));
        assertThat(store.capabilities()).isEqualTo(warm.capabilities());
        assertThat(store.hasColdPacks()).isFalse();
        assertThatThrownBy(() -> store.openCold(false)).isInstanceOf(StoreException.Unavailable.class);
        assertThatThrownBy(() -> put(store.coldSide(), "y")).isInstanceOf(StoreException.Unavailable.class);
        store.closeCold();
        store.delete(pack("x"));
        assertThat(warm.keys()).isEmpty();
    }

    @Test
    void writersOfSeveralProcessesNeedBothPartsToRefuseATakenKey() {
        var able = new TieredStore(
                warm, Optional.of(new ColdPart(new Plain(warm), root, root))); // a store that promises nothing
        assertThat(able.capabilities()).doesNotContain(Capability.CONDITIONAL_CREATE);
        assertThat(new TieredStore(new Plain(warm), Optional.empty()).capabilities())
                .isEmpty();
        assertThat(able.coldSide().capabilities()).isEqualTo(able.capabilities());
    }

    @Test
    void retentionGoesWhereThePackLies() throws Exception {
        var store = opened();
        put(store, "warm");
        put(store.coldSide(), "cold");
        var until = Instant.EPOCH.plusSeconds(9);
        store.coldSide().retain(pack("warm"), until);
        store.retain(pack("cold"), until);
        assertThat(warm.retainedUntil(pack("warm"))).contains(until);
        assertThat(cold.retainedUntil(pack("cold"))).contains(until);
    }

    /** A store that promises nothing. */
    private record Plain(MemoryBlobStore inner) implements BlobStore {
        @Override
        public java.util.Set<Capability> capabilities() {
            return java.util.Set.of();
        }

        @Override
        public void create(BlobKey key, Payload payload) throws InterruptedException {
            inner.create(key, payload);
        }

        @Override
        public java.io.InputStream open(BlobKey key, ByteRange range) {
            throw new StoreException.Unavailable("not here", new IOException("plain"));
        }

        @Override
        public void list(String prefix, java.util.function.Predicate<dev.coffer.core.store.BlobInfo> visit) {}

        @Override
        public void retain(BlobKey key, Instant until) {
            throw new StoreException.Unsupported(Capability.RETENTION);
        }

        @Override
        public void delete(BlobKey key) {}
    }
}
