package dev.coffer.repository.sweep;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.store.StoreException;
import dev.coffer.repository.cold.TieredStore;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FormatParameters;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.pack.PackLayout;
import dev.coffer.repository.read.StoredChunks;
import dev.coffer.repository.session.PointWriter;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores chunks of packs again, in new packs of the storage where they are needed. What was there before stays, until a sweep finds that nothing needs it. */
final class Copies {
    private static final Logger LOG = LoggerFactory.getLogger(Copies.class);

    private final TieredStore store;
    private final VaultKeys keys;
    private final FormatParameters parameters;
    private final StoredChunks chunks;
    private final PointWriter writer;
    private final PointWriter coldWriter;

    Copies(
            TieredStore store,
            VaultKeys keys,
            FormatParameters parameters,
            StoredChunks chunks,
            PointWriter writer,
            PointWriter coldWriter) {
        this.store = store;
        this.keys = keys;
        this.parameters = parameters;
        this.chunks = chunks;
        this.writer = writer;
        this.coldWriter = coldWriter;
    }

    /**
     * What was stored.
     *
     * @param packs those of which all that is needed is in other packs now
     */
    record Rewritten(Set<Bytes32> packs, long bytes) {}

    /** Stores in cold storage what is needed there alone; durable on return. */
    void cool(Needs needs) throws InterruptedException {
        var moving = needs.toMove();
        var from = new TreeSet<Bytes32>();
        moving.packs((pack, movingBytes, _) -> {
            if (movingBytes > 0) {
                from.add(pack.name());
            }
        });
        if (from.isEmpty()) {
            return;
        }
        var moved = stored(coldWriter, from, moving::isMarked, id -> needs.isIn(true, id, _ -> false));
        LOG.atInfo()
                .addKeyValue("vault", keys.vault())
                .addKeyValue("packs", from.size())
                .addKeyValue("bytes", moved.bytes())
                .log("what only cold recovery points need was stored in cold storage");
    }

    /** As {@link #cool}, but what cold storage does not take now stays warm. */
    void coolIfPossible(Needs needs) throws InterruptedException {
        if (!store.coldIsThere()) {
            return;
        }
        try {
            cool(needs);
        } catch (StoreException.Unavailable | StoreException.Denied full) {
            LOG.atWarn()
                    .addKeyValue("vault", keys.vault())
                    .setCause(full)
                    .log("what only cold recovery points need stays warm, since cold storage does not take it");
        }
    }

    /** Stores what is to stay of packs of one storage anew. */
    Rewritten rewritten(boolean inCold, Set<Bytes32> packs, Needs needs) throws InterruptedException {
        if (packs.isEmpty()) {
            return new Rewritten(Set.of(), 0);
        }
        try {
            return stored(
                    inCold ? coldWriter : writer,
                    packs,
                    id -> needs.keeps(id, inCold),
                    id -> needs.isIn(inCold, id, packs::contains));
        } catch (StoreException.Unavailable | StoreException.Denied full) {
            // On a full disk there is no room to write anything anew, and the more reason to delete what nobody needs.
            LOG.atWarn()
                    .addKeyValue("vault", keys.vault())
                    .setCause(full)
                    .log("packs that are partly needed stay as they are, since their chunks cannot be stored anew");
            return new Rewritten(Set.of(), 0);
        }
    }

    /** @param known chunks that are there already */
    private Rewritten stored(PointWriter to, Set<Bytes32> packs, Predicate<Bytes32> wanted, Predicate<Bytes32> known)
            throws InterruptedException {
        var read = new LinkedHashSet<Bytes32>();
        long bytes = to.store(known, sink -> {
            for (var name : packs) {
                // One that is gone is damaged: no pack has no bytes.
                long size = store.size(BlobNames.pack(name)).orElse(0);
                try {
                    var pack = PackLayout.read(store, name, size, keys, parameters);
                    for (var entry : pack.entries()) {
                        if (wanted.test(entry.id()) && !known.test(entry.id())) {
                            var plain = chunks.get(entry.id());
                            sink.put(plain, 0, plain.length);
                        }
                    }
                    read.add(name);
                } catch (RepositoryException.Corrupt damaged) {
                    // What can be read of it stays where it is; verification names it.
                }
            }
        });
        return new Rewritten(read, bytes);
    }
}
