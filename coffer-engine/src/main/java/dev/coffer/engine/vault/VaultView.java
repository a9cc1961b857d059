package dev.coffer.engine.vault;

import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultLock;

/**
 * A vault as it is shown.
 *
 * @param recoveryPoints how many points of every status it holds
 */
public record VaultView(Vault vault, long recoveryPoints, VaultLock lock) {}
