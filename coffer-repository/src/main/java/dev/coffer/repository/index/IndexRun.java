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
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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
 * One sorted file of the local index: a header, the packs, the index blobs that it has taken in, {@value #ENTRY_BYTES} bytes for each chunk in the order of the ids, and the first number of every
 * {@value #ENTRIES_IN_BLOCK}th id. The tables and those numbers are mapped, 3.6 bytes a chunk; a look-up reads one block of entries from the file. So neither heap nor resident memory grows
 * much with the number of chunks. Which of its packs the store has is told to it; chunks of other packs are not found. For any number of threads.
 */
final class IndexRun {
    static final int HEADER_BYTES = 64;
    static final int PACK_BYTES = 72;
    static final int ENTRY_BYTES = 48;
    static final long MAGIC = 0x436f66666572_4972L;
    static final int VERSION = 2;
    static final int ENTRIES_IN_BLOCK = 64;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final int LOGICAL_BITS = 24;
    private static final int WIDE = 4096;

    private final Path file;
    private final MemorySegment map;
    private final int packs;
    private final int indexes;
    private final long entries;
    private final long indexesAt;
    private final long entriesAt;
    private final long fencesAt;
    private final EntryFile entryFile;
    private volatile BitSet present;

    private IndexRun(Path file, MemorySegment map) throws IOException {
        this.file = file;
        this.map = map;
        this.packs = map.get(INT, 12);
        this.indexes = map.get(INT, 16);
        this.entries = map.get(LONG, 24);
        this.indexesAt = HEADER_BYTES + (long) packs * PACK_BYTES;
        this.entriesAt = indexesAt + (long) indexes * Bytes32.LENGTH;
        this.fencesAt = entriesAt + entries * ENTRY_BYTES;
        this.entryFile = new EntryFile(file);
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
                    && run.fencesAt + run.blocks() * Long.BYTES == map.byteSize()
                    && run.tablesCrc() == map.get(LONG, 48);
            return whole ? Optional.of(run) : Optional.empty();
        }
    }

    private long tablesCrc() {
        var crc = new CRC32C();
        update(crc, HEADER_BYTES, entriesAt);
        update(crc, fencesAt, map.byteSize());
        update(crc, 0, 48);
        return crc.getValue();
    }

    private void update(CRC32C crc, long from, long to) {
        // A byte buffer spans 2 GiB at most.
        for (long at = from; at < to; at += 1 << 30) {
            crc.update(map.asSlice(at, Math.min(1 << 30, to - at)).asByteBuffer());
        }
    }

    private long blocks() {
        return Math.ceilDiv(entries, (long) ENTRIES_IN_BLOCK);
    }

    private long fence(long block) {
        return map.get(LONG, fencesAt + block * Long.BYTES);
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

    static int sizeAndEncoding(int logicalBytes, Encoding encoding) {
        return encoding.code() << LOGICAL_BITS | logicalBytes;
    }

    /** Some entries in memory, those that were asked for last. Used by one thread. */
    final class Window {
        private final byte[] bytes;
        private long first;
        private int count;

        private Window(int entriesAtOnce) {
            this.bytes = new byte[entriesAtOnce * ENTRY_BYTES];
        }

        private int at(long number) {
            if (number < first || number >= first + count) {
                first = number - number % (bytes.length / ENTRY_BYTES);
                count = (int) Math.min(bytes.length / ENTRY_BYTES, entries - first);
                entryFile.read(entriesAt + first * ENTRY_BYTES, bytes, count * ENTRY_BYTES);
            }
            return (int) (number - first) * ENTRY_BYTES;
        }

        Bytes32 id(long number) {
            return Bytes32.of(bytes, at(number));
        }

        int pack(long number) {
            return (int) INTS.get(bytes, at(number) + 32);
        }

        int offset(long number) {
            return (int) INTS.get(bytes, at(number) + 36);
        }

        int sealed(long number) {
            return (int) INTS.get(bytes, at(number) + 40);
        }

        int sizeAndEncoding(long number) {
            return (int) INTS.get(bytes, at(number) + 44);
        }

        /** Whether there is such an entry, and it is of the chunk. */
        boolean holds(long number, Bytes32 chunk) {
            return number < entries && id(number).equals(chunk);
        }

        /** The number of the first entry whose id is not below. */
        long firstNotBelow(Bytes32 chunk) {
            // The block before the first that begins with a number not below: the id may be in it, at its end.
            long low = 0;
            long high = blocks();
            while (low < high) {
                long middle = (low + high) >>> 1;
                if (Long.compareUnsigned(fence(middle), chunk.first()) < 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            long from = Math.max(0, low - 1) * ENTRIES_IN_BLOCK;
            long to = Math.min(entries, Math.max(1, low) * ENTRIES_IN_BLOCK);
            // It is in the next block only if it shares its first number with that one, which few do.
            while (to < entries && id(to - 1).compareTo(chunk) < 0) {
                from = to;
                to = Math.min(entries, to + ENTRIES_IN_BLOCK);
            }
            while (from < to) {
                long middle = (from + to) >>> 1;
                if (id(middle).compareTo(chunk) < 0) {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            return from;
        }
    }

    /** For look-ups. */
    Window window() {
        return new Window(ENTRIES_IN_BLOCK);
    }

    /** For reading all entries in their order. */
    Window wideWindow() {
        return new Window(WIDE);
    }

    /** Shows the places of a chunk in packs that the store has, until {@code visit} returns false. */
    boolean places(Bytes32 id, Predicate<ChunkPlace> visit) {
        if (entries == 0) {
            return true;
        }
        var window = window();
        for (long number = window.firstNotBelow(id); window.holds(number, id); number++) {
            int pack = window.pack(number);
            if (pack < 0 || pack >= packs || !present.get(pack)) {
                continue;
            }
            var place = placeAt(window, number, pack);
            if (place.isPresent() && !visit.test(place.get())) {
                return false;
            }
        }
        return true;
    }

    private Optional<ChunkPlace> placeAt(Window window, long number, int pack) {
        var ref = pack(pack);
        int code = window.sizeAndEncoding(number) >>> LOGICAL_BITS;
        int offset = window.offset(number);
        int sealed = window.sealed(number);
        // The file is a cache on a disk: what cannot be is not there.
        if (!Encoding.isKnown(code) || offset < 0 || sealed < 0 || (long) offset + sealed > ref.size()) {
            return Optional.empty();
        }
        int logical = window.sizeAndEncoding(number) & ((1 << LOGICAL_BITS) - 1);
        return Optional.of(new ChunkPlace(ref, offset, sealed, logical, Encoding.ofCode(code)));
    }
}
