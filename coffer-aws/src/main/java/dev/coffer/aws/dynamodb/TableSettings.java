package dev.coffer.aws.dynamodb;

import dev.coffer.core.connector.SourceException;
import dev.coffer.core.resource.Endpoint;
import dev.coffer.core.resource.Source;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How tables are reached, by the names of the configuration file.
 *
 * @param endpoint where; absent for AWS itself
 * @param login absent for what the environment of the process offers
 * @param readShare the part of a table's provisioned read capacity that a capture may use, above 0 and at most 1
 * @param segments how many parts of a table are read at once
 */
record TableSettings(Optional<URI> endpoint, String region, Optional<Login> login, double readShare, int segments) {
    /** The setting of a source that names its table. */
    static final String TABLE = "table";

    private static final int SEGMENTS_AT_MOST = 64;

    /** A pair of keys. */
    record Login(String accessKeyId, String secretAccessKey) {
        @Override
        public String toString() {
            return "Login[" + accessKeyId + "]";
        }
    }

    static TableSettings of(Source source) {
        return of(source.settings(), source.scope().region().value(), "source " + source.arn());
    }

    static TableSettings of(Endpoint endpoint) {
        return of(endpoint.settings(), endpoint.scope().region().value(), "DynamoDB endpoint of " + endpoint.scope());
    }

    /** The place of the tables, for people. */
    String place() {
        return endpoint.map(URI::toString).orElse("AWS in " + region);
    }

    /** The name of the source's table. */
    static String table(Source source) {
        var resource = source.arn().resource();
        return Optional.ofNullable(source.settings().get(TABLE))
                .orElseGet(() -> resource.substring(resource.indexOf('/') + 1));
    }

    /** The settings of a source for a table behind the endpoint. */
    static Map<String, String> ofTable(Map<String, String> endpoint, String table) {
        var settings = new HashMap<>(endpoint);
        settings.put(TABLE, table);
        return Map.copyOf(settings);
    }

    private static TableSettings of(Map<String, String> settings, String region, String what) {
        var id = settings.getOrDefault("accessKeyId", "");
        var secret = settings.getOrDefault("secretAccessKey", "");
        if (id.isEmpty() != secret.isEmpty()) {
            throw new SourceException.Impossible(
                    "accessKeyId and secretAccessKey of the " + what + " are given together, or neither is.");
        }
        return new TableSettings(
                Optional.ofNullable(settings.get("endpoint"))
                        .filter(text -> !text.isEmpty())
                        .map(text -> endpoint(text, what)),
                settings.getOrDefault("signingRegion", region),
                id.isEmpty() ? Optional.empty() : Optional.of(new Login(id, secret)),
                share(settings.getOrDefault("readShare", "0.5"), what),
                segments(settings.getOrDefault("segments", "4"), what));
    }

    private static URI endpoint(String text, String what) {
        try {
            var uri = new URI(text);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException notOne) {
            // Refused below.
        }
        throw new SourceException.Impossible("endpoint of the " + what + " is an http or https address.");
    }

    private static double share(String text, String what) {
        try {
            double share = Double.parseDouble(text);
            if (share > 0 && share <= 1) {
                return share;
            }
        } catch (NumberFormatException notOne) {
            // Refused below.
        }
        throw new SourceException.Impossible(
                "readShare of the " + what + " is a number above 0 and at most 1, for example 0.5.");
    }

    private static int segments(String text, String what) {
        try {
            int segments = Integer.parseInt(text);
            if (segments >= 1 && segments <= SEGMENTS_AT_MOST) {
                return segments;
            }
        } catch (NumberFormatException notOne) {
            // Refused below.
        }
        throw new SourceException.Impossible("segments of the " + what + " is 1 to " + SEGMENTS_AT_MOST + ".");
    }
}
