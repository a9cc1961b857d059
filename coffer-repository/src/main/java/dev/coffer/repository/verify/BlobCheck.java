package dev.coffer.repository.verify;

import dev.coffer.core.store.BlobInfo;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.StoreException;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Bytes32;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Optional;

/** Compares a blob with the digest that its name or its end gives. Needs no keys. */
final class BlobCheck {
    private static final int BUFFER = 1 << 20;

    private BlobCheck() {}

    /** What is wrong with the blob; empty if it is whole, or gone, or none of this format. */
    static Optional<String> damage(BlobStore store, BlobInfo info) throws InterruptedException {
        var named = BlobNames.digestOf(info.key());
        try {
            if (named.isPresent()) {
                return digest(store, info.key(), info.size(), new byte[0]).equals(named.get())
                        ? Optional.empty()
                        : Optional.of("its bytes are not those that its name stands for");
            }
            return endsWithDigest(info.key()) ? damageBefore(store, info) : Optional.empty();
        } catch (StoreException.NotFound gone) {
            return Optional.empty();
        } catch (StoreException.OutOfRange shorter) {
            return Optional.of("it is cut off");
        }
    }

    private static boolean endsWithDigest(BlobKey key) {
        return key.equals(BlobNames.FORMAT)
                || key.value().startsWith(BlobNames.POINTS)
                || key.value().startsWith(BlobNames.SESSIONS)
                || key.value().startsWith(BlobNames.SWEEPS)
                || key.value().startsWith(BlobNames.LOCKS)
                || key.value().startsWith(BlobNames.LIFECYCLES)
                || key.value().startsWith(BlobNames.HOLDS);
    }

    private static Optional<String> damageBefore(BlobStore store, BlobInfo info) throws InterruptedException {
        var end = new byte[Bytes32.LENGTH];
        if (info.size() < end.length) {
            return Optional.of("it is cut off");
        }
        var digest = digest(store, info.key(), info.size(), end);
        return digest.equals(Bytes32.of(end, 0)) ? Optional.empty() : Optional.of("its digest is another one");
    }

    /** The digest of the blob without its end, which goes into the array. */
    private static Bytes32 digest(BlobStore store, BlobKey key, long size, byte[] end) throws InterruptedException {
        try (var in = store.open(key, new ByteRange(0, size))) {
            var sha = MessageDigest.getInstance("SHA-256");
            var buffer = new byte[BUFFER];
            long left = size - end.length;
            while (left > 0) {
                int count = in.readNBytes(buffer, 0, (int) Math.min(buffer.length, left));
                if (count <= 0) {
                    throw new StoreException.OutOfRange(key, new ByteRange(0, size), size - left);
                }
                sha.update(buffer, 0, count);
                left -= count;
            }
            in.readNBytes(end, 0, end.length);
            return Bytes32.of(sha.digest(), 0);
        } catch (IOException failure) {
            throw new StoreException.Unavailable("blob " + key + " cannot be read: " + failure.getMessage(), failure);
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
