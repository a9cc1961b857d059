package dev.coffer.repository;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.key.KeyProvider;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import dev.coffer.repository.cold.ColdPart;
import dev.coffer.repository.cold.TieredStore;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Blobs;
import dev.coffer.repository.format.FormatParameters;
import dev.coffer.repository.format.VaultFormat;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.key.WrappedKeys;
import dev.coffer.repository.store.FsBlobStore;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/** The folder of one vault: how it comes to be, what is found in it, how it goes. Used by one thread at a time. */
final class VaultPlace {
    private final VaultName name;
    private final Path folder;
    private final Optional<ColdPart> cold;
    private final TieredStore store;

    VaultPlace(Path vaults, Scope scope, VaultName name, RepositorySettings settings, RandomGenerator random) {
        this.name = name;
        this.folder = below(vaults, scope, name);
        this.cold = settings.cold().map(storage -> coldPart(storage, scope, name, random));
        this.store = new TieredStore(settings.around().apply(new FsBlobStore(folder, random)), cold);
    }

    private static Path below(Path root, Scope scope, VaultName name) {
        return root.resolve(scope.account().toString())
                .resolve(scope.region().toString())
                .resolve(name.value());
    }

    private static ColdPart coldPart(
            RepositorySettings.Cold storage, Scope scope, VaultName name, RandomGenerator random) {
        var root = storage.folder().apply(scope.region());
        var place = below(root, scope, name);
        return new ColdPart(storage.around().apply(new FsBlobStore(place, random)), root, place);
    }

    TieredStore store() {
        return store;
    }

    private Optional<VaultFormat> format() throws InterruptedException {
        return Blobs.readAll(store, BlobNames.FORMAT, VaultFormat.LONGEST).map(VaultFormat::decode);
    }

    private boolean holds(String prefix) throws InterruptedException {
        var any = new AtomicBoolean();
        store.list(prefix, _ -> {
            any.set(true);
            return false;
        });
        return any.get();
    }

    void create(VaultId id, KeyProvider keys, FormatParameters parameters, SecureRandom random)
            throws InterruptedException {
        if (isThere(id)) {
            var format = Blobs.readAll(store, BlobNames.FORMAT, VaultFormat.LONGEST);
            if (format.isPresent()) {
                // An earlier attempt may have failed when the vault could be seen already.
                Blobs.settle(store, BlobNames.FORMAT, format.get());
                return;
            }
        }
        if (holds(BlobNames.POINTS)) {
            throw new RepositoryException.Occupied("the folder " + folder
                    + " holds recovery points of another vault; move it away to make vault " + name + " anew");
        }
        clear();
        var dataKey = new byte[VaultKeys.DATA_KEY_BYTES];
        random.nextBytes(dataKey);
        var format = new VaultFormat(id, parameters, new VaultKeys(id, dataKey).check());
        var wrapped = new WrappedKeys(store).add(format, keys, dataKey);
        Arrays.fill(dataKey, (byte) 0);
        try {
            store.create(BlobNames.FORMAT, Payload.of(format.encode()));
        } catch (StoreException.AlreadyExists another) {
            // Another process was faster, or an attempt that seemed to fail was not.
            if (!isThere(id)) {
                throw new RepositoryException.Occupied("the folder " + folder + " has become another vault's");
            }
            if (!existing(id).equals(format)) {
                store.delete(wrapped);
            }
        }
    }

    private boolean isThere(VaultId id) throws InterruptedException {
        try {
            var format = format();
            return format.isPresent() && format.get().vault().equals(id);
        } catch (RepositoryException.Corrupt damaged) {
            // Whose it was cannot be said. With recovery points it stays as it is, and without it is a leftover.
            if (holds(BlobNames.POINTS)) {
                throw damaged;
            }
            return false;
        }
    }

    /** The format of the vault that must be here. */
    VaultFormat existing(VaultId id) throws InterruptedException {
        var format = format();
        if (format.isEmpty()) {
            if (holds(BlobNames.POINTS) || holds(BlobNames.PACKS)) {
                throw new RepositoryException.Corrupt("the format file of vault " + name + " is missing in " + folder
                        + ", which holds its data. Without it nothing can be read; put it back from a copy");
            }
            throw new RepositoryException.NotFound("vault " + name + " (" + id + ", in " + folder + ")");
        }
        if (!format.get().vault().equals(id)) {
            throw new RepositoryException.OtherVault("the folder " + folder + " holds vault "
                    + format.get().vault() + ", and vault " + name + " is " + id);
        }
        return format.get();
    }

    /**
     * Whether this place is now free of the vault.
     *
     * @param beforeRemoval runs when the vault may go and all of it is still there
     */
    boolean destroy(VaultId id, Runnable beforeRemoval) throws InterruptedException {
        var format = format();
        if (format.isPresent()) {
            if (!format.get().vault().equals(id)) {
                return false;
            }
            if (holds(BlobNames.POINTS)) {
                throw new RepositoryException.Occupied("vault " + name + " still holds recovery points");
            }
            beforeRemoval.run();
            clear();
        } else if (!holds(BlobNames.POINTS) && !holds(BlobNames.PACKS)) {
            // An earlier attempt stopped behind the format.
            clear();
        }
        removeEmptyFolders(folder);
        cold.map(ColdPart::folder).ifPresent(VaultPlace::removeEmptyFolders);
        return true;
    }

    /** Removes all blobs, the format last: until then a repeat knows whose they are. */
    private void clear() throws InterruptedException {
        var keys = new ArrayList<BlobKey>();
        store.list("", info -> {
            keys.add(info.key());
            return true;
        });
        // Index blobs come before packs in the order of keys, so none names a pack that is gone.
        var last = keys.stream()
                .filter(key -> key.value().startsWith(BlobNames.KEYS))
                .toList();
        keys.removeAll(last);
        keys.remove(BlobNames.FORMAT);
        for (var key : keys) {
            store.delete(key);
        }
        store.closeCold();
        store.delete(BlobNames.FORMAT);
        for (var key : last) {
            store.delete(key);
        }
    }

    private static void removeEmptyFolders(Path folder) {
        var folders = new ArrayList<Path>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    folders.add(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
            for (var directory : folders.reversed()) {
                Files.deleteIfExists(directory);
            }
        } catch (NoSuchFileException | java.nio.file.DirectoryNotEmptyException stays) {
            // Somebody else's file, or nothing: the blobs are gone all the same.
            return;
        } catch (IOException failure) {
            throw new StoreException.Unavailable("the empty folder " + folder + " cannot be removed", failure);
        }
    }

    /** Removes a folder of files that are no more needed. */
    static void removeCache(Path folder) {
        try {
            List<Path> all;
            try (var found = Files.walk(folder)) {
                all = found.toList();
            }
            for (var path : all.reversed()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | java.io.UncheckedIOException stays) {
            // A cache that stays costs its space; nobody reads it, since the vault's id never returns.
            return;
        }
    }
}
