package dev.coffer.core.repository;

import dev.coffer.core.vault.VaultLock;

/**
 * A lock of a vault as the vault's own storage has it.
 *
 * @param number 1 for the first lock that the vault was ever given, and one more for each change
 */
public record LockFact(long number, VaultLock lock) {
    public LockFact {
        if (number < 1) {
            throw new IllegalArgumentException("locks are counted from 1");
        }
    }
}
