package dev.coffer.repository.verify;

import dev.coffer.core.store.BlobInfo;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import dev.coffer.repository.format.BlobNames;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;

/** Takes blobs over from another store of the same vault. A blob is only put in when the copy's has been seen to be whole; until then the damaged one stays. */
final class SecondCopy {
    private final BlobStore store;
    private final BlobStore copy;

    SecondCopy(BlobStore store, BlobStore copy) {
        this.store = store;
        this.copy = copy;
    }

    /** Replaces a damaged or missing blob; false if the copy has none that is whole, or the store lets go of the damaged one not yet. */
    boolean replace(BlobKey key) throws InterruptedException {
        var size = copy.size(key);
        if (size.isEmpty()
                || BlobCheck.damage(copy, new BlobInfo(key, size.getAsLong())).isPresent()) {
            return false;
        }
        try {
            store.delete(key);
        } catch (StoreException.Retained stays) {
            return false;
        }
        store.create(key, new Copied(key, size.getAsLong()));
        return BlobCheck.damage(store, new BlobInfo(key, store.size(key).orElse(0)))
                .isEmpty();
    }

    /** Takes over the packs that the store has not, and then those that it has in another size; returns how many. */
    int addMissingPacks() throws InterruptedException {
        var missing = new ArrayList<BlobKey>();
        var known = new ArrayList<BlobInfo>();
        copy.list(BlobNames.PACKS, info -> {
            known.add(info);
            return true;
        });
        var different = new ArrayList<BlobKey>();
        for (var info : known) {
            if (BlobNames.digestOf(info.key()).isPresent()) {
                var size = store.size(info.key());
                if (size.isEmpty()) {
                    missing.add(info.key());
                } else if (size.getAsLong() != info.size()) {
                    different.add(info.key());
                }
            }
        }
        int added = 0;
        for (var key : missing) {
            added += replace(key) ? 1 : 0;
        }
        for (var key : different) {
            added += replace(key) ? 1 : 0;
        }
        return added;
    }

    private final class Copied implements Payload {
        private final BlobKey key;
        private final long size;

        Copied(BlobKey key, long size) {
            this.key = key;
            this.size = size;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public InputStream open() throws IOException {
            try {
                return copy.open(key, new ByteRange(0, size));
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new IOException("copying was stopped", stop);
            }
        }
    }
}
