package dev.coffer.wire.sigv4;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parts of an {@code Authorization} header of the scheme AWS4-HMAC-SHA256.
 *
 * @param signedHeaders lower case, sorted, without repeats
 * @param signature 64 lower-case hexadecimal digits
 */
record Authorization(
        String accessKeyId, String date, String region, String service, List<String> signedHeaders, String signature) {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";

    private static final int LONGEST = 8 * 1024;
    private static final Pattern CREDENTIAL =
            Pattern.compile("([A-Za-z0-9_-]{1,128})/([0-9]{8})/([a-z0-9-]{1,64})/([a-z0-9-]{1,64})/aws4_request");
    private static final Pattern SIGNATURE = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern HEADER_NAME = Pattern.compile("[a-z0-9!#$%&'*+.^_`|~-]{1,256}");

    /** The parts; empty when anything is missing, repeated, unknown or spelled otherwise. */
    static Optional<Authorization> parse(String header) {
        if (header.length() > LONGEST || !header.startsWith(ALGORITHM + " ")) {
            return Optional.empty();
        }
        Map<String, String> parts = new HashMap<>();
        for (String part : header.substring(ALGORITHM.length() + 1).split(",", -1)) {
            String trimmed = part.strip();
            int equals = trimmed.indexOf('=');
            if (equals < 0 || parts.put(trimmed.substring(0, equals), trimmed.substring(equals + 1)) != null) {
                return Optional.empty();
            }
        }
        if (!parts.keySet().equals(Set.of("Credential", "SignedHeaders", "Signature"))) {
            return Optional.empty();
        }
        Matcher credential = CREDENTIAL.matcher(parts.getOrDefault("Credential", ""));
        String signature = parts.getOrDefault("Signature", "");
        Optional<List<String>> signedHeaders = signedHeaders(parts.getOrDefault("SignedHeaders", ""));
        if (!credential.matches() || !SIGNATURE.matcher(signature).matches() || signedHeaders.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Authorization(
                credential.group(1),
                credential.group(2),
                credential.group(3),
                credential.group(4),
                signedHeaders.get(),
                signature));
    }

    String scope() {
        return date + "/" + region + "/" + service + "/aws4_request";
    }

    private static Optional<List<String>> signedHeaders(String text) {
        var names = new ArrayList<String>();
        for (String name : text.split(";", -1)) {
            boolean inOrder = names.isEmpty() || names.getLast().compareTo(name) < 0;
            if (!inOrder || !HEADER_NAME.matcher(name).matches()) {
                return Optional.empty();
            }
            names.add(name);
        }
        return Optional.of(List.copyOf(names));
    }
}
