package dev.coffer.core.vault;

import java.util.UUID;

/** The identity of a vault's storage. A vault that is deleted and made again under its old name has another one. */
public record VaultId(UUID value) {
    @Override
    public String toString() {
        return value.toString();
    }
}
