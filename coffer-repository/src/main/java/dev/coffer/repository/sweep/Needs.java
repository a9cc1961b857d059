package dev.coffer.repository.sweep;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.repository.cold.TieredStore;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.index.ChunkIndex;
import dev.coffer.repository.index.ChunkIndex.PackFilter;
import dev.coffer.repository.index.LiveChunks;
import dev.coffer.repository.manifest.Points;
import dev.coffer.repository.read.StoredChunks;
import dev.coffer.repository.tree.TreeWalk;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The chunks that points need, in which storage, and the points that have been looked at. What a warm point consists of is needed in warm storage, and so are the nodes of all points; contents
 * that only cold points have are needed in cold storage. A copy in the other storage is to stay until there is one in the right one.
 */
final class Needs {
    private final ChunkIndex index;
    private final TieredStore store;
    private final StoredChunks chunks;
    private final Points points;
    private final LiveChunks warm;
    private final LiveChunks cold;
    private final Set<SessionId> seen = new HashSet<>();
    // Without any cold point there is nothing to tell apart.
    private boolean hasCold;

    Needs(ChunkIndex index, TieredStore store, StoredChunks chunks, Points points) throws InterruptedException {
        this.index = index;
        this.store = store;
        this.chunks = chunks;
        this.points = points;
        this.warm = index.liveChunks();
        this.cold = warm.twin();
    }

    /** Looks at points; Corrupt, naming the point, if what it needs cannot be told: then nothing is freed. */
    void add(Collection<SessionId> ids) throws InterruptedException {
        // Behind the index: whoever stores a chunk in cold storage has marked its point before.
        var moved = new HashSet<>(points.cold());
        var warmWalk = new TreeWalk(chunks, new TreeWalk.Visitor() {
            @Override
            public boolean node(Bytes32 node) {
                return warm.enter(node);
            }

            @Override
            public void content(Bytes32 chunk) {
                warm.mark(chunk);
            }
        });
        var coldWalk = new TreeWalk(chunks, new TreeWalk.Visitor() {
            @Override
            public boolean node(Bytes32 node) {
                warm.mark(node);
                return cold.enter(node);
            }

            @Override
            public void content(Bytes32 chunk) {
                cold.mark(chunk);
            }
        });
        for (var id : List.copyOf(ids)) {
            if (!seen.add(id)) {
                continue;
            }
            boolean isCold = moved.contains(id);
            hasCold |= isCold;
            try {
                var point = points.find(id);
                if (point.isPresent()) {
                    (isCold ? coldWalk : warmWalk).walk(point.get().tree());
                }
            } catch (RepositoryException.Corrupt damaged) {
                throw new RepositoryException.Corrupt(
                        "nothing is freed, since what recovery point " + id
                                + " needs cannot be told. Repair the vault, or delete that recovery point",
                        damaged);
            }
        }
    }

    /** Whether the vault has the chunk in this storage, as far as is known, in a pack that is none of these. */
    boolean isIn(boolean coldStorage, Bytes32 chunk, PackFilter but) {
        return index.isOutside(pack -> but.has(pack) || store.isCold(pack) != coldStorage, chunk);
    }

    private boolean keeps(Bytes32 chunk, boolean inCold, boolean neededWarm, boolean neededCold) {
        if (inCold ? neededCold : neededWarm) {
            return true;
        }
        return (neededWarm || neededCold) && !isIn(!inCold, chunk, _ -> false);
    }

    /** Whether a copy of the chunk in this storage is to stay. */
    boolean keeps(Bytes32 chunk, boolean inCold) {
        return keeps(chunk, inCold, warm.isMarked(chunk), cold.isMarked(chunk));
    }

    /** Shows every pack that the store has, with how much of it is to stay. */
    void packs(LiveChunks.PackUse use) {
        var kept = hasCold || store.hasColdPacks()
                ? warm.kept(cold, (chunk, pack, here, there) -> keeps(chunk, store.isCold(pack), here, there))
                : warm;
        kept.packs(use);
    }

    /** Copies in warm storage of chunks that are needed in cold storage alone, and are not there. */
    LiveChunks toMove() {
        return warm.kept(
                cold,
                (chunk, pack, here, there) -> there && !here && !store.isCold(pack) && !isIn(true, chunk, _ -> false));
    }

    /** Those of some packs that can go: each chunk of them that is needed also lies in a pack that stays, and what is needed warm in a warm one. */
    Set<Bytes32> free(Set<Bytes32> candidates) {
        var needed = new HashSet<Bytes32>();
        // Of a pack that cannot be looked into nobody can say that it is not needed.
        var free = new HashSet<>(warm.in(candidates, (chunk, pack) -> {
            boolean elsewhere = store.isCold(pack)
                    ? index.isOutside(candidates::contains, chunk)
                    : isIn(false, chunk, candidates::contains);
            if (!elsewhere) {
                needed.add(pack);
            }
        }));
        cold.in(candidates, (chunk, pack) -> {
            if (!index.isOutside(candidates::contains, chunk)) {
                needed.add(pack);
            }
        });
        free.removeAll(needed);
        return free;
    }
}
