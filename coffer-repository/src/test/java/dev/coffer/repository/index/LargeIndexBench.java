package dev.coffer.repository.index;

import dev.coffer.core.vault.VaultId;
import dev.coffer.repository.chunk.Encoding;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.pack.PackRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Measures the local index with many chunks: {@code bench/large-index.sh [CHUNKS]}. No test.
 */
final class LargeIndexBench {
    private static final int CHUNKS_IN_PACK = 32;
    private static final int LOOKUPS = 200_000;
    private static final VaultId VAULT = new VaultId(new UUID(1, 2));

    private LargeIndexBench() {}

    /** The arguments are a folder and the number of chunks. */
    public static void main(String[] arguments) throws IOException {
        var folder = Path.of(arguments[0]);
        long chunks = Long.parseLong(arguments[1]);
        long began = System.nanoTime();
        var file = write(folder, chunks);
        System.out.printf("written: %.1f s, %d bytes a chunk%n", seconds(began), Files.size(file) / chunks);

        System.gc();
        began = System.nanoTime();
        var run = IndexRun.open(file, VAULT).orElseThrow();
        System.out.printf("opened: %.2f s%n", seconds(began));

        lookUp("known", run, chunks, true);
        lookUp("unknown", run, chunks, false);
        began = System.nanoTime();
        var live = new LiveChunks(List.of(run));
        var entries = run.wideWindow();
        for (long i = 0; i < chunks; i += 3) {
            live.mark(entries.id(i));
        }
        long[] sums = new long[2];
        live.packs((_, needed, dead) -> {
            sums[0] += needed;
            sums[1] += dead;
        });
        System.out.printf(
                "a third marked and all packs summed: %.1f s (%d needed, %d dead)%n", seconds(began), sums[0], sums[1]);
        var heap = Runtime.getRuntime();
        System.gc();
        System.out.printf("heap in use: %d MiB%n", (heap.totalMemory() - heap.freeMemory()) >> 20);
        for (var line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM") || line.startsWith("RssAnon") || line.startsWith("RssFile")) {
                System.out.println(line);
            }
        }
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    private static Path write(Path folder, long chunks) throws IOException {
        var file = folder.resolve("large.run");
        var random = new SplittableRandom(1);
        var packs = new ArrayList<PackRef>();
        for (long i = 0; i < chunks / CHUNKS_IN_PACK + 1; i++) {
            packs.add(new PackRef(id(random.nextLong(), random), id(random.nextLong(), random), 32 << 20));
        }
        packs.sort(Comparator.comparing(PackRef::name));
        // Ids in their order, evenly spread, as those of a keyed hash are.
        long step = Long.divideUnsigned(-1L, chunks);
        try (var out = new IndexRunWriter(file, VAULT, packs, List.of())) {
            for (long i = 0; i < chunks; i++) {
                long first = i * step + random.nextLong(step);
                out.entry(
                        new Bytes32(first, i, 0, 0),
                        random.nextInt(packs.size()),
                        64,
                        1000,
                        IndexRun.sizeAndEncoding(4000, Encoding.ZSTD));
            }
            out.finish();
        }
        return file;
    }

    private static Bytes32 id(long first, SplittableRandom random) {
        return new Bytes32(first, random.nextLong(), random.nextLong(), random.nextLong());
    }

    private static void lookUp(String what, IndexRun run, long chunks, boolean known) {
        var random = new SplittableRandom(2);
        var ids = new ArrayList<Bytes32>();
        var entries = run.window();
        for (int i = 0; i < LOOKUPS; i++) {
            ids.add(known ? entries.id(random.nextLong(chunks)) : id(random.nextLong(), random));
        }
        long found = 0;
        long began = System.nanoTime();
        for (var id : ids) {
            found += run.places(id, _ -> false) ? 0 : 1;
        }
        System.out.printf(
                "%d look-ups of %s chunks: %.2f us each, %d found%n",
                LOOKUPS, what, seconds(began) * 1e6 / LOOKUPS, found);
    }
}
