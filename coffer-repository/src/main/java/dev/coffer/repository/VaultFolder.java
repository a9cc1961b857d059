package dev.coffer.repository;

import dev.coffer.core.key.KeyProvider;
import dev.coffer.core.key.WrongKey;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.VerifyReport;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.vault.VaultId;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Blobs;
import dev.coffer.repository.format.VaultFormat;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.key.WrappedKeys;
import dev.coffer.repository.pack.BlockCache;
import dev.coffer.repository.store.FsBlobStore;
import dev.coffer.repository.verify.KeylessVerifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** One vault by its folder alone, for those who have no server and no catalog. Nothing in the folder is changed unless it was opened for that. */
public final class VaultFolder {
    private final Path folder;
    private final BlobStore store;
    private final VaultFormat format;

    private VaultFolder(Path folder, BlobStore store, VaultFormat format) {
        this.folder = folder;
        this.store = store;
        this.format = format;
    }

    /** What can be counted without keys. */
    public record Contents(long points, long packs, long bytes) {}

    /** Whether a folder looks like a vault. */
    public static boolean isVault(Path folder) {
        return Files.isRegularFile(folder.resolve(BlobNames.FORMAT.value()))
                && Files.isDirectory(folder.resolve(BlobNames.KEYS));
    }

    /** The vault in the folder, to read from; NotFound if it holds none. */
    public static VaultFolder toRead(Path folder) throws InterruptedException {
        return of(folder, FsBlobStore.readOnly(folder));
    }

    /** The vault in the folder, to be put right where it is damaged. No server works on it meanwhile. */
    public static VaultFolder toRepair(Path folder, SecureRandom random) throws InterruptedException {
        return of(folder, new FsBlobStore(folder, random));
    }

    private static VaultFolder of(Path folder, BlobStore store) throws InterruptedException {
        var format = Blobs.readAll(store, BlobNames.FORMAT, VaultFormat.LONGEST)
                .map(VaultFormat::decode)
                .orElseThrow(() -> new RepositoryException.NotFound("a vault in the folder " + folder));
        return new VaultFolder(folder, store, format);
    }

    public Path folder() {
        return folder;
    }

    public VaultId id() {
        return format.vault();
    }

    /** The blobs themselves. */
    public BlobStore store() {
        return store;
    }

    /** The ids of the keys that open it. */
    public List<String> keyIds() throws InterruptedException {
        return new WrappedKeys(store).keyIds(format);
    }

    /** Counts what is there. */
    public Contents contents() throws InterruptedException {
        var points = new AtomicLong();
        var packs = new AtomicLong();
        var bytes = new AtomicLong();
        store.list("", info -> {
            bytes.addAndGet(info.size());
            if (info.key().value().startsWith(BlobNames.POINTS)) {
                points.incrementAndGet();
            } else if (info.key().value().startsWith(BlobNames.PACKS)) {
                packs.incrementAndGet();
            }
            return true;
        });
        return new Contents(points.get(), packs.get(), bytes.get());
    }

    /** Compares every blob with its digest, without keys. */
    public VerifyReport verifyWithoutKeys() throws InterruptedException {
        return new KeylessVerifier(store).verify();
    }

    /** The data key, for an escrow file. The caller clears the array. */
    public byte[] dataKey(KeyProvider keys) throws InterruptedException {
        return new WrappedKeys(store).open(format, keys);
    }

    /** What the wrapping of the data key is bound to. */
    public byte[] context() {
        return format.context();
    }

    /**
     * Opens it; the caller closes it.
     *
     * @param cache a folder for the local index, which may be empty, and lost afterwards
     * @throws WrongKey if the provider's key does not open the vault
     */
    public Repository open(KeyProvider keys, Path cache, SecureRandom random) throws InterruptedException {
        var dataKey = dataKey(keys);
        try {
            return open(dataKey, cache, random);
        } finally {
            Arrays.fill(dataKey, (byte) 0);
        }
    }

    /** Opens it with its data key, for example from an escrow file; WrongKey if it is another vault's. */
    public Repository open(byte[] dataKey, Path cache, SecureRandom random) throws InterruptedException {
        var vaultKeys = new VaultKeys(format.vault(), dataKey);
        if (!vaultKeys.check().equals(format.keyCheck())) {
            throw new WrongKey("the key at hand is not the data key of vault " + format.vault());
        }
        var settings = RepositorySettings.standard(Runtime.getRuntime().availableProcessors());
        return VaultRepository.open(
                store,
                vaultKeys,
                format.parameters(),
                cache,
                new BlockCache(settings.readCacheBytes()),
                random,
                settings);
    }
}
