package dev.coffer.core.catalog;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.resource.ProtectedResource;
import dev.coffer.core.resource.Readiness;
import dev.coffer.core.resource.Source;
import dev.coffer.core.vault.VaultName;
import java.time.Instant;
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

    /** How many protected resources of the scope there are; recent are those that were backed up since then. */
    Readiness readiness(Scope scope, Instant since);

    /** The protected resources of the scope whose last backup is the longest ago, that first. */
    List<ProtectedResource> longestWithoutBackup(Scope scope, int limit);
}
