package dev.coffer.repository;

import dev.coffer.core.key.KeyProvider;
import dev.coffer.core.key.WrongKey;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.VerifyReport;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.vault.VaultId;
import dev.coffer.repository.cold.ColdPart;
import dev.coffer.repository.cold.TieredStore;
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
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** One vault by its folder alone, for those who have no server and no catalog. Nothing in the folder is changed unless it was opened for that. */
public final class VaultFolder {
    /** The folder of cold storage of a server whose configuration names none: in the data folder, or in the folder that it names for vaults. */
    public static final String COLD = "cold";

    private static final int BELOW_VAULTS = 3;

    private final Path folder;
    private final TieredStore store;
    private final VaultFormat format;

    private VaultFolder(Path folder, TieredStore store, VaultFormat format) {
        this.folder = folder;
        this.store = store;
        this.format = format;
    }

    /**
     * What can be counted without keys.
     *
     * @param packs all packs, those of cold storage included
     * @param bytes of all blobs, likewise
     */
    public record Contents(long points, long packs, long bytes, long coldPoints, long coldPacks, long coldBytes) {}

    /** Whether a folder looks like a vault. */
    public static boolean isVault(Path folder) {
        return Files.isRegularFile(folder.resolve(BlobNames.FORMAT.value()))
                && Files.isDirectory(folder.resolve(BlobNames.KEYS));
    }

    /**
     * The vault in the folder, to read from; NotFound if it holds none.
     *
     * @param cold the folder of its cold storage; if it is left out, it is looked for where a server without configuration has it
     */
    public static VaultFolder toRead(Path folder, Optional<Path> cold) throws InterruptedException {
        return of(folder, cold, FsBlobStore::readOnly);
    }

    /** The same, to be put right where it is damaged. No server works on it meanwhile. */
    public static VaultFolder toRepair(Path folder, Optional<Path> cold, SecureRandom random)
            throws InterruptedException {
        return of(folder, cold, place -> new FsBlobStore(place, random));
    }

    private static VaultFolder of(Path folder, Optional<Path> cold, Function<Path, BlobStore> stores)
            throws InterruptedException {
        var part = cold.or(() -> usualCold(folder.toAbsolutePath().normalize()))
                .map(place -> new ColdPart(stores.apply(place), place, place));
        var store = new TieredStore(stores.apply(folder), part);
        var format = Blobs.readAll(store, BlobNames.FORMAT, VaultFormat.LONGEST)
                .map(VaultFormat::decode)
                .orElseThrow(() -> new RepositoryException.NotFound("a vault in the folder " + folder));
        if (cold.isPresent()) {
            // Named, it has to be this vault's.
            store.requireCold();
        }
        return new VaultFolder(folder, store, format);
    }

    /** For {@code DATA/vaults/ACCOUNT/REGION/NAME}: {@code DATA/cold/ACCOUNT/REGION/NAME}, or, if there is nothing, {@code DATA/vaults/cold/ACCOUNT/REGION/NAME}. */
    private static Optional<Path> usualCold(Path folder) {
        int names = folder.getNameCount();
        if (names <= BELOW_VAULTS) {
            return Optional.empty();
        }
        var vaults = folder.resolve("../".repeat(BELOW_VAULTS)).normalize();
        var place = folder.subpath(names - BELOW_VAULTS, names);
        var inside = vaults.resolve(COLD).resolve(place);
        boolean isBeside = vaults.getNameCount() > 0
                && (Files.exists(vaults.resolveSibling(COLD).resolve(place)) || !Files.exists(inside));
        return Optional.of(isBeside ? vaults.resolveSibling(COLD).resolve(place) : inside);
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
        var coldPoints = new AtomicLong();
        var coldPacks = new AtomicLong();
        var coldBytes = new AtomicLong();
        store.list("", info -> {
            bytes.addAndGet(info.size());
            var key = info.key();
            if (key.value().startsWith(BlobNames.POINTS)) {
                points.incrementAndGet();
            } else if (key.value().startsWith(BlobNames.COLD)) {
                coldPoints.incrementAndGet();
            } else if (key.value().startsWith(BlobNames.PACKS)) {
                packs.incrementAndGet();
                if (BlobNames.digestOf(key).filter(store::isCold).isPresent()) {
                    coldPacks.incrementAndGet();
                    coldBytes.addAndGet(info.size());
                }
            }
            return true;
        });
        return new Contents(points.get(), packs.get(), bytes.get(), coldPoints.get(), coldPacks.get(), coldBytes.get());
    }

    /** Compares every blob with its digest, without keys. */
    public VerifyReport verifyWithoutKeys() throws InterruptedException {
        store.requireColdIfUsed();
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
