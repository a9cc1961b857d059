package dev.coffer.wire;

import java.util.Optional;

/**
 * A request as it came off the connection.
 *
 * @param method the HTTP method, upper case
 * @param rawPath the path exactly as received, still percent-encoded, without the query
 * @param rawQuery the text after the first {@code ?}, still percent-encoded; empty when there was no {@code ?}
 * @param headers the header fields; {@code host} must be among them (from {@code :authority} on HTTP/2)
 * @param body the whole body; the caller has refused bodies above {@link #BODY_BYTES_AT_MOST} with 413
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, and a copy of every body would cost
public record WireRequest(String method, String rawPath, Optional<String> rawQuery, WireHeaders headers, byte[] body) {
    /** The largest body that a caller should read before it answers 413 RequestEntityTooLargeException. */
    public static final int BODY_BYTES_AT_MOST = 1 << 20;

    /** No query text: a query may hold a presigned signature. */
    @Override
    public String toString() {
        return "WireRequest[" + method + " " + rawPath + ", " + headers + ", " + body.length + " body bytes]";
    }
}
