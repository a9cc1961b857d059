package dev.coffer.keys.kms;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which key in which KMS, and how long to wait for it.
 *
 * @param key a key's id, its ARN, or an alias ({@code alias/NAME} or its ARN)
 * @param endpoint of a KMS that is not AWS's own in that region
 * @param waiting how long one connection attempt and one silent answer may take; a call is tried three times
 */
public record KmsSettings(
        String key, String region, Optional<URI> endpoint, KmsCredentials credentials, Duration waiting) {
    /** What is waited for one attempt by default. */
    public static final Duration USUAL_WAITING = Duration.ofSeconds(10);

    private static final Pattern KEY_ARN =
            Pattern.compile("arn:[a-z-]+:kms:([a-z0-9-]+):[0-9]{12}:(?:key|alias)/[A-Za-z0-9/_:-]+");
    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "ip6-localhost");

    /**
     * @throws IllegalArgumentException if {@link #objectionTo} has one to the endpoint
     */
    public KmsSettings {
        endpoint.flatMap(KmsSettings::objectionTo).ifPresent(objection -> {
            throw new IllegalArgumentException(objection);
        });
    }

    /** The region that a key's ARN names. */
    public static Optional<String> regionOf(String key) {
        var matcher = KEY_ARN.matcher(key);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** Why an endpoint may not be used; empty if it may. Answers of KMS hold data keys in the clear, so beyond loopback they travel under TLS. */
    public static Optional<String> objectionTo(URI endpoint) {
        var scheme = Optional.ofNullable(endpoint.getScheme()).orElse("");
        var host = Optional.ofNullable(endpoint.getHost()).orElse("");
        if (host.isEmpty() || !(scheme.equals("https") || scheme.equals("http"))) {
            return Optional.of("the endpoint is a URL such as https://kms.example.org");
        }
        if (scheme.equals("http") && !isLoopback(host)) {
            return Optional.of(
                    "the endpoint must begin with https, because its answers hold data keys; http is for loopback only");
        }
        return Optional.empty();
    }

    private static boolean isLoopback(String host) {
        if (LOOPBACK_NAMES.contains(host)) {
            return true;
        }
        try {
            var literal = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            return InetAddress.ofLiteral(literal).isLoopbackAddress();
        } catch (IllegalArgumentException name) {
            // A name may be resolved to anything, now or later.
            return false;
        }
    }
}
