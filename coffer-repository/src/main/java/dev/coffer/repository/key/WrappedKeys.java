package dev.coffer.repository.key;

import dev.coffer.core.key.KeyProvider;
import dev.coffer.core.key.WrongKey;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Blobs;
import dev.coffer.repository.format.Digests;
import dev.coffer.repository.format.KeyBlob;
import dev.coffer.repository.format.VaultFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The key blobs of one vault: its data key, which never changes, wrapped under one or more keys. */
public final class WrappedKeys {
    private final BlobStore store;

    public WrappedKeys(BlobStore store) {
        this.store = store;
    }

    private record Found(BlobKey key, KeyBlob blob) {}

    /** Wraps the data key under the provider's key; durable on return. */
    public BlobKey add(VaultFormat format, KeyProvider keys, byte[] dataKey) throws InterruptedException {
        var wrapped = keys.wrap(dataKey, format.context());
        var bytes = new KeyBlob(format.vault(), keys.keyId(), wrapped).encode();
        var name = BlobNames.key(Digests.sha256(bytes, 0, bytes.length));
        try {
            store.create(name, Payload.of(bytes));
        } catch (StoreException.AlreadyExists same) {
            // Named by its bytes.
        }
        return name;
    }

    /**
     * The vault's data key.
     *
     * @throws WrongKey if the provider opens none of the key blobs; names the keys that would
     * @throws RepositoryException.Corrupt if there is no key blob that is whole
     */
    public byte[] open(VaultFormat format, KeyProvider keys) throws InterruptedException {
        return open(find(format), format, keys);
    }

    private static byte[] open(List<Found> found, VaultFormat format, KeyProvider keys) {
        // Its own first: to ask a key service for another key may take long.
        var ordered = new ArrayList<>(found);
        ordered.sort(Comparator.comparing(each -> !each.blob.keyId().equals(keys.keyId())));
        Optional<WrongKey> refused = Optional.empty();
        for (var each : ordered) {
            try {
                var dataKey = keys.unwrap(each.blob.keyId(), each.blob.wrappedKey(), format.context());
                if (new VaultKeys(format.vault(), dataKey).check().equals(format.keyCheck())) {
                    return dataKey;
                }
                // Left by a process that made the vault at the same time as another one, and was the slower.
                Arrays.fill(dataKey, (byte) 0);
            } catch (WrongKey wrong) {
                refused = Optional.of(refused.orElse(wrong));
            }
        }
        if (found.size() > 1) {
            var expected = found.stream().map(each -> each.blob.keyId()).collect(Collectors.joining(" or "));
            throw new WrongKey(expected, keys.keyId());
        }
        throw refused.orElseGet(() -> new WrongKey(
                "what the key blob of vault " + format.vault() + " holds is not its data key: it is another vault's."));
    }

    /**
     * Sees that the data key is wrapped under the provider's present key and under no other. Data is not touched. A repeat after a crash ends what was begun; until the end the former keys
     * open the vault too.
     *
     * @return whether anything was to be done
     */
    public boolean rewrap(VaultFormat format, KeyProvider keys) throws InterruptedException {
        var found = find(format);
        var others = found.stream()
                .filter(each -> !each.blob.keyId().equals(keys.keyId()))
                .toList();
        if (others.isEmpty()) {
            return false;
        }
        var dataKey = open(found, format, keys);
        try {
            var mine = own(found, keys);
            if (mine.isEmpty()) {
                add(format, keys, dataKey);
                mine = own(find(format), keys);
            }
            // The former keys go only when what was stored has been seen to open.
            Arrays.fill(open(mine, format, keys), (byte) 0);
            for (var other : others) {
                store.delete(other.key);
            }
            return true;
        } finally {
            Arrays.fill(dataKey, (byte) 0);
        }
    }

    private static List<Found> own(List<Found> found, KeyProvider keys) {
        return found.stream()
                .filter(each -> each.blob.keyId().equals(keys.keyId()))
                .toList();
    }

    /** The ids of the keys that open the vault. */
    public List<String> keyIds(VaultFormat format) throws InterruptedException {
        return find(format).stream().map(found -> found.blob.keyId()).toList();
    }

    private List<Found> find(VaultFormat format) throws InterruptedException {
        var names = new ArrayList<BlobKey>();
        store.list(BlobNames.KEYS, info -> {
            names.add(info.key());
            return true;
        });
        var found = new ArrayList<Found>();
        Optional<RepositoryException> damage = Optional.empty();
        for (var name : names) {
            try {
                var bytes = Blobs.readAll(store, name, KeyBlob.LONGEST);
                if (bytes.isPresent()) {
                    var blob = KeyBlob.decode(bytes.get(), "blob " + name);
                    if (!blob.vault().equals(format.vault())) {
                        throw new RepositoryException.Corrupt("blob " + name + " is of vault " + blob.vault());
                    }
                    found.add(new Found(name, blob));
                }
            } catch (RepositoryException unusable) {
                damage = Optional.of(unusable);
            }
        }
        if (found.isEmpty()) {
            throw damage.orElseGet(
                    () -> new RepositoryException.Corrupt(
                            "vault " + format.vault()
                                    + " has no key blob (keys/...). Without one nothing can be read; put it back from a copy, or use an escrow file"));
        }
        return found;
    }
}
