package dev.coffer.repository.sweep;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Blobs;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.Digests;
import dev.coffer.repository.format.FormatParameters;
import dev.coffer.repository.index.ChunkIndex;
import dev.coffer.repository.index.IndexBlob;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.pack.PackDirectory;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Keeps index blobs few and free of packs that are gone. They repeat what packs say, so nothing depends on this. */
final class IndexTidy {
    private static final int SMALL_AT_MOST = 32;
    private static final long SMALL_BYTES = 1 << 20;
    private static final int ENTRIES_IN_BLOB = 1 << 18;

    private final BlobStore store;
    private final VaultKeys keys;
    private final FormatParameters parameters;
    private final ChunkIndex index;
    private final SecureRandom random;

    // What is to be written again, and the blobs that it comes from.
    private final List<PackDirectory> kept = new ArrayList<>();
    private final List<Bytes32> replaced = new ArrayList<>();
    private int entries;

    IndexTidy(BlobStore store, VaultKeys keys, FormatParameters parameters, ChunkIndex index, SecureRandom random) {
        this.store = store;
        this.keys = keys;
        this.parameters = parameters;
        this.index = index;
        this.random = random;
    }

    /** Writes blobs that name a deleted pack anew, and small ones together once they are many. */
    void run(Set<Bytes32> deleted) throws InterruptedException {
        var names = new ArrayList<Bytes32>();
        var small = new HashSet<Bytes32>();
        store.list(BlobNames.INDEX, info -> {
            BlobNames.digestOf(info.key()).ifPresent(name -> {
                names.add(name);
                if (info.size() < SMALL_BYTES) {
                    small.add(name);
                }
            });
            return true;
        });
        boolean many = small.size() > SMALL_AT_MOST;
        if (deleted.isEmpty() && !many) {
            return;
        }
        var seen = new HashSet<Bytes32>();
        for (var name : names) {
            var packs = read(name);
            if (packs.isEmpty()) {
                continue;
            }
            var rest = packs.get().stream()
                    .filter(pack -> !deleted.contains(pack.name()))
                    .toList();
            if (rest.size() == packs.get().size() && !(many && small.contains(name))) {
                continue;
            }
            replaced.add(name);
            for (var pack : rest) {
                if (seen.add(pack.name())) {
                    kept.add(pack);
                    entries += pack.entries().size();
                }
            }
            if (entries >= ENTRIES_IN_BLOB) {
                replace();
            }
        }
        replace();
    }

    private Optional<List<PackDirectory>> read(Bytes32 name) throws InterruptedException {
        try {
            return Blobs.readAll(store, BlobNames.index(name), IndexBlob.LONGEST)
                    .map(blob -> IndexBlob.decode(blob, keys, parameters, "index blob " + name));
        } catch (RepositoryException.Corrupt damaged) {
            // Verification names it; its packs say the same.
            return Optional.empty();
        }
    }

    private void replace() throws InterruptedException {
        if (!kept.isEmpty()) {
            var salt = new byte[Bytes32.LENGTH];
            random.nextBytes(salt);
            var blob = IndexBlob.encode(kept, keys, parameters, Bytes32.of(salt, 0));
            var name = Digests.sha256(blob, 0, blob.length);
            try {
                store.create(BlobNames.index(name), Payload.of(blob));
            } catch (StoreException.AlreadyExists same) {
                // Named by its bytes.
            }
            index.know(name);
        }
        for (var name : replaced) {
            store.delete(BlobNames.index(name));
        }
        kept.clear();
        replaced.clear();
        entries = 0;
    }
}
