package dev.coffer.core.catalog;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.resource.ProtectedResource;
import dev.coffer.core.resource.Source;
import dev.coffer.core.vault.VaultName;
import java.util.List;
import java.util.Optional;

/** Reads resources: those that restores have made, and the facts of those that have been backed up. */
public interface ResourceRows {
    /** A source that a restore has made. */
    Optional<Source> restoredSource(Scope scope, Arn arn);

    /** All sources that restores have made. */
    List<Source> restoredSources();

    /** The sources of the scope that restores have made, by ARN. */
    List<Source> restoredSources(Scope scope);

    Optional<ProtectedResource> findProtected(Scope scope, Arn arn);

    /** Protected resources by ARN. */
    Page<ProtectedResource> listProtected(Scope scope, PageRequest page);

    /** Protected resources that have a recovery point in the vault, by ARN; the facts are those of the vault's newest point. */
    Page<ProtectedResource> listProtected(Scope scope, VaultName vault, PageRequest page);
}
