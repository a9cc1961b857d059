package dev.coffer.server.http;

import dev.coffer.wire.WireRequest;
import dev.coffer.wire.WireResponse;
import dev.coffer.wire.error.WireError;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Answers to what never becomes a request of an operation. */
final class Answers {
    private Answers() {}

    static WireResponse tooLarge() {
        return of(WireError.entityTooLarge(WireRequest.BODY_BYTES_AT_MOST));
    }

    /** What the HTTP server refused: a broken header, a length that lies, a path that cannot be. */
    static WireResponse protocolError(int status) {
        return switch (status) {
            case 408 -> of(WireError.requestTimeout("The request did not arrive in time."));
            case 413 -> tooLarge();
            case 414, 431 ->
                of(WireError.of(
                        "RequestEntityTooLargeException", status, "The request line or the headers are too long."));
            case 500, 503 -> of(WireError.internalFailure());
            default ->
                of(WireError.of(
                        "MalformedHttpRequestException",
                        status < 400 ? 400 : status,
                        "The request is not valid HTTP."));
        };
    }

    private static WireResponse of(WireError error) {
        // The texts here are constants without characters that JSON escapes.
        var body = "{\"Message\":\"" + error.message() + "\"}";
        return new WireResponse(
                error.status(),
                Map.of("Content-Type", "application/json", "X-Amzn-Errortype", error.type()),
                body.getBytes(StandardCharsets.UTF_8));
    }
}
