package dev.coffer.repository;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.key.KeyProvider;
import dev.coffer.core.key.KeyServiceException;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.key.WrappedKeys;
import dev.coffer.repository.pack.BlockCache;
import dev.coffer.repository.seal.CipherWarmUp;
import dev.coffer.repository.store.Reserve;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Vaults in folders: {@code ACCOUNT/REGION/NAME} below the folder of vaults. Each vault has a data key of its own, wrapped by the key provider. The cache folder is local to this process, and may be lost at any time.
 */
public final class FileRepositories implements Repositories {
    private final Function<Region, Path> vaultsFolder;
    private final Path cacheFolder;
    private final KeyProvider keys;
    private final SecureRandom random;
    private final RepositorySettings settings;
    private final BlockCache blocks;
    // A name that begins with a dot is no account.
    private static final String RESERVE = ".reserve";
    private static final long RESERVE_BYTES = 16 << 20;
    private static final byte[] PROBE = "coffer: does the key work?".getBytes(StandardCharsets.US_ASCII);

    private final Map<Address, Slot> slots = new ConcurrentHashMap<>();

    private record Address(Scope scope, VaultName name) {}

    /** What happens to one address happens one after the other. */
    private static final class Slot {
        private final ReentrantLock lock = new ReentrantLock();
        private Optional<VaultRepository> open = Optional.empty();
    }

    /**
     * Repositories with the standard settings and 16 MiB of disk kept for deletions; takes a fraction of a second to make the virtual machine compile the cipher.
     *
     * @param coldFolder where the cold parts of the vaults are, or will be
     * @param owner names this installation; one process at most runs under it at a time
     */
    public FileRepositories(
            Path vaultsFolder, Path coldFolder, Path cacheFolder, KeyProvider keys, SecureRandom random, String owner) {
        this(_ -> vaultsFolder, _ -> coldFolder, vaultsFolder, cacheFolder, keys, random, owner);
    }

    /**
     * As the other, with folders for each Region.
     *
     * @param reserveFolder has room for deletions kept in it
     */
    public FileRepositories(
            Function<Region, Path> vaultsFolder,
            Function<Region, Path> coldFolder,
            Path reserveFolder,
            Path cacheFolder,
            KeyProvider keys,
            SecureRandom random,
            String owner) {
        this(
                vaultsFolder,
                cacheFolder,
                keys,
                random,
                RepositorySettings.standard(Runtime.getRuntime().availableProcessors())
                        .withOwner(owner)
                        .withCold(RepositorySettings.Cold.in(coldFolder))
                        .withReserve(Reserve.of(reserveFolder.resolve(RESERVE), RESERVE_BYTES, random)));
        CipherWarmUp.run();
    }

    public FileRepositories(
            Path vaultsFolder, Path cacheFolder, KeyProvider keys, SecureRandom random, RepositorySettings settings) {
        this(_ -> vaultsFolder, cacheFolder, keys, random, settings);
    }

    private FileRepositories(
            Function<Region, Path> vaultsFolder,
            Path cacheFolder,
            KeyProvider keys,
            SecureRandom random,
            RepositorySettings settings) {
        this.vaultsFolder = vaultsFolder;
        this.cacheFolder = cacheFolder;
        this.keys = keys;
        this.random = random;
        this.settings = settings;
        this.blocks = new BlockCache(settings.readCacheBytes());
    }

    private Slot slot(Scope scope, VaultName name) {
        return slots.computeIfAbsent(new Address(scope, name), _ -> new Slot());
    }

    private VaultPlace place(Scope scope, VaultName name) {
        return new VaultPlace(vaultsFolder.apply(scope.region()), scope, name, settings, random);
    }

    private Path cache(VaultId id) {
        return cacheFolder.resolve(id.toString());
    }

    @Override
    public void create(Scope scope, VaultName name, VaultId id) throws InterruptedException {
        create(scope, name, id, keys);
    }

    @Override
    public void create(Scope scope, VaultName name, VaultId id, Arn customerKey) throws InterruptedException {
        var named = keys.under(customerKey);
        // A key that may encrypt and not decrypt would make a vault that nobody opens.
        var tried = new byte[VaultKeys.DATA_KEY_BYTES];
        random.nextBytes(tried);
        if (!Arrays.equals(tried, named.unwrap(named.keyId(), named.wrap(tried, PROBE), PROBE))) {
            throw new KeyServiceException("the key " + customerKey + " does not decrypt what it has encrypted", false);
        }
        create(scope, name, id, named);
    }

    private void create(Scope scope, VaultName name, VaultId id, KeyProvider wrapping) throws InterruptedException {
        var slot = slot(scope, name);
        slot.lock.lockInterruptibly();
        try {
            place(scope, name).create(id, wrapping, settings.newVaults(), random);
        } finally {
            slot.lock.unlock();
        }
    }

    @Override
    public Optional<Arn> customerKey(Scope scope, VaultName name, VaultId id) throws InterruptedException {
        var place = place(scope, name);
        return new WrappedKeys(place.store())
                .keyIds(place.existing(id)).stream()
                        .flatMap(keyId -> keys.customerKey(keyId).stream())
                        .findFirst();
    }

    @Override
    public Repository open(Scope scope, VaultName name, VaultId id) throws InterruptedException {
        var slot = slot(scope, name);
        slot.lock.lockInterruptibly();
        try {
            if (slot.open.isPresent() && slot.open.get().vault().equals(id)) {
                return slot.open.get();
            }
            var place = place(scope, name);
            var format = place.existing(id);
            var vaultKeys = new VaultKeys(id, new WrappedKeys(place.store()).open(format, keys));
            var opened = VaultRepository.open(
                    place.store(), vaultKeys, format.parameters(), cache(id), blocks, random, settings);
            slot.open.ifPresent(VaultRepository::close);
            slot.open = Optional.of(opened);
            return opened;
        } finally {
            slot.lock.unlock();
        }
    }

    @Override
    public boolean rewrap(Scope scope, VaultName name, VaultId id) throws InterruptedException {
        var slot = slot(scope, name);
        slot.lock.lockInterruptibly();
        try {
            var place = place(scope, name);
            var wrapping = customerKey(scope, name, id).map(keys::under).orElse(keys);
            return new WrappedKeys(place.store()).rewrap(place.existing(id), wrapping);
        } finally {
            slot.lock.unlock();
        }
    }

    @Override
    public void destroy(Scope scope, VaultName name, VaultId id) throws InterruptedException {
        var slot = slot(scope, name);
        slot.lock.lockInterruptibly();
        try {
            // A write that still runs finds the repository closed, and commits nothing.
            if (place(scope, name).destroy(id, () -> close(slot, id))) {
                VaultPlace.removeCache(cache(id));
            }
        } finally {
            slot.lock.unlock();
        }
    }

    private static void close(Slot slot, VaultId id) {
        if (slot.open.isPresent() && slot.open.get().vault().equals(id)) {
            slot.open.get().close();
            slot.open = Optional.empty();
        }
    }

    @Override
    public void close() {
        for (var slot : slots.values()) {
            slot.lock.lock();
            try {
                slot.open.ifPresent(VaultRepository::close);
                slot.open = Optional.empty();
            } finally {
                slot.lock.unlock();
            }
        }
    }
}
