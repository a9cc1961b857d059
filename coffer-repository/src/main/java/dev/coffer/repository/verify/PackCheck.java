package dev.coffer.repository.verify;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.StoreException;
import dev.coffer.repository.chunk.ChunkCoder;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FormatParameters;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.pack.PackDirectory;
import dev.coffer.repository.pack.PackLayout;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Looks into packs. Holds one pack in memory; used by one thread. */
final class PackCheck {
    private static final int SLICE = 4 << 20;

    private final BlobStore store;
    private final VaultKeys keys;
    private final FormatParameters parameters;
    private byte[] bytes = new byte[0];
    private byte[] plain = new byte[0];

    PackCheck(BlobStore store, VaultKeys keys, FormatParameters parameters) {
        this.store = store;
        this.keys = keys;
        this.parameters = parameters;
    }

    /**
     * What is wrong with a pack.
     *
     * @param chunks those of its chunks that cannot be relied on; empty if even that cannot be told
     */
    record Damage(String what, Optional<List<Bytes32>> chunks) {}

    /** Reads the directory alone. */
    Optional<Damage> directory(Bytes32 name, long size) throws InterruptedException {
        try {
            PackLayout.read(store, name, size, keys, parameters);
            return Optional.empty();
        } catch (RepositoryException.Corrupt damaged) {
            return Optional.of(new Damage(String.valueOf(damaged.getMessage()), Optional.empty()));
        }
    }

    /**
     * Reads all of it.
     *
     * @param coder opens each chunk and compares it with its id; without one, the digest alone is compared
     */
    Optional<Damage> all(Bytes32 name, long size, Optional<ChunkCoder> coder) throws InterruptedException {
        if (size > Integer.MAX_VALUE - 64) {
            return Optional.of(new Damage("it has " + size + " bytes, more than a pack has", Optional.empty()));
        }
        boolean whole = load(BlobNames.pack(name), (int) size).equals(name);
        if (whole && coder.isEmpty()) {
            return Optional.empty();
        }
        PackDirectory directory;
        try {
            directory = PackLayout.read(
                    (offset, length) -> Arrays.copyOfRange(bytes, (int) offset, (int) offset + length),
                    name,
                    size,
                    keys,
                    parameters);
        } catch (RepositoryException.Corrupt damaged) {
            return Optional.of(new Damage(String.valueOf(damaged.getMessage()), Optional.empty()));
        }
        var broken = coder.isPresent() ? broken(directory, coder.get()) : List.<Bytes32>of();
        if (whole && broken.isEmpty()) {
            return Optional.empty();
        }
        var what = whole
                ? "chunks in it are not what their ids stand for"
                : "its bytes are not those that its name stands for";
        return Optional.of(new Damage(what, coder.isPresent() ? Optional.of(broken) : Optional.empty()));
    }

    private Bytes32 load(BlobKey key, int size) throws InterruptedException {
        if (bytes.length < size) {
            bytes = new byte[Math.max(size, Math.min(parameters.packBytes(), 2 * bytes.length))];
        }
        try (var in = store.open(key, new ByteRange(0, size))) {
            var sha = MessageDigest.getInstance("SHA-256");
            for (int at = 0; at < size; ) {
                int count = in.readNBytes(bytes, at, Math.min(SLICE, size - at));
                if (count <= 0) {
                    throw new StoreException.Unavailable("blob " + key + " ended early", new IOException("short read"));
                }
                sha.update(bytes, at, count);
                at += count;
            }
            return Bytes32.of(sha.digest(), 0);
        } catch (IOException failure) {
            throw new StoreException.Unavailable("blob " + key + " cannot be read: " + failure.getMessage(), failure);
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private List<Bytes32> broken(PackDirectory pack, ChunkCoder coder) {
        var broken = new ArrayList<Bytes32>();
        var key = keys.packKey(pack.salt());
        for (var entry : pack.entries()) {
            if (plain.length < entry.logicalBytes()) {
                plain = new byte[Math.max(entry.logicalBytes(), parameters.chunkMax())];
            }
            boolean sound = coder.open(
                    key,
                    entry.offset(),
                    entry.encoding(),
                    bytes,
                    entry.offset(),
                    entry.sealedBytes(),
                    entry.id(),
                    plain,
                    entry.logicalBytes());
            if (!sound) {
                broken.add(entry.id());
            }
        }
        return broken;
    }
}
