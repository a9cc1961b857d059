package dev.coffer.testkit.repository;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Vaults in memory, by the rules of the port. What was stored survives {@link #close}, after which the vaults can be opened again: to a test that is a restart of the process. Bytes of forgotten points
 * stay until their vault is destroyed. Safe for many threads.
 */
public final class MemoryRepositories implements Repositories {
    private record Place(Scope scope, VaultName name) {}

    /** Guarded by this. */
    private final Map<Place, MemoryStorage> storageByPlace = new HashMap<>();
    /** Guarded by this. */
    private final Map<Place, MemoryRepository> openByPlace = new HashMap<>();

    private final Optional<InstantSource> retention;

    /** No vaults, in memory that cannot keep anybody from anything. */
    public MemoryRepositories() {
        this(Optional.empty());
    }

    private MemoryRepositories(Optional<InstantSource> retention) {
        this.retention = retention;
    }

    /** The same in memory that keeps what it was told to keep, by a clock of its own. */
    public static MemoryRepositories retaining(InstantSource clock) {
        return new MemoryRepositories(Optional.of(clock));
    }

    @Override
    public synchronized void create(Scope scope, VaultName name, VaultId id) {
        var place = new Place(scope, name);
        var present = storageByPlace.get(place);
        if (present != null) {
            if (present.vault().equals(id)) {
                return;
            }
            if (present.hasPoints()) {
                throw new RepositoryException.Occupied(
                        "the storage of vault " + name + " in " + scope + " holds recovery points of another vault");
            }
            remove(place, present);
        }
        storageByPlace.put(place, new MemoryStorage(id, retention));
    }

    @Override
    public synchronized Repository open(Scope scope, VaultName name, VaultId id) {
        var place = new Place(scope, name);
        var present = storageByPlace.get(place);
        if (present == null) {
            throw new RepositoryException.NotFound("vault " + name + " in " + scope);
        }
        if (!present.vault().equals(id)) {
            throw new RepositoryException.OtherVault(
                    "the storage of vault " + name + " in " + scope + " belongs to another vault");
        }
        return openByPlace.computeIfAbsent(place, _ -> new MemoryRepository(present));
    }

    /** Memory has no keys. */
    @Override
    public boolean rewrap(Scope scope, VaultName name, VaultId id) {
        open(scope, name, id);
        return false;
    }

    @Override
    public synchronized void destroy(Scope scope, VaultName name, VaultId id) {
        var place = new Place(scope, name);
        var present = storageByPlace.get(place);
        if (present != null && present.vault().equals(id)) {
            remove(place, present);
        }
    }

    private void remove(Place place, MemoryStorage storage) {
        var open = openByPlace.remove(place);
        if (open != null) {
            open.close();
        }
        storage.destroy();
        storageByPlace.remove(place);
    }

    @Override
    public synchronized void close() {
        openByPlace.values().forEach(MemoryRepository::close);
        openByPlace.clear();
    }
}
