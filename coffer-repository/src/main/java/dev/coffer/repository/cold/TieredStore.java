package dev.coffer.repository.cold;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.store.BlobInfo;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.Capability;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Blobs;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.VaultFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * The blobs of a vault, wherever they lie: all in the warm store but packs of cold storage, which lie in the cold part. Who reads, lists or deletes sees one store; what is created is warm, unless it goes through {@link #coldSide}.
 * A cold part that is not there (its disk is not mounted) has no packs, so that what is warm goes on; whoever needs it calls {@link #requireCold} first. One that answers with errors fails what lists packs. For any number of threads.
 */
public final class TieredStore implements BlobStore {
    private final BlobStore warm;
    private final Optional<ColdPart> cold;
    // Packs that were seen in the cold part, or are put there; a name never returns, so one too many does no harm. A
    // listing notes them before it shows them, so that nobody knows of a cold pack
    // without knowing that it is cold.
    private final Set<Bytes32> coldPacks = ConcurrentHashMap.newKeySet();
    // The cold part has been seen to be this vault's, which does not change while its format is there.
    private final AtomicBoolean ours = new AtomicBoolean();

    public TieredStore(BlobStore warm, Optional<ColdPart> cold) {
        this.warm = warm;
        this.cold = cold;
    }

    /** Whether the pack lies in cold storage, as far as any listing has shown. */
    public boolean isCold(Bytes32 pack) {
        return coldPacks.contains(pack);
    }

    /** Whether any pack is known to lie in cold storage. */
    public boolean hasColdPacks() {
        return !coldPacks.isEmpty();
    }

    /** Whether the cold part can be reached now, and is this vault's. */
    public boolean coldIsThere() throws InterruptedException {
        return cold.isPresent() && isOurs(cold.get());
    }

    private boolean isOurs(ColdPart part) throws InterruptedException {
        if (ours.get() && part.store().size(BlobNames.FORMAT).isPresent()) {
            return true;
        }
        var theirs = Blobs.readAll(part.store(), BlobNames.FORMAT, VaultFormat.LONGEST);
        var here = Blobs.readAll(warm, BlobNames.FORMAT, VaultFormat.LONGEST);
        boolean same = theirs.isPresent() && here.isPresent() && Arrays.equals(theirs.get(), here.get());
        ours.set(same);
        return same;
    }

    /** Unavailable unless {@link #coldIsThere}, or no point of the vault was ever moved to cold storage. */
    public void requireColdIfUsed() throws InterruptedException {
        var used = new AtomicBoolean();
        warm.list(BlobNames.COLD, _ -> {
            used.set(true);
            return false;
        });
        if (used.get()) {
            requireCold();
        }
    }

    /** Unavailable unless {@link #coldIsThere}. */
    public void requireCold() throws InterruptedException {
        if (!coldIsThere()) {
            throw absent(cold.map(
                            part -> "the cold storage of the vault is not at " + part.folder()
                                    + ". See that its disk is mounted and that the path is right; for `coffer rescue`, name it with --cold")
                    .orElse("the vault has recovery points in cold storage, and none is configured"));
        }
    }

    private static StoreException absent(String what) {
        return new StoreException.Unavailable(what, new IOException("no cold storage"));
    }

    /**
     * Sees that there is a cold part of this vault to write to; durable on return. Unavailable if there is none, and none may be made: its disk is not mounted.
     *
     * @param used whether the vault has had one already
     */
    public void openCold(boolean used) throws InterruptedException {
        if (coldIsThere()) {
            return;
        }
        if (used || cold.isEmpty()) {
            requireCold();
        }
        var part = cold.orElseThrow();
        if (!Files.isDirectory(part.root())) {
            throw absent("the folder of cold storage, " + part.root() + ", is not there. See that its disk is mounted");
        }
        if (part.store().size(BlobNames.FORMAT).isPresent()) {
            throw new RepositoryException.OtherVault(
                    part.folder() + " holds the cold storage of another vault; move it away");
        }
        var format = Blobs.readAll(warm, BlobNames.FORMAT, VaultFormat.LONGEST)
                .orElseThrow(() -> new RepositoryException.NotFound("the format of the vault"));
        Blobs.settle(part.store(), BlobNames.FORMAT, format);
    }

    /** Removes what says whose the cold part is, when its packs are gone and the vault goes. */
    public void closeCold() throws InterruptedException {
        if (coldIsThere()) {
            cold.orElseThrow().store().delete(BlobNames.FORMAT);
        }
    }

    /** The same store, but for new packs: they are made in the cold part, and read back before they count. */
    public BlobStore coldSide() {
        return new ColdSide();
    }

    /** The name of the pack, if it is one that lies in cold storage. */
    private Optional<Bytes32> coldPack(BlobKey key) {
        return BlobNames.digestOf(key).filter(this::isCold);
    }

    private void createCold(BlobKey key, Bytes32 name, Payload payload) throws InterruptedException {
        // What is written to the folder beneath a disk that is not mounted would be hidden by it.
        requireCold();
        var store = cold.orElseThrow().store();
        store.create(key, payload);
        boolean whole = false;
        try {
            whole = PackDigest.of(store, key, payload.size()).equals(name);
        } finally {
            // Nor does one count whose reading was stopped.
            if (!whole) {
                store.delete(key);
            }
        }
        if (!whole) {
            throw new StoreException.Unavailable(
                    "blob " + key + " did not come back from cold storage as it was written",
                    new IOException("another digest"));
        }
    }

    @Override
    public Set<Capability> capabilities() {
        var able =
                warm.capabilities().isEmpty() ? EnumSet.noneOf(Capability.class) : EnumSet.copyOf(warm.capabilities());
        if (cold.isPresent() && !cold.get().store().capabilities().contains(Capability.CONDITIONAL_CREATE)) {
            able.remove(Capability.CONDITIONAL_CREATE);
        }
        return able;
    }

    /** As the port says; a pack that lay in cold storage, and is put back, lies there again. */
    @Override
    public void create(BlobKey key, Payload payload) throws InterruptedException {
        var name = coldPack(key);
        if (name.isPresent()) {
            createCold(key, name.get(), payload);
        } else {
            warm.create(key, payload);
        }
    }

    /** The cold part, if the blob may lie in it. */
    private Optional<BlobStore> coldHolderOf(BlobKey key) {
        return key.value().startsWith(BlobNames.PACKS) ? cold.map(ColdPart::store) : Optional.empty();
    }

    @Override
    public InputStream open(BlobKey key, ByteRange range) throws InterruptedException {
        var other = coldHolderOf(key);
        if (other.isPresent() && coldPack(key).isPresent()) {
            try {
                return other.get().open(key, range);
            } catch (StoreException.NotFound gone) {
                return warm.open(key, range);
            }
        }
        try {
            return warm.open(key, range);
        } catch (StoreException.NotFound absent) {
            if (other.isEmpty()) {
                throw absent;
            }
            return other.get().open(key, range);
        }
    }

    @Override
    public OptionalLong size(BlobKey key) throws InterruptedException {
        var found = warm.size(key);
        var other = coldHolderOf(key);
        return found.isPresent() || other.isEmpty() ? found : other.get().size(key);
    }

    @Override
    public void list(String prefix, Predicate<BlobInfo> visit) throws InterruptedException {
        boolean packs = prefix.startsWith(BlobNames.PACKS) || BlobNames.PACKS.startsWith(prefix);
        if (!packs || !coldIsThere()) {
            warm.list(prefix, visit);
            return;
        }
        var lying = new ArrayDeque<BlobInfo>();
        cold.orElseThrow().store().list(prefix, info -> {
            BlobNames.digestOf(info.key())
                    .filter(_ -> info.key().value().startsWith(BlobNames.PACKS))
                    .ifPresent(name -> {
                        coldPacks.add(name);
                        lying.add(info);
                    });
            return true;
        });
        var merged = new Merged(lying, visit);
        warm.list(prefix, merged);
        merged.rest();
    }

    /** Shows what lies in the cold part at its place among what is warm. A blob that lies in both is shown once. Used by one thread. */
    private static final class Merged implements Predicate<BlobInfo> {
        private final Deque<BlobInfo> lying;
        private final Predicate<BlobInfo> visit;
        private boolean more = true;

        Merged(Deque<BlobInfo> lying, Predicate<BlobInfo> visit) {
            this.lying = lying;
            this.visit = visit;
        }

        @Override
        public boolean test(BlobInfo info) {
            while (more && !lying.isEmpty() && lying.element().key().compareTo(info.key()) <= 0) {
                var next = lying.remove();
                if (!next.key().equals(info.key())) {
                    more = visit.test(next);
                }
            }
            more = more && visit.test(info);
            return more;
        }

        void rest() {
            while (more && !lying.isEmpty()) {
                more = visit.test(lying.remove());
            }
        }
    }

    /** As the port says; a pack of a cold part that cannot retain is left as it is. */
    @Override
    public void retain(BlobKey key, Instant until) throws InterruptedException {
        if (coldPack(key).isEmpty()) {
            warm.retain(key, until);
            return;
        }
        var part = cold.orElseThrow().store();
        if (part.capabilities().contains(Capability.RETENTION)) {
            part.retain(key, until);
        }
    }

    @Override
    public void delete(BlobKey key) throws InterruptedException {
        var other = coldHolderOf(key);
        if (other.isPresent() && other.get().size(key).isPresent()) {
            other.get().delete(key);
        }
        warm.delete(key);
    }

    private final class ColdSide implements BlobStore {
        @Override
        public Set<Capability> capabilities() {
            return TieredStore.this.capabilities();
        }

        @Override
        public void create(BlobKey key, Payload payload) throws InterruptedException {
            if (key.value().startsWith(BlobNames.PACKS)) {
                BlobNames.digestOf(key).ifPresent(coldPacks::add);
            }
            TieredStore.this.create(key, payload);
        }

        @Override
        public InputStream open(BlobKey key, ByteRange range) throws InterruptedException {
            return TieredStore.this.open(key, range);
        }

        @Override
        public void list(String prefix, Predicate<BlobInfo> visit) throws InterruptedException {
            TieredStore.this.list(prefix, visit);
        }

        @Override
        public OptionalLong size(BlobKey key) throws InterruptedException {
            return TieredStore.this.size(key);
        }

        @Override
        public void retain(BlobKey key, Instant until) throws InterruptedException {
            TieredStore.this.retain(key, until);
        }

        @Override
        public void delete(BlobKey key) throws InterruptedException {
            TieredStore.this.delete(key);
        }
    }
}
