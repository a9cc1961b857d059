package dev.coffer.engine.access;

import dev.coffer.core.arn.Scope;

/** Makes the vault that every account finds in every Region. */
@FunctionalInterface
public interface DefaultVaults {
    /** Makes the vault {@code Default} if it was never made in this scope; one that was deleted stays away. */
    void ensure(Scope scope) throws InterruptedException;
}
