package dev.coffer.repository.index;

import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.pack.PackRef;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which chunks are needed, by one bit for each entry of the index as it was at one moment. Later changes of the index do not show. Used by one thread.
 */
public final class LiveChunks {
    private final List<Marked> runs = new ArrayList<>();

    private record Marked(IndexRun run, IndexRun.Window entries, BitSet present, BitSet live, BitSet entered) {}

    LiveChunks(List<IndexRun> runs) {
        for (var run : runs) {
            this.runs.add(new Marked(run, run.window(), run.present(), new BitSet(), new BitSet()));
        }
    }

    /** Is told of packs. */
    @FunctionalInterface
    public interface PackUse {
        /**
         * @param liveBytes how many bytes of the pack are sealed chunks that are needed
         * @param deadBytes how many are sealed chunks that are not
         */
        void pack(PackRef pack, long liveBytes, long deadBytes);
    }

    /** Is told of chunks. */
    @FunctionalInterface
    public interface LiveChunk {
        void chunk(Bytes32 chunk, Bytes32 pack);
    }

    /** Decides about one copy of a chunk. */
    @FunctionalInterface
    public interface CopyRule {
        /**
         * @param here whether the copy is marked in the one that is asked
         * @param there whether it is marked in its twin
         */
        boolean keeps(Bytes32 chunk, Bytes32 pack, boolean here, boolean there);
    }

    private LiveChunks() {}

    /** The same entries, none of them marked. */
    public LiveChunks twin() {
        var twin = new LiveChunks();
        for (var each : runs) {
            twin.runs.add(new Marked(each.run, each.run.window(), each.present, new BitSet(), new BitSet()));
        }
        return twin;
    }

    /** Of the copies that this or its twin has marked, those that the rule keeps. */
    public LiveChunks kept(LiveChunks twin, CopyRule rule) {
        var kept = twin();
        for (int i = 0; i < runs.size(); i++) {
            var here = runs.get(i);
            var there = twin.runs.get(i).live;
            var either = (BitSet) here.live.clone();
            either.or(there);
            var entries = here.run.wideWindow();
            for (int at = either.nextSetBit(0); at >= 0; at = either.nextSetBit(at + 1)) {
                int pack = entries.pack(at);
                boolean known = pack >= 0 && pack < here.run.packs();
                if (known && rule.keeps(entries.id(at), here.run.packName(pack), here.live.get(at), there.get(at))) {
                    kept.runs.get(i).live.set(at);
                }
            }
        }
        return kept;
    }

    /** Marks all copies of a chunk as needed. */
    public void mark(Bytes32 id) {
        for (var each : runs) {
            for (long at = each.entries.firstNotBelow(id); each.entries.holds(at, id); at++) {
                each.live.set((int) at);
            }
        }
    }

    /**
     * Marks all copies of a node as needed; false if it has been entered before, so that all below it is marked too. A node that the index does not have counts as new each time. What was
     * marked as a chunk of a content has not been entered: a file may hold the bytes of a node.
     */
    public boolean enter(Bytes32 node) {
        boolean known = false;
        boolean fresh = false;
        for (var each : runs) {
            for (long at = each.entries.firstNotBelow(node); each.entries.holds(at, node); at++) {
                known = true;
                each.live.set((int) at);
                if (!each.entered.get((int) at)) {
                    each.entered.set((int) at);
                    fresh = true;
                }
            }
        }
        return fresh || !known;
    }

    /** Whether the chunk has been marked. */
    public boolean isMarked(Bytes32 id) {
        for (var each : runs) {
            long at = each.entries.firstNotBelow(id);
            if (each.entries.holds(at, id) && each.live.get((int) at)) {
                return true;
            }
        }
        return false;
    }

    /** Shows every pack that the store has, with how much of it is needed. */
    public void packs(PackUse use) {
        for (var each : runs) {
            var entries = each.run.wideWindow();
            var live = new long[each.run.packs()];
            var all = new long[each.run.packs()];
            for (long at = 0; at < each.run.entries(); at++) {
                int pack = entries.pack(at);
                if (pack >= 0 && pack < all.length) {
                    int sealed = entries.sealed(at);
                    all[pack] += sealed;
                    live[pack] += each.live.get((int) at) ? sealed : 0;
                }
            }
            for (int pack = each.present.nextSetBit(0); pack >= 0; pack = each.present.nextSetBit(pack + 1)) {
                use.pack(each.run.pack(pack), live[pack], all[pack] - live[pack]);
            }
        }
    }

    /** Shows the copies of needed chunks that lie in some packs, and returns which of the packs the index has. */
    public Set<Bytes32> in(Set<Bytes32> packs, LiveChunk visit) {
        var known = new HashSet<Bytes32>();
        for (var each : runs) {
            var wanted = new BitSet(each.run.packs());
            for (var name : packs) {
                int number = each.run.numberOf(name);
                if (number >= 0 && each.present.get(number)) {
                    wanted.set(number);
                    known.add(name);
                }
            }
            if (wanted.isEmpty()) {
                continue;
            }
            var entries = each.run.wideWindow();
            for (int at = each.live.nextSetBit(0); at >= 0; at = each.live.nextSetBit(at + 1)) {
                int pack = entries.pack(at);
                if (pack >= 0 && wanted.get(pack)) {
                    visit.chunk(entries.id(at), each.run.packName(pack));
                }
            }
        }
        return known;
    }
}
