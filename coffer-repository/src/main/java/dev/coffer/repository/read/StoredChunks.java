package dev.coffer.repository.read;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.store.StoreException;
import dev.coffer.repository.chunk.ChunkSource;
import dev.coffer.repository.cold.TieredStore;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FormatParameters;
import dev.coffer.repository.index.ChunkIndex;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.pack.ChunkPlace;
import dev.coffer.repository.pack.PackLayout;
import dev.coffer.repository.pack.PackReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.IntFunction;

/**
 * The chunks of a vault. A chunk is taken from any copy that is sound, from a warm one if there is one. If there is none where the index says, the store is asked again, and the directories of the packs themselves, before the
 * chunk is reported as damaged; so a stale or broken local index costs time only. For any number of threads.
 */
public final class StoredChunks implements ChunkSource {
    private final TieredStore store;
    private final VaultKeys keys;
    private final FormatParameters parameters;
    private final ChunkIndex index;
    private final PackReader packs;

    public StoredChunks(
            TieredStore store, VaultKeys keys, FormatParameters parameters, ChunkIndex index, PackReader packs) {
        this.store = store;
        this.keys = keys;
        this.parameters = parameters;
        this.index = index;
        this.packs = packs;
    }

    @Override
    public byte[] get(Bytes32 id) throws InterruptedException {
        return read(id, byte[]::new);
    }

    /** Whether the vault has the chunk, as far as is known. */
    public boolean has(Bytes32 id) {
        return index.contains(id);
    }

    /** The array that {@code buffer} gives for the size of the chunk, filled with it. Corrupt if the vault does not have it whole. */
    public byte[] read(Bytes32 id, IntFunction<byte[]> buffer) throws InterruptedException {
        var trouble = new LinkedHashSet<String>();
        var suspects = new LinkedHashSet<Bytes32>();
        long seen = index.refreshes();
        var found = attempt(id, placesInIndex(id), buffer, trouble, suspects);
        if (found.isEmpty()) {
            index.refreshUnlessSince(seen);
            found = attempt(id, placesInIndex(id), buffer, trouble, suspects);
        }
        if (found.isEmpty()) {
            found = attempt(id, placesInPacks(id, suspects), buffer, trouble, suspects);
        }
        return found.orElseThrow(() -> new RepositoryException.Corrupt("chunk " + id + " "
                + (trouble.isEmpty() ? "is in none of the packs" : "cannot be read: " + String.join("; ", trouble))));
    }

    private List<ChunkPlace> placesInIndex(Bytes32 id) {
        var places = new ArrayList<ChunkPlace>();
        index.places(id, places::add);
        // What is warm is read from warm storage alone, also while the cold one does not answer.
        places.sort(Comparator.comparing(place -> store.isCold(place.pack().name())));
        return places;
    }

    private List<ChunkPlace> placesInPacks(Bytes32 id, SequencedSet<Bytes32> suspects) throws InterruptedException {
        var places = new ArrayList<ChunkPlace>();
        for (var name : suspects) {
            var size = store.size(BlobNames.pack(name));
            if (size.isEmpty()) {
                continue;
            }
            try {
                var directory = PackLayout.read(store, name, size.getAsLong(), keys, parameters);
                for (var entry : directory.entries()) {
                    if (entry.id().equals(id)) {
                        places.add(new ChunkPlace(
                                directory.pack(),
                                entry.offset(),
                                entry.sealedBytes(),
                                entry.logicalBytes(),
                                entry.encoding()));
                    }
                }
            } catch (RepositoryException | StoreException.NotFound damaged) {
                // The pack has been named already.
            }
        }
        return places;
    }

    private Optional<byte[]> attempt(
            Bytes32 id,
            List<ChunkPlace> places,
            IntFunction<byte[]> buffer,
            SequencedSet<String> trouble,
            SequencedSet<Bytes32> suspects)
            throws InterruptedException {
        for (var place : places) {
            var pack = place.pack().name();
            try {
                var out = buffer.apply(place.logicalBytes());
                if (packs.read(id, place, out)) {
                    return Optional.of(out);
                }
                trouble.add("its bytes in pack " + pack + " are not authentic");
                index.distrust(id, pack);
            } catch (StoreException.NotFound gone) {
                trouble.add("pack " + pack + " is missing");
                index.drop(pack);
            } catch (StoreException.OutOfRange cutOff) {
                trouble.add("pack " + pack + " is cut off");
                index.drop(pack);
            }
            suspects.add(pack);
        }
        return Optional.empty();
    }
}
