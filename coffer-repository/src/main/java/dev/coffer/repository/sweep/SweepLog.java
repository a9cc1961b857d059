package dev.coffer.repository.sweep;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.StoreException;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FieldReader;
import dev.coffer.repository.format.FieldWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The blobs by which processes agree on sweeps: each is made once, by whoever comes first, and the sweep with the next number begins when the one before is done. */
final class SweepLog {
    private static final Pattern NAME =
            Pattern.compile(Pattern.quote(BlobNames.SWEEPS) + "([0-9]{12})-(candidates|sessions|verdict|done)");

    private final ControlBlobs blobs;

    SweepLog(ControlBlobs blobs) {
        this.blobs = blobs;
    }

    /** The steps of a sweep, in their order. */
    enum Step {
        /** Packs that no point needed when the sweep looked; no session that begins from now on relies on them. */
        CANDIDATES,
        /** The marks that were there after that: those who may rely on candidates. */
        SESSIONS,
        /** Candidates that no point needs when those have gone. They are deleted, by anybody. */
        VERDICT,
        /** The end, with the packs of the verdict that the store would not delete yet. */
        DONE;

        BlobKey key(long number) {
            return new BlobKey("%s%012d-%s".formatted(BlobNames.SWEEPS, number, name().toLowerCase(Locale.ROOT)));
        }
    }

    /**
     * What a sweep found.
     *
     * @param forgotten points whose deletion marks go with this sweep
     */
    record Candidates(Set<Bytes32> packs, List<SessionId> forgotten) {}

    /** The steps that have been made, by the number of the sweep. */
    SortedMap<Long, Set<Step>> steps() throws InterruptedException {
        var steps = new TreeMap<Long, Set<Step>>();
        blobs.store().list(BlobNames.SWEEPS, info -> {
            var match = NAME.matcher(info.key().value());
            if (match.matches()) {
                steps.computeIfAbsent(Long.valueOf(match.group(1)), _ -> new TreeSet<>())
                        .add(Step.valueOf(match.group(2).toUpperCase(Locale.ROOT)));
            }
            return true;
        });
        return steps;
    }

    /** Whether a sweep has ended. */
    boolean isOver(long number) throws InterruptedException {
        var steps = steps();
        return !steps.tailMap(number + 1).isEmpty()
                || steps.getOrDefault(number, Set.of()).contains(Step.DONE);
    }

    /** The packs that nobody who begins now may rely on; empty-handed (no value) if a list is damaged and it cannot be said. */
    Optional<Set<Bytes32>> excluded() throws InterruptedException {
        var excluded = new HashSet<Bytes32>();
        try {
            for (var sweep : steps().entrySet()) {
                boolean done = sweep.getValue().contains(Step.DONE);
                // Blobs may go while this reads: the sweep has ended then, and what it took is gone.
                excluded.addAll(packs(sweep.getKey(), done ? Step.DONE : Step.CANDIDATES)
                        .orElse(Set.of()));
            }
            return Optional.of(excluded);
        } catch (RepositoryException damaged) {
            return Optional.empty();
        }
    }

    /** The packs of a step, if it was made. */
    Optional<Set<Bytes32>> packs(long number, Step step) throws InterruptedException {
        if (step == Step.CANDIDATES) {
            return candidates(number).map(Candidates::packs);
        }
        return read(step.key(number)).map(in -> {
            var packs = hashes(in);
            in.end();
            return packs;
        });
    }

    Optional<Candidates> candidates(long number) throws InterruptedException {
        return read(Step.CANDIDATES.key(number)).map(in -> {
            var packs = hashes(in);
            int count = in.varint(in.remaining());
            var forgotten = new ArrayList<SessionId>();
            for (int i = 0; i < count; i++) {
                forgotten.add(new SessionId(in.text()));
            }
            in.end();
            return new Candidates(packs, forgotten);
        });
    }

    Optional<Set<BlobKey>> sessions(long number) throws InterruptedException {
        return read(Step.SESSIONS.key(number)).map(in -> {
            int count = in.varint(in.remaining());
            var sessions = new LinkedHashSet<BlobKey>();
            for (int i = 0; i < count; i++) {
                sessions.add(new BlobKey(in.text()));
            }
            in.end();
            return sessions;
        });
    }

    private Optional<FieldReader> read(BlobKey key) throws InterruptedException {
        try {
            return blobs.read(key);
        } catch (RepositoryException.Corrupt damaged) {
            throw ControlBlobs.unusable(key, damaged);
        }
    }

    private static Set<Bytes32> hashes(FieldReader in) {
        int count = in.varint(in.remaining() / Bytes32.LENGTH);
        var hashes = new LinkedHashSet<Bytes32>();
        for (int i = 0; i < count; i++) {
            hashes.add(in.hash());
        }
        return hashes;
    }

    private static FieldWriter packs(Set<Bytes32> packs) {
        var out = new FieldWriter(64 + packs.size() * Bytes32.LENGTH).varint(packs.size());
        new TreeSet<>(packs).forEach(out::hash);
        return out;
    }

    /** Makes a step; false if somebody has made it. */
    boolean candidates(long number, Candidates candidates) throws InterruptedException {
        var out = packs(candidates.packs).varint(candidates.forgotten.size());
        candidates.forgotten.forEach(id -> out.text(id.value()));
        return create(Step.CANDIDATES.key(number), out);
    }

    boolean sessions(long number, List<BlobKey> sessions) throws InterruptedException {
        var out = new FieldWriter(256).varint(sessions.size());
        sessions.forEach(key -> out.text(key.value()));
        return create(Step.SESSIONS.key(number), out);
    }

    boolean verdict(long number, Set<Bytes32> packs) throws InterruptedException {
        return create(Step.VERDICT.key(number), packs(packs));
    }

    boolean done(long number, Set<Bytes32> left) throws InterruptedException {
        return create(Step.DONE.key(number), packs(left));
    }

    private boolean create(BlobKey key, FieldWriter body) throws InterruptedException {
        try {
            blobs.create(key, body);
            return true;
        } catch (StoreException.AlreadyExists other) {
            return false;
        }
    }

    /** Removes what is of no more use when a sweep is done: its steps before the last, and all of those before it. */
    void tidy(long done) throws InterruptedException {
        for (var sweep : steps().headMap(done + 1).entrySet()) {
            for (var step : sweep.getValue()) {
                if (sweep.getKey() < done || step != Step.DONE) {
                    blobs.store().delete(step.key(sweep.getKey()));
                }
            }
        }
    }
}
