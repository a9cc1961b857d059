package dev.coffer.core.repository;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.key.KeyServiceException;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import java.util.Optional;

/** The storage of all vaults of this installation. An opened repository is shared and stays open until it is destroyed or this is closed. */
public interface Repositories extends AutoCloseable {
    /**
     * Makes the storage of a new vault, durable on return. A repeat with the same id changes nothing. Leftovers of a destroyed vault of the same name are removed; storage that still holds
     * recovery points of another vault is never touched, and Occupied is thrown.
     */
    void create(Scope scope, VaultName name, VaultId id) throws InterruptedException;

    /**
     * As {@link #create(Scope, VaultName, VaultId)}, with the vault's data key wrapped under a key that its maker has named and that was seen to wrap and to unwrap.
     *
     * @throws KeyServiceException if the key cannot be used
     */
    default void create(Scope scope, VaultName name, VaultId id, Arn customerKey) throws InterruptedException {
        throw new KeyServiceException("this storage knows no key service", false);
    }

    /** The key that the vault's maker has named; empty if the vault is under the installation's own. */
    default Optional<Arn> customerKey(Scope scope, VaultName name, VaultId id) throws InterruptedException {
        return Optional.empty();
    }

    /** The repository of a vault; NotFound if there is none, OtherVault if the storage belongs to another one. Do not close it. */
    Repository open(Scope scope, VaultName name, VaultId id) throws InterruptedException;

    /**
     * Sees that the vault's data key is wrapped under the present wrapping key, or the one that its maker has named, and under no other; its data is not touched. Durable on return, and until then the former key opens it too.
     *
     * @return whether anything was to be done
     */
    boolean rewrap(Scope scope, VaultName name, VaultId id) throws InterruptedException;

    /** Removes the storage of a vault that has no points. Absent counts as done, and so does storage of another vault. */
    void destroy(Scope scope, VaultName name, VaultId id) throws InterruptedException;

    @Override
    void close();
}
