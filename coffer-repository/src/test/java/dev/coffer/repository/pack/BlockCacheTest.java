package dev.coffer.repository.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import dev.coffer.core.task.TaskGroup;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.Digests;
import dev.coffer.testkit.store.MemoryBlobStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class BlockCacheTest {
    private static final int PACK_BYTES = (5 << 20) + 12_345;

    private final MemoryBlobStore store = new MemoryBlobStore(InstantSource.fixed(Instant.EPOCH));
    private final List<PackRef> packs = new ArrayList<>();
    private final List<byte[]> contents = new ArrayList<>();
    // As small as it can be, so that blocks go all the time.
    private final BlockCache cache = new BlockCache(0);

    @BeforeEach
    void write() throws Exception {
        var random = new Random(1);
        for (int i = 0; i < 6; i++) {
            var bytes = new byte[PACK_BYTES];
            random.nextBytes(bytes);
            var name = Digests.sha256(bytes, 0, bytes.length);
            store.create(BlobNames.pack(name), Payload.of(bytes));
            packs.add(new PackRef(name, Bytes32.of(new byte[Bytes32.LENGTH], 0), bytes.length));
            contents.add(bytes);
        }
    }

    private byte[] read(int pack, int offset, int length) throws InterruptedException {
        var out = new byte[length];
        cache.read(store, packs.get(pack), offset, length, out);
        return out;
    }

    @Test
    void manyThreadsGetWhatIsStoredWhileBlocksGoAndComeBack() throws Exception {
        assertThat(cache.bytesAtMost()).isLessThan((long) packs.size() * PACK_BYTES / 2);
        try (var group = TaskGroup.<Boolean>onPlatformThreads("reader")) {
            for (int thread = 0; thread < 8; thread++) {
                var random = new Random(thread);
                group.fork(() -> {
                    for (int run = 0; run < 60; run++) {
                        int pack = random.nextInt(packs.size());
                        int at = random.nextInt(PACK_BYTES - 1);
                        // In order from here on, with ranges that lie across blocks.
                        for (int step = 0; step < 12 && at < PACK_BYTES; step++) {
                            int length = Math.min(1 + random.nextInt(300_000), PACK_BYTES - at);
                            assertThat(Arrays.equals(
                                            read(pack, at, length), 0, length, contents.get(pack), at, at + length))
                                    .isTrue();
                            at += length;
                        }
                        if (run % 7 == 0) {
                            cache.forget(packs.get(pack).name());
                        }
                    }
                    return true;
                });
            }
            group.join();
        }
    }

    @Test
    void aFailureIsToldAndNotKept() throws Exception {
        var key = BlobNames.pack(packs.getFirst().name());
        store.lose(key);
        for (int i = 0; i < 3; i++) {
            assertThatExceptionOfType(StoreException.NotFound.class).isThrownBy(() -> read(0, 70_000, 200_000));
        }
        store.put(key, contents.getFirst());
        assertThat(read(0, 70_000, 200_000)).isEqualTo(Arrays.copyOfRange(contents.getFirst(), 70_000, 270_000));
    }

    @Test
    void whatIsForgottenIsReadAgain() throws Exception {
        var key = BlobNames.pack(packs.getFirst().name());
        read(0, 0, 10);
        store.damage(key, 5, 1);
        assertThat(read(0, 0, 10)).isEqualTo(Arrays.copyOf(contents.getFirst(), 10));
        cache.forget(packs.getFirst().name());
        assertThat(read(0, 0, 10)).isEqualTo(Arrays.copyOf(store.bytes(key), 10));
    }
}
