package dev.coffer.repository.index;

import dev.coffer.core.vault.VaultId;
import dev.coffer.repository.chunk.Encoding;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.pack.ChunkPlace;
import dev.coffer.repository.pack.PackRef;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.zip.CRC32C;

/**
 * One sorted file of the local index, mapped into memory: a header, the packs, the index blobs that it has taken in, and {@value #ENTRY_BYTES} bytes for each chunk in the order of the ids. Takes no heap to speak of.
 * Which of its packs the store has is told to it; chunks of other packs are not found.
 */
final class IndexRun {
    static final int HEADER_BYTES = 64;
    static final int PACK_BYTES = 72;
    static final int ENTRY_BYTES = 48;
    static final long MAGIC = 0x436f66666572_4972L;
    static final int VERSION = 1;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int LOGICAL_BITS = 24;

    private final Path file;
    private final MemorySegment map;
    private final int packs;
    private final int indexes;
    private final long entries;
    private final long indexesAt;
    private final long entriesAt;
    private volatile BitSet present;

    private IndexRun(Path file, MemorySegment map) {
        this.file = file;
        this.map = map;
        this.packs = map.get(INT, 12);
        this.indexes = map.get(INT, 16);
        this.entries = map.get(LONG, 24);
        this.indexesAt = HEADER_BYTES + (long) packs * PACK_BYTES;
        this.entriesAt = indexesAt + (long) indexes * Bytes32.LENGTH;
        var all = new BitSet(packs);
        all.set(0, packs);
        this.present = all;
    }

    /** Maps a file; empty if it is not a whole one of this vault. */
    static Optional<IndexRun> open(Path file, VaultId vault) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < HEADER_BYTES) {
                return Optional.empty();
            }
            // The mapping goes with the last reader, so that a merged file can be removed under one.
            var map = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
            boolean ours = map.get(LONG, 0) == MAGIC
                    && map.get(INT, 8) == VERSION
                    && map.get(LONG, 32) == vault.value().getMostSignificantBits()
                    && map.get(LONG, 40) == vault.value().getLeastSignificantBits();
            if (!ours || map.get(INT, 12) < 0 || map.get(INT, 16) < 0 || map.get(LONG, 24) < 0) {
                return Optional.empty();
            }
            var run = new IndexRun(file, map);
            boolean whole = run.entries <= map.byteSize() / ENTRY_BYTES
                    && run.entriesAt + run.entries * ENTRY_BYTES == map.byteSize()
                    && run.tablesCrc() == map.get(LONG, 48);
            return whole ? Optional.of(run) : Optional.empty();
        }
    }

    private long tablesCrc() {
        var crc = new CRC32C();
        // A byte buffer spans 2 GiB at most.
        for (long at = HEADER_BYTES; at < entriesAt; at += 1 << 30) {
            crc.update(map.asSlice(at, Math.min(1 << 30, entriesAt - at)).asByteBuffer());
        }
        crc.update(map.asSlice(0, 48).asByteBuffer());
        return crc.getValue();
    }

    Path file() {
        return file;
    }

    int packs() {
        return packs;
    }

    long entries() {
        return entries;
    }

    private Bytes32 hash(long at) {
        return new Bytes32(map.get(LONG, at), map.get(LONG, at + 8), map.get(LONG, at + 16), map.get(LONG, at + 24));
    }

    Bytes32 packName(int pack) {
        return hash(HEADER_BYTES + (long) pack * PACK_BYTES);
    }

    PackRef pack(int pack) {
        long at = HEADER_BYTES + (long) pack * PACK_BYTES;
        return new PackRef(hash(at), hash(at + 32), map.get(INT, at + 64));
    }

    int indexes() {
        return indexes;
    }

    Bytes32 index(int number) {
        return hash(indexesAt + (long) number * Bytes32.LENGTH);
    }

    /** The number of the pack in this run, or -1. */
    int numberOf(Bytes32 name) {
        return search(packs, this::packName, name);
    }

    /** Whether this run holds what the index blob says. */
    boolean hasIndex(Bytes32 name) {
        return search(indexes, this::index, name) >= 0;
    }

    private static int search(int count, IntFunction<Bytes32> names, Bytes32 name) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = names.apply(middle).compareTo(name);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    boolean isPresent(int pack) {
        return present.get(pack);
    }

    /** The packs that the store has; not to be changed. */
    BitSet present() {
        return present;
    }

    void setPresent(BitSet packsOfTheStore) {
        present = packsOfTheStore;
    }

    /** Says that the store does not have the pack. */
    synchronized void drop(int pack) {
        var fewer = (BitSet) present.clone();
        fewer.clear(pack);
        present = fewer;
    }

    int presentPacks() {
        return present.cardinality();
    }

    private long entry(long number) {
        return entriesAt + number * ENTRY_BYTES;
    }

    Bytes32 idAt(long number) {
        return hash(entry(number));
    }

    int packAt(long number) {
        return map.get(INT, entry(number) + 32);
    }

    int offsetAt(long number) {
        return map.get(INT, entry(number) + 36);
    }

    int sealedAt(long number) {
        return map.get(INT, entry(number) + 40);
    }

    int sizeAndEncodingAt(long number) {
        return map.get(INT, entry(number) + 44);
    }

    static int sizeAndEncoding(int logicalBytes, Encoding encoding) {
        return encoding.code() << LOGICAL_BITS | logicalBytes;
    }

    /** Shows the places of a chunk in packs that the store has, until {@code visit} returns false. */
    boolean places(Bytes32 id, Predicate<ChunkPlace> visit) {
        for (long number = firstNotBelow(id); number < entries && idAt(number).equals(id); number++) {
            int pack = packAt(number);
            if (pack < 0 || pack >= packs || !present.get(pack)) {
                continue;
            }
            var place = placeAt(number, pack);
            if (place.isPresent() && !visit.test(place.get())) {
                return false;
            }
        }
        return true;
    }

    private Optional<ChunkPlace> placeAt(long number, int pack) {
        var ref = pack(pack);
        int code = sizeAndEncodingAt(number) >>> LOGICAL_BITS;
        int offset = offsetAt(number);
        int sealed = sealedAt(number);
        // The file is a cache on a disk: what cannot be is not there.
        if (!Encoding.isKnown(code) || offset < 0 || sealed < 0 || (long) offset + sealed > ref.size()) {
            return Optional.empty();
        }
        int logical = sizeAndEncodingAt(number) & ((1 << LOGICAL_BITS) - 1);
        return Optional.of(new ChunkPlace(ref, offset, sealed, logical, Encoding.ofCode(code)));
    }

    /** Ids are evenly spread, so the place of one can be guessed; every second guess is the middle, which bounds the steps whatever the ids. */
    long firstNotBelow(Bytes32 id) {
        long low = 0;
        long high = entries;
        boolean guess = true;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (guess && high - low > 16) {
                double first = unsigned(map.get(LONG, entry(low)));
                double last = unsigned(map.get(LONG, entry(high - 1)));
                if (last > first) {
                    double share = (unsigned(id.first()) - first) / (last - first);
                    middle = Math.clamp((long) (low + share * (high - 1 - low)), low, high - 1);
                }
            }
            guess = !guess;
            if (idAt(middle).compareTo(id) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static double unsigned(long value) {
        return (value >>> 1) * 2.0;
    }
}
