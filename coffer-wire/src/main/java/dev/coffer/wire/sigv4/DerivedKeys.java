package dev.coffer.wire.sigv4;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The signing keys that are derived from a secret for one day, region and service, remembered for the scopes used last.
 * An entry holds for the secret it was made from, so a key that gets a new secret is not taken with the old one. Guarded
 * by its own monitor.
 */
final class DerivedKeys {
    private record Scope(String accessKeyId, String scope) {}

    private record Derived(SigningSecret secret, SecretKeySpec key) {}

    private final Map<Scope, Derived> entryByScope;

    DerivedKeys(int scopesAtMost) {
        this.entryByScope = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Scope, Derived> eldest) {
                return size() > scopesAtMost;
            }
        };
    }

    /** The key for this scope. */
    SecretKeySpec key(Authorization authorization, SigningSecret secret) {
        var scope = new Scope(authorization.accessKeyId(), authorization.scope());
        synchronized (this) {
            Derived known = entryByScope.get(scope);
            if (known != null && known.secret().equals(secret)) {
                return known.key();
            }
        }
        byte[] key = secret.seed();
        for (String part : authorization.scope().split("/")) {
            key = hmac(hmacKey(key), part);
        }
        SecretKeySpec derived = hmacKey(key);
        synchronized (this) {
            entryByScope.put(scope, new Derived(secret, derived));
        }
        return derived;
    }

    synchronized int size() {
        return entryByScope.size();
    }

    static byte[] hmac(SecretKeySpec key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private static SecretKeySpec hmacKey(byte[] bytes) {
        return new SecretKeySpec(bytes, "HmacSHA256");
    }
}
