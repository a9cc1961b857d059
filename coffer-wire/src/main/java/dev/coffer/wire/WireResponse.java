package dev.coffer.wire;

import java.util.Map;

/**
 * An answer to write to the connection. The caller adds {@code x-amzn-RequestId}, {@code Date} and the length.
 *
 * @param status the HTTP status
 * @param headers name to value
 * @param body the bytes; of length zero when the answer has no body
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, and a copy of every body would cost
public record WireResponse(int status, Map<String, String> headers, byte[] body) {
    public WireResponse {
        headers = Map.copyOf(headers);
    }

    @Override
    public String toString() {
        return "WireResponse[" + status + ", " + headers.keySet() + ", " + body.length + " body bytes]";
    }
}
