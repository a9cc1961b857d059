package dev.coffer.repository.index;

import dev.coffer.core.vault.VaultId;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.pack.ChunkPlace;
import dev.coffer.repository.pack.PackRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of one vault's local index: opens, writes and merges them. A cache: what is broken in it is thrown away. */
final class RunFolder {
    private static final Logger LOG = LoggerFactory.getLogger(RunFolder.class);
    private static final String SUFFIX = ".run";

    private final Path folder;
    private final VaultId vault;
    private final RandomGenerator random;

    RunFolder(Path folder, VaultId vault, RandomGenerator random) {
        this.folder = folder;
        this.vault = vault;
        this.random = random;
    }

    /** The whole files, without those that others contain. */
    List<IndexRun> open() {
        var runs = new ArrayList<IndexRun>();
        try {
            Files.createDirectories(folder);
            List<Path> files;
            try (Stream<Path> found = Files.list(folder)) {
                files = found.toList();
            }
            for (var file : files) {
                if (file.toString().endsWith(SUFFIX)) {
                    var run = IndexRun.open(file, vault);
                    if (run.isPresent()) {
                        runs.add(run.get());
                        continue;
                    }
                    LOG.atWarn().addKeyValue("file", file).log("index cache file is broken, it is made anew");
                }
                Files.deleteIfExists(file);
            }
        } catch (IOException | java.io.UncheckedIOException failure) {
            LOG.atWarn().addKeyValue("folder", folder).setCause(failure).log("index cache cannot be read");
        }
        runs.sort(Comparator.comparingInt(IndexRun::packs).reversed());
        var kept = new ArrayList<IndexRun>();
        for (var run : runs) {
            // A crash between writing a merged file and removing its sources leaves both.
            if (isCovered(run, kept)) {
                remove(run);
            } else {
                kept.add(run);
            }
        }
        return kept;
    }

    private static boolean isCovered(IndexRun run, List<IndexRun> others) {
        for (int pack = 0; pack < run.packs(); pack++) {
            var name = run.packName(pack);
            if (others.stream().noneMatch(other -> other.numberOf(name) >= 0)) {
                return false;
            }
        }
        return true;
    }

    private void remove(IndexRun run) {
        try {
            Files.deleteIfExists(run.file());
        } catch (IOException stays) {
            LOG.atWarn().addKeyValue("file", run.file()).setCause(stays).log("index cache file cannot be removed");
        }
    }

    private Path fresh() {
        return folder.resolve(Long.toHexString(random.nextLong()) + SUFFIX);
    }

    private IndexRun reopened(Path file) throws IOException {
        return IndexRun.open(file, vault).orElseThrow(() -> new IOException(file + " is not what was written"));
    }

    /** Writes what memory holds. */
    IndexRun write(
            Map<Bytes32, ChunkPlace> places,
            Map<Bytes32, List<ChunkPlace>> copies,
            Map<Bytes32, PackRef> packs,
            Set<Bytes32> indexes)
            throws IOException {
        Files.createDirectories(folder);
        var sortedPacks = new ArrayList<>(packs.values());
        sortedPacks.sort(Comparator.comparing(PackRef::name));
        var numbers = new java.util.HashMap<Bytes32, Integer>();
        for (int i = 0; i < sortedPacks.size(); i++) {
            numbers.put(sortedPacks.get(i).name(), i);
        }
        var ids = new ArrayList<>(places.keySet());
        ids.sort(Comparator.naturalOrder());
        var file = fresh();
        try (var out = new IndexRunWriter(file, vault, sortedPacks, new ArrayList<>(new TreeSet<>(indexes)))) {
            for (var id : ids) {
                var place = places.get(id);
                if (place != null) {
                    write(out, id, place, numbers);
                }
                for (var copy : copies.getOrDefault(id, List.of())) {
                    write(out, id, copy, numbers);
                }
            }
            out.finish();
        }
        return reopened(file);
    }

    private static void write(IndexRunWriter out, Bytes32 id, ChunkPlace place, Map<Bytes32, Integer> numbers)
            throws IOException {
        out.entry(
                id,
                numbers.getOrDefault(place.pack().name(), -1),
                place.offset(),
                place.sealedBytes(),
                IndexRun.sizeAndEncoding(place.logicalBytes(), place.encoding()));
    }

    /** Merges the smaller of the files while they are many; the cost of a chunk is that of being merged a few times. */
    List<IndexRun> merged(List<IndexRun> runs, int most) throws IOException {
        if (runs.size() <= most) {
            return runs;
        }
        var bySize = new ArrayList<>(runs);
        bySize.sort(Comparator.comparingLong(IndexRun::entries));
        int count = 2;
        long sum = bySize.get(0).entries() + bySize.get(1).entries();
        while (count < bySize.size()
                && (bySize.size() - count >= most || bySize.get(count).entries() <= 2 * sum)) {
            sum += bySize.get(count).entries();
            count++;
        }
        var sources = bySize.subList(0, count);
        var result = new ArrayList<>(bySize.subList(count, bySize.size()));
        result.add(merge(sources));
        sources.forEach(this::remove);
        return result;
    }

    private static final class Cursor {
        private final IndexRun run;
        private final IndexRun.Window entries;
        private final int[] numbers;
        private long at;
        private Bytes32 id;

        Cursor(IndexRun run, int[] numbers) {
            this.run = run;
            this.entries = run.wideWindow();
            this.numbers = numbers;
            this.id = entries.id(0);
        }

        boolean next() {
            at++;
            if (at >= run.entries()) {
                return false;
            }
            id = entries.id(at);
            return true;
        }
    }

    private IndexRun merge(List<IndexRun> sources) throws IOException {
        // A pack is named once, however many sources have it, and only if the store has it.
        var packs = new java.util.TreeMap<Bytes32, PackRef>();
        var indexes = new TreeSet<Bytes32>();
        for (var run : sources) {
            for (int pack = 0; pack < run.packs(); pack++) {
                if (run.isPresent(pack)) {
                    packs.put(run.packName(pack), run.pack(pack));
                }
            }
            for (int index = 0; index < run.indexes(); index++) {
                indexes.add(run.index(index));
            }
        }
        var sorted = List.copyOf(packs.values());
        var numberByName = new java.util.HashMap<Bytes32, Integer>();
        for (int i = 0; i < sorted.size(); i++) {
            numberByName.put(sorted.get(i).name(), i);
        }
        var cursors = new PriorityQueue<Cursor>((one, other) -> one.id.compareTo(other.id));
        for (var run : sources) {
            if (run.entries() == 0) {
                continue;
            }
            var numbers = new int[run.packs()];
            for (int pack = 0; pack < numbers.length; pack++) {
                numbers[pack] = numberByName.getOrDefault(run.packName(pack), -1);
            }
            cursors.add(new Cursor(run, numbers));
        }
        var file = fresh();
        try (var out = new IndexRunWriter(file, vault, sorted, List.copyOf(indexes))) {
            write(cursors, out);
            out.finish();
        }
        return reopened(file);
    }

    private static void write(PriorityQueue<Cursor> cursors, IndexRunWriter out) throws IOException {
        while (!cursors.isEmpty()) {
            var cursor = cursors.remove();
            int pack = cursor.entries.pack(cursor.at);
            int number = pack < 0 || pack >= cursor.numbers.length ? -1 : cursor.numbers[pack];
            if (number >= 0) {
                out.entry(
                        cursor.id,
                        number,
                        cursor.entries.offset(cursor.at),
                        cursor.entries.sealed(cursor.at),
                        cursor.entries.sizeAndEncoding(cursor.at));
            }
            if (cursor.next()) {
                cursors.add(cursor);
            }
        }
    }
}
