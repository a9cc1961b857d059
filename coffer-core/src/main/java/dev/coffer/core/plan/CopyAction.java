package dev.coffer.core.plan;

import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.vault.VaultPlace;
import java.util.Optional;

/**
 * A copy that a rule asks for.
 *
 * @param destination the vault that is to have it
 * @param lifecycle of the copy; the source's if absent, see {@link Lifecycle#ofCopy}
 */
public record CopyAction(VaultPlace destination, Optional<Lifecycle> lifecycle) {}
