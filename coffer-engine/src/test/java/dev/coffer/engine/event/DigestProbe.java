package dev.coffer.engine.event;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.event.Digest;
import java.time.Instant;

/** Lets tests of other packages see what a digest would say. */
public final class DigestProbe {
    private DigestProbe() {}

    public static Digest of(Catalog catalog, Scope scope, Instant from, Instant to) {
        return catalog.read(view -> Digests.of(view, scope, from, to));
    }
}
