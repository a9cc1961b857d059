package dev.coffer.repository.verify;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.repository.chunk.ChunkCoder;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Blobs;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.Digests;
import dev.coffer.repository.format.FormatParameters;
import dev.coffer.repository.index.ChunkIndex;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.pack.PackDirectory;
import dev.coffer.repository.pack.PackLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Looks into packs. Holds one pack in memory; used by one thread. */
final class PackCheck {
    private final BlobStore store;
    private final VaultKeys keys;
    private final FormatParameters parameters;
    private final ChunkIndex index;
    private byte[] bytes = new byte[0];
    private byte[] plain = new byte[0];

    PackCheck(BlobStore store, VaultKeys keys, FormatParameters parameters, ChunkIndex index) {
        this.store = store;
        this.keys = keys;
        this.parameters = parameters;
        this.index = index;
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
        load(BlobNames.pack(name), (int) size);
        if (coder.isEmpty() && isNamed(name, (int) size)) {
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
        if (broken.isEmpty() && coder.isPresent() && isProven(directory)) {
            return Optional.empty();
        }
        boolean whole = isNamed(name, (int) size);
        if (whole && broken.isEmpty()) {
            return Optional.empty();
        }
        var what = whole
                ? "chunks in it are not what their ids stand for"
                : "its bytes are not those that its name stands for";
        return Optional.of(new Damage(what, coder.isPresent() ? Optional.of(broken) : Optional.empty()));
    }

    /**
     * Whether a pack whose chunks are all authentic is the one that the index knows by its name, so that its digest need not be taken: no byte of it lies outside of what is authenticated, and the
     * key of that, which is made for one pack, is the one in the index.
     */
    private boolean isProven(PackDirectory pack) {
        return PackLayout.isGapless(bytes, pack, keys.vault(), parameters.segmentBytes())
                && pack.entries().stream()
                        .findFirst()
                        .filter(first ->
                                !index.places(first.id(), place -> !place.pack().equals(pack.pack())))
                        .isPresent();
    }

    private boolean isNamed(Bytes32 name, int size) {
        return Digests.sha256(bytes, 0, size).equals(name);
    }

    private void load(BlobKey key, int size) throws InterruptedException {
        if (bytes.length < size) {
            bytes = new byte[Math.max(size, Math.min(parameters.packBytes(), 2 * bytes.length))];
        }
        Blobs.read(store, key, 0, bytes, size);
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
