package dev.coffer.repository.sweep;

import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.SweepReport;
import dev.coffer.core.repository.SweepReport.Outcome;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.StoreException;
import dev.coffer.repository.cold.TieredStore;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FormatParameters;
import dev.coffer.repository.index.ChunkIndex;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.manifest.Points;
import dev.coffer.repository.read.StoredChunks;
import dev.coffer.repository.session.PointWriter;
import dev.coffer.repository.sweep.SweepLog.Candidates;
import dev.coffer.repository.sweep.SweepLog.Step;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees what no recovery point needs, in two steps without a clock. First, packs that no point needs are listed, durably; from then on nobody who begins relies on them. When all who were there
 * at that moment have gone, the points are looked at again, and what is still not needed is deleted. Each decision is a blob that is made once, so that several processes, and one that was held
 * up for however long, act on the same decisions. For any number of threads.
 */
public final class Sweeper {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

    private final TieredStore store;
    private final VaultKeys keys;
    private final FormatParameters parameters;
    private final ChunkIndex index;
    private final StoredChunks chunks;
    private final Points points;
    private final Copies copies;
    private final Presence presence;
    private final SweepLog log;
    private final SecureRandom random;
    private final double unusedAtMost;
    private final ReentrantLock lock = new ReentrantLock();

    // What the last look saw while writers were there: a pack of theirs is needed by no point as yet. Guarded by the
    // lock.
    private Look lastLook = new Look(Set.of(), Set.of());

    /** A pack of which some is needed and some is not. */
    private record PartlyUsed(Bytes32 name, long liveBytes, long deadBytes) {
        double liveShare() {
            return (double) liveBytes / (liveBytes + deadBytes);
        }
    }

    private record Look(Set<Bytes32> unneeded, Set<BlobKey> present) {}

    /**
     * @param coldWriter stores in cold storage
     * @param unusedAtMost how much of a vault may be bytes in partly needed packs that nobody needs, compared with what is needed; more is rewritten
     */
    public Sweeper(
            TieredStore store,
            VaultKeys keys,
            FormatParameters parameters,
            ChunkIndex index,
            StoredChunks chunks,
            Points points,
            PointWriter writer,
            PointWriter coldWriter,
            String owner,
            SecureRandom random,
            double unusedAtMost)
            throws InterruptedException {
        this.store = store;
        this.keys = keys;
        this.parameters = parameters;
        this.index = index;
        this.chunks = chunks;
        this.points = points;
        this.copies = new Copies(store, keys, parameters, chunks, writer, coldWriter);
        this.random = random;
        this.unusedAtMost = unusedAtMost;
        var blobs = new ControlBlobs(store, keys, parameters.segmentBytes(), random);
        this.presence = new Presence(blobs, owner);
        this.log = new SweepLog(blobs);
        try {
            presence.removeLeftovers();
        } catch (StoreException.Unavailable | StoreException.Denied stay) {
            // They keep sweeps waiting and nothing else; the vault can be read, also on a disk that nobody can write
            // to.
            return;
        }
    }

    /** Makes a mark without which nothing is safe from a sweep. */
    public Presence.Mark enter(String what) throws InterruptedException {
        return presence.enter(what);
    }

    /** Makes a mark for somebody who only reads; none where the store takes none, since it still gives what it holds. What is read there, a sweep elsewhere may take meanwhile. */
    public Optional<Presence.Mark> enterToRead(String what) throws InterruptedException {
        try {
            return Optional.of(presence.enter(what));
        } catch (StoreException.Unavailable | StoreException.Denied full) {
            LOG.atDebug()
                    .addKeyValue("vault", keys.vault())
                    .addKeyValue("what", what)
                    .setCause(full)
                    .log("read without a mark that keeps a sweep away");
            return Optional.empty();
        }
    }

    /** Learns which packs a point that is begun now may not rely on. Called behind {@link #enter}, and before the index is compared with the store. */
    public void learnExclusions() throws InterruptedException {
        var excluded = log.excluded();
        // If it cannot be said which, none may be relied on, which costs only space. What is begun now is warm, and
        // does
        // not rely on cold storage.
        index.exclude(excluded.<ChunkIndex.PackFilter>map(packs -> pack -> packs.contains(pack) || store.isCold(pack))
                .orElse(_ -> true));
    }

    /** One call: ends the sweep that is under way, then makes another one, as far as readers and writers allow. */
    public SweepReport sweep() throws InterruptedException {
        if (!lock.tryLock()) {
            return SweepReport.of(Outcome.ELSEWHERE);
        }
        try (var mark = presence.enter("sweep")) {
            presence.removeLeftovers();
            return new Run(mark).run();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Marks points as cold, and stores in cold storage what only cold points need. Those that are gone are left out.
     *
     * @return false, and nothing was done, while another thread sweeps
     */
    public boolean chill(Collection<SessionId> ids) throws InterruptedException {
        if (!lock.tryLock()) {
            return false;
        }
        try (var mark = presence.enter("cool")) {
            store.openCold(!points.cold().isEmpty());
            for (var id : ids) {
                if (points.find(id).isPresent()) {
                    points.markCold(id);
                }
            }
            copies.cool(new Run(mark).mark());
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** One call of {@link #sweep}. */
    private final class Run {
        private final Presence.Mark mark;
        private long packsDeleted;
        private long bytesFreed;
        private long packsRewritten;
        private long bytesRewritten;
        private long packsRetained;

        Run(Presence.Mark mark) {
            this.mark = mark;
        }

        private SweepReport report(Outcome outcome, Collection<BlobKey> waitingFor) {
            return new SweepReport(
                    outcome,
                    packsDeleted,
                    bytesFreed,
                    packsRewritten,
                    bytesRewritten,
                    packsRetained,
                    waitingFor.stream()
                            .map(key -> key.value().substring(BlobNames.SESSIONS.length()))
                            .toList());
        }

        SweepReport run() throws InterruptedException {
            long next = 1;
            Set<Bytes32> left = Set.of();
            var steps = log.steps();
            if (!steps.isEmpty()) {
                long last = steps.lastKey();
                if (!steps.getOrDefault(last, Set.of()).contains(Step.DONE)) {
                    var waiting = finish(last, Optional.empty());
                    if (!waiting.isEmpty()) {
                        return report(Outcome.WAITING, waiting);
                    }
                }
                log.tidy(last);
                left = log.packs(last, Step.DONE).orElse(Set.of());
                next = last + 1;
            }
            return begin(next, left);
        }

        private SweepReport begin(long number, Set<Bytes32> left) throws InterruptedException {
            var present = othersPresent();
            var forgotten = points.forgotten();
            var needs = mark();
            copies.coolIfPossible(needs);
            var dead = new HashSet<Bytes32>();
            var partly = new ArrayList<PartlyUsed>();
            var partlyCold = new ArrayList<PartlyUsed>();
            var needed = new AtomicLong();
            var neededCold = new AtomicLong();
            needs.packs((pack, liveBytes, deadBytes) -> {
                boolean isCold = store.isCold(pack.name());
                (isCold ? neededCold : needed).addAndGet(liveBytes);
                if (liveBytes == 0) {
                    dead.add(pack.name());
                } else if (deadBytes > 0) {
                    (isCold ? partlyCold : partly).add(new PartlyUsed(pack.name(), liveBytes, deadBytes));
                }
            });
            var candidates = settled(dead, present);
            for (var rewritten : List.of(
                    copies.rewritten(false, sparse(partly, needed.get()), needs),
                    copies.rewritten(true, sparse(partlyCold, neededCold.get()), needs))) {
                candidates.addAll(rewritten.packs());
                packsRewritten += rewritten.packs().size();
                bytesRewritten += rewritten.bytes();
            }
            // Those that the store would not delete are tried again.
            candidates.addAll(left);
            if (candidates.isEmpty() && forgotten.isEmpty()) {
                return report(packsDeleted > 0 ? Outcome.DONE : Outcome.NOTHING, List.of());
            }
            if (!log.candidates(number, new Candidates(candidates, forgotten))) {
                return report(Outcome.ELSEWHERE, List.of());
            }
            var waiting = finish(number, Optional.of(needs));
            return report(waiting.isEmpty() ? Outcome.DONE : Outcome.WAITING, waiting);
        }

        /** Which packs to write anew, those with the largest share of dead bytes first, so that what stays dead is no more than the share that may. */
        private Set<Bytes32> sparse(List<PartlyUsed> partly, long needed) {
            long dead = partly.stream().mapToLong(PartlyUsed::deadBytes).sum();
            partly.sort(Comparator.comparingDouble(PartlyUsed::liveShare));
            var sparse = new TreeSet<Bytes32>();
            for (var pack : partly) {
                if (dead <= unusedAtMost * needed) {
                    break;
                }
                sparse.add(pack.name);
                dead -= pack.deadBytes;
            }
            return sparse;
        }

        /** Of the packs that no point needs, those that no writer is making: with writers there, only what was not needed before any of them came. */
        private Set<Bytes32> settled(Set<Bytes32> dead, Set<BlobKey> present) {
            var settled = new HashSet<>(dead);
            if (!present.isEmpty()) {
                boolean sameWriters = lastLook.present.stream().anyMatch(present::contains);
                if (sameWriters) {
                    settled.clear();
                } else {
                    settled.retainAll(lastLook.unneeded);
                }
            }
            lastLook = new Look(Set.copyOf(dead), Set.copyOf(present));
            return settled;
        }

        private Set<BlobKey> othersPresent() throws InterruptedException {
            var others = new HashSet<>(presence.all());
            others.remove(mark.key());
            return others;
        }

        private Needs mark() throws InterruptedException {
            var ids = points.ids();
            // Points first: what they need was durable before them, so the index sees it.
            index.refresh();
            var needs = new Needs(index, store, chunks, points);
            needs.add(ids);
            return needs;
        }

        /** Ends a sweep whose candidates are listed; returns the marks that it has to wait for, if there are any. */
        private Set<BlobKey> finish(long number, Optional<Needs> known) throws InterruptedException {
            var candidates = log.candidates(number);
            if (candidates.isEmpty()) {
                return Set.of();
            }
            if (log.sessions(number).isEmpty()) {
                log.sessions(number, List.copyOf(othersPresent()));
            }
            var waiting = new LinkedHashSet<>(log.sessions(number).orElse(Set.of()));
            waiting.retainAll(presence.all());
            waiting.remove(mark.key());
            if (!waiting.isEmpty()) {
                return waiting;
            }
            if (log.packs(number, Step.VERDICT).isEmpty()) {
                var needs = known.isPresent() ? known.get() : mark();
                // Those who have gone since may have made points.
                needs.add(points.ids());
                log.verdict(number, needs.free(candidates.get().packs()));
            }
            var verdict = log.packs(number, Step.VERDICT);
            if (verdict.isEmpty() || log.isOver(number)) {
                // Another process has ended this sweep meanwhile; what was decided here too late counts for nothing.
                return Set.of();
            }
            carryOut(number, verdict.get(), candidates.get().forgotten());
            return Set.of();
        }

        private void carryOut(long number, Set<Bytes32> verdict, List<SessionId> forgotten)
                throws InterruptedException {
            var retained = new HashSet<Bytes32>();
            var deleted = new HashSet<Bytes32>();
            for (var name : verdict) {
                var key = BlobNames.pack(name);
                var size = store.size(key);
                try {
                    store.delete(key);
                    index.drop(name);
                    deleted.add(name);
                    packsDeleted += size.isPresent() ? 1 : 0;
                    bytesFreed += size.orElse(0);
                } catch (StoreException.Retained notYet) {
                    retained.add(name);
                }
            }
            for (var id : forgotten) {
                points.buryMark(id);
            }
            packsRetained = retained.size();
            new IndexTidy(store, keys, parameters, index, random).run(deleted);
            log.done(number, retained);
            log.tidy(number);
        }
    }
}
