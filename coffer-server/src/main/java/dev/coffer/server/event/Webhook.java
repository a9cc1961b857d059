package dev.coffer.server.event;

import dev.coffer.core.access.Secret;
import dev.coffer.core.event.Digest;
import dev.coffer.core.event.DigestText;
import dev.coffer.core.event.Event;
import dev.coffer.core.event.EventJson;
import dev.coffer.core.event.Outlet;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A POST of JSON. {@code Coffer-Signature: t=SECONDS,v1=HEX} has the time of sending and the HMAC-SHA-256, under the secret, of the time's digits, a dot and the body.
 */
final class Webhook {
    private final URI url;
    private final Secret secret;
    private final HttpPost http;
    private final InstantSource clock;

    Webhook(URI url, Secret secret, HttpPost http, InstantSource clock) {
        this.url = url;
        this.secret = secret;
        this.http = http;
        this.clock = clock;
    }

    /** Posts events; {@code Coffer-Event-Id} tells a repeat. */
    Outlet<Event> events() {
        return event -> post(EventJson.of(event), Optional.of(event.id().toString()));
    }

    /** Posts digests. */
    Outlet<Digest> digests() {
        return digest -> post(new DigestText(digest, ZoneOffset.UTC).json(), Optional.empty());
    }

    private void post(String json, Optional<String> eventId) throws InterruptedException {
        var body = json.getBytes(StandardCharsets.UTF_8);
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", "application/json");
        eventId.ifPresent(id -> headers.put("Coffer-Event-Id", id));
        headers.put("Coffer-Signature", signature(secret, clock.instant().getEpochSecond(), body));
        http.send(url, headers, body);
    }

    static String signature(Secret secret, long seconds, byte[] body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.value().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((seconds + ".").getBytes(StandardCharsets.US_ASCII));
            return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("the JDK lacks HMAC-SHA-256", missing);
        }
    }
}
