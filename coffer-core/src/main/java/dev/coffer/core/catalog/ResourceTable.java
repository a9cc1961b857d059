package dev.coffer.core.catalog;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.resource.ProtectedResource;
import dev.coffer.core.resource.Source;

/** Changes resources. */
public interface ResourceTable extends ResourceRows {
    /** Adds a source that a restore has made, or replaces the one with its ARN. */
    void putRestoredSource(Source source);

    /** Adds the facts of a protected resource, or replaces those with its ARN. */
    void putProtected(Scope scope, ProtectedResource resource);
}
