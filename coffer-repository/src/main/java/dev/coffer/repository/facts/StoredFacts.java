package dev.coffer.repository.facts;

import dev.coffer.core.legalhold.HoldId;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.repository.HoldFact;
import dev.coffer.core.repository.LockFact;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.VaultFacts;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Blobs;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FieldReader;
import dev.coffer.repository.format.FieldWriter;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.seal.BlobHeader;
import dev.coffer.repository.seal.SealedBlob;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Facts as sealed blobs, numbered, each bound to its key. */
public final class StoredFacts implements VaultFacts {
    // A hold names resources; a request has fewer bytes.
    private static final int LONGEST = 64 << 20;

    private final BlobStore store;
    private final VaultKeys keys;
    private final int segmentBytes;
    private final SecureRandom random;

    public StoredFacts(BlobStore store, VaultKeys keys, int segmentBytes, SecureRandom random) {
        this.store = store;
        this.keys = keys;
        this.segmentBytes = segmentBytes;
        this.random = random;
    }

    @Override
    public Optional<LockFact> lock() throws InterruptedException {
        var newest = newest(BlobNames.LOCKS);
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        long number = newest.getAsLong();
        return Optional.of(new LockFact(number, FactCodec.lock(read(BlobNames.lock(number)))));
    }

    @Override
    public boolean put(LockFact fact) throws InterruptedException {
        return create(BlobNames.lock(fact.number()), FactCodec.fields(fact.lock()));
    }

    @Override
    public Optional<Lifecycle> lifecycle(SessionId id) throws InterruptedException {
        var newest = newest(BlobNames.lifecycles(id));
        return newest.isEmpty()
                ? Optional.empty()
                : Optional.of(FactCodec.lifecycle(read(BlobNames.lifecycle(id, newest.getAsLong()))));
    }

    @Override
    public void put(SessionId id, Lifecycle lifecycle) throws InterruptedException {
        long number = newest(BlobNames.lifecycles(id)).orElse(0) + 1;
        while (!create(BlobNames.lifecycle(id, number), FactCodec.fields(lifecycle))) {
            number++;
        }
    }

    @Override
    public List<HoldFact> holds() throws InterruptedException {
        var newestById = new TreeMap<String, Long>();
        for (var key : keys(BlobNames.HOLDS)) {
            int slash = key.value().lastIndexOf('/') + 1;
            var prefix = key.value().substring(0, slash);
            var number = BlobNames.numberOf(key, prefix);
            if (number.isPresent() && slash > BlobNames.HOLDS.length()) {
                var id = prefix.substring(BlobNames.HOLDS.length(), slash - 1);
                newestById.merge(id, number.getAsLong(), Math::max);
            }
        }
        var holds = new ArrayList<HoldFact>();
        for (var newest : newestById.entrySet()) {
            holds.add(hold(newest));
        }
        return holds;
    }

    private HoldFact hold(Map.Entry<String, Long> newest) throws InterruptedException {
        var id = new HoldId(newest.getKey());
        return FactCodec.hold(id, newest.getValue(), read(BlobNames.hold(id, newest.getValue())));
    }

    @Override
    public boolean put(HoldFact fact) throws InterruptedException {
        return create(BlobNames.hold(fact.id(), fact.number()), FactCodec.fields(fact));
    }

    @Override
    public void forget(HoldId id) throws InterruptedException {
        // In the order of the numbers: until the last one goes, the hold is cancelled.
        var keys = keys(BlobNames.holds(id));
        if (keys.contains(BlobNames.hold(id, HoldFact.CANCELLED))) {
            delete(keys.stream().sorted(Comparator.comparing(BlobKey::value)).toList());
        }
    }

    /** Removes what is recorded of a point that is gone. What the store keeps longer stays; it stands for nothing. */
    public void forget(SessionId id) throws InterruptedException {
        delete(keys(BlobNames.lifecycles(id)));
    }

    /** As far as the store lets them go. */
    private void delete(List<BlobKey> keys) throws InterruptedException {
        for (var key : keys) {
            try {
                store.delete(key);
            } catch (StoreException.Retained stays) {
                return;
            }
        }
    }

    /** Has the store keep the facts that a point is kept by. */
    public void retain(SessionId id, Instant until) throws InterruptedException {
        for (var prefix : List.of(BlobNames.LOCKS, BlobNames.HOLDS, BlobNames.lifecycles(id))) {
            for (var key : keys(prefix)) {
                store.retain(key, until);
            }
        }
    }

    private List<BlobKey> keys(String prefix) throws InterruptedException {
        var found = new ArrayList<BlobKey>();
        store.list(prefix, info -> {
            found.add(info.key());
            return true;
        });
        return found;
    }

    private OptionalLong newest(String prefix) throws InterruptedException {
        return keys(prefix).stream()
                .map(key -> BlobNames.numberOf(key, prefix))
                .flatMapToLong(OptionalLong::stream)
                .max();
    }

    private boolean create(BlobKey key, FieldWriter body) throws InterruptedException {
        var bytes = new byte[Bytes32.LENGTH];
        random.nextBytes(bytes);
        var salt = Bytes32.of(bytes, 0);
        var header = new BlobHeader(BlobHeader.Kind.FACT, segmentBytes, keys.vault(), salt);
        var blob = SealedBlob.seal(header, keys.factKey(salt), name(key), body.array(), body.length());
        try {
            store.create(key, Payload.of(blob));
            return true;
        } catch (StoreException.AlreadyExists other) {
            return false;
        }
    }

    private FieldReader read(BlobKey key) throws InterruptedException {
        var what = "blob " + key;
        var blob = Blobs.readAll(store, key, LONGEST).orElseThrow(() -> new StoreException.NotFound(key));
        var body =
                SealedBlob.open(blob, BlobHeader.Kind.FACT, keys.vault(), segmentBytes, keys::factKey, name(key), what);
        return new FieldReader(body, what);
    }

    private static byte[] name(BlobKey key) {
        return key.value().getBytes(StandardCharsets.US_ASCII);
    }
}
