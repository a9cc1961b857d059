package dev.coffer.server.http;

import dev.coffer.core.access.Origin;
import dev.coffer.wire.WireRequest;
import dev.coffer.wire.WireResponse;

/** What answers requests. Keeps the HTTP server's types in one class. */
@FunctionalInterface
public interface HttpEndpoint {
    /** The answer; never throws for what a client sends. Called on a thread of its own for each request. */
    WireResponse answer(WireRequest request, Origin origin, String requestId);
}
