package dev.coffer.wire.sigv4;

import dev.coffer.wire.AwsService;
import dev.coffer.wire.Echo;
import dev.coffer.wire.PercentCoding;
import dev.coffer.wire.WireRequest;
import dev.coffer.wire.error.WireError;
import dev.coffer.wire.error.WireException;
import dev.coffer.wire.sigv4.SigningKeys.Lookup;
import dev.coffer.wire.sigv4.Verification.Refused;
import dev.coffer.wire.sigv4.Verification.Verified;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.crypto.spec.SecretKeySpec;

/**
 * Verifies requests signed with AWS Signature Version 4 in the {@code Authorization} header. Signatures in the query
 * ("presigned") are refused.
 *
 * <p>{@code host}, {@code x-amz-date} and every other {@code x-amz-*} header must be signed, but for
 * {@code x-amz-user-agent}. The body is always hashed here; {@code x-amz-content-sha256}, which botocore does not send
 * for these services, must equal that hash where it is present, or be {@code UNSIGNED-PAYLOAD} on a GET without body. A
 * refused request is answered with 403, and the text of a clock or scope mismatch names what was expected, so that the
 * caller can mend it. Safe for use by many threads.
 *
 * @param <P> whom a key stands for
 */
public final class SigV4<P> {
    private static final String UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";
    private static final String DATE_HEADER = "x-amz-date";
    private static final String TOKEN_HEADER = "x-amz-security-token";
    private static final String HASH_HEADER = "x-amz-content-sha256";
    private static final Set<String> MAY_BE_UNSIGNED = Set.of("x-amz-user-agent");
    private static final Set<String> PRESIGNED_KEYS =
            Set.of("x-amz-algorithm", "x-amz-credential", "x-amz-signature", "x-amz-security-token");
    private static final int DERIVED_KEYS_AT_MOST = 1_024;
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final SigningKeys<P> keys;
    private final InstantSource clock;
    private final Settings settings;
    private final DerivedKeys derivedKeys = new DerivedKeys(DERIVED_KEYS_AT_MOST);

    /**
     * @param services the names that credentials may be scoped to, at least one
     * @param regions the regions that this server answers for, at least one
     * @param skewAtMost how far the client's clock may be away in either direction, inclusive
     */
    public record Settings(Set<String> services, Set<String> regions, Duration skewAtMost) {
        /** Five minutes, by the convention of AWS. */
        public static final Duration USUAL_SKEW = Duration.ofMinutes(5);

        /** Settings for the services of the model. */
        public Settings(Set<String> regions, Duration skewAtMost) {
            this(
                    Arrays.stream(AwsService.values())
                            .map(AwsService::signingName)
                            .collect(Collectors.toSet()),
                    regions,
                    skewAtMost);
        }

        public Settings {
            services = Set.copyOf(services);
            regions = Set.copyOf(regions);
            if (services.isEmpty() || regions.isEmpty() || skewAtMost.isNegative()) {
                throw new IllegalArgumentException(
                        "a verifier needs a service, a region and a skew that is not negative");
            }
        }
    }

    public SigV4(SigningKeys<P> keys, InstantSource clock, Settings settings) {
        this.keys = keys;
        this.clock = clock;
        this.settings = settings;
    }

    /** Judges one request whose body has arrived completely. */
    public Verification<P> verify(WireRequest request) {
        try {
            return verified(request);
        } catch (WireException refusal) {
            return new Refused<>(refusal.error());
        }
    }

    private Verified<P> verified(WireRequest request) {
        Authorization authorization = authorization(request);
        checkService(authorization);
        if (!settings.regions().contains(authorization.region())) {
            throw refusal(WireError.invalidSignature("Credential should be scoped to a valid region, "
                    + expected(settings.regions()) + ", not " + Echo.quoted(authorization.region()) + "."));
        }
        Instant signedAt = signedAt(request, authorization);
        mustBeSigned(request, authorization.signedHeaders());
        String payloadHash = payloadHash(request);
        Optional<String> token = only(request, TOKEN_HEADER);
        Lookup<P> lookup = keys.find(authorization.accessKeyId(), token);
        return switch (lookup) {
            case Lookup.Unknown<P>() ->
                throw refusal(WireError.unrecognizedClient("The security token included in the request is invalid."));
            case Lookup.Expired<P>() ->
                throw refusal(WireError.expiredToken("The security token included in the request is expired."));
            case Lookup.Known<P>(SigningSecret secret, P principal) -> {
                compare(request, authorization, payloadHash, secret);
                yield new Verified<>(
                        principal,
                        authorization.accessKeyId(),
                        authorization.region(),
                        authorization.service(),
                        authorization.signature(),
                        signedAt);
            }
        };
    }

    private static Authorization authorization(WireRequest request) {
        if (request.rawQuery().map(SigV4::presigned).orElse(false)) {
            throw refusal(WireError.missingAuthenticationToken(
                    "A signature in the query is not accepted here. Sign the request in its Authorization header."));
        }
        List<String> headers = request.headers().all("authorization");
        if (headers.isEmpty()) {
            throw refusal(WireError.missingAuthenticationToken("Missing Authentication Token"));
        }
        if (headers.size() > 1) {
            throw refusal(WireError.incompleteSignature("The Authorization header is given more than once."));
        }
        return Authorization.parse(headers.getFirst())
                .orElseThrow(() -> refusal(
                        WireError.incompleteSignature("The Authorization header must be " + Authorization.ALGORITHM
                                + " Credential=KEY/YYYYMMDD/REGION/SERVICE/aws4_request, SignedHeaders=a;b,"
                                + " Signature=64 lower-case hexadecimal digits.")));
    }

    private static boolean presigned(String rawQuery) {
        for (String pair : rawQuery.split("&", -1)) {
            int equals = pair.indexOf('=');
            String key = PercentCoding.decode(equals < 0 ? pair : pair.substring(0, equals))
                    .orElse("");
            if (PRESIGNED_KEYS.contains(key.toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return false;
    }

    private void checkService(Authorization authorization) {
        if (!settings.services().contains(authorization.service())) {
            throw refusal(WireError.invalidSignature("Credential should be scoped to correct service: "
                    + expected(settings.services()) + ", not " + Echo.quoted(authorization.service()) + "."));
        }
    }

    /** The service that a request claims to be signed for, right or wrong; empty when it claims none. */
    public static Optional<String> claimedService(WireRequest request) {
        return request.headers()
                .first("authorization")
                .flatMap(Authorization::parse)
                .map(Authorization::service);
    }

    private Instant signedAt(WireRequest request, Authorization authorization) {
        String stamp = only(request, DATE_HEADER)
                .orElseThrow(() -> refusal(WireError.incompleteSignature("The header X-Amz-Date is missing.")));
        Instant signedAt;
        try {
            signedAt = Instant.from(STAMP.parse(stamp));
        } catch (DateTimeException e) {
            throw refusal(WireError.incompleteSignature(
                    "The header X-Amz-Date must look like 20260401T123015Z, not " + Echo.quoted(stamp) + "."));
        }
        if (!stamp.startsWith(authorization.date())) {
            throw refusal(WireError.invalidSignature("The date of the credential scope, " + authorization.date()
                    + ", is not the day of X-Amz-Date, " + stamp + "."));
        }
        Instant now = clock.instant();
        String window = "The server's time is " + STAMP.format(now) + "; requests are accepted within "
                + settings.skewAtMost().toSeconds() + " seconds of it.";
        if (signedAt.isBefore(now.minus(settings.skewAtMost()))) {
            throw refusal(WireError.invalidSignature("Signature expired: it was made at " + stamp + ". " + window));
        }
        if (signedAt.isAfter(now.plus(settings.skewAtMost()))) {
            throw refusal(
                    WireError.invalidSignature("Signature not yet current: it was made at " + stamp + ". " + window));
        }
        return signedAt;
    }

    private static void mustBeSigned(WireRequest request, List<String> signedHeaders) {
        if (only(request, "host").isEmpty()) {
            throw refusal(WireError.incompleteSignature("The header Host is missing."));
        }
        var unsigned = new TreeSet<String>();
        unsigned.add("host");
        request.headers().asMap().keySet().stream()
                .filter(name -> name.startsWith("x-amz-") && !MAY_BE_UNSIGNED.contains(name))
                .forEach(unsigned::add);
        signedHeaders.forEach(unsigned::remove);
        if (!unsigned.isEmpty()) {
            throw refusal(WireError.invalidSignature("The header " + Echo.of(unsigned.first()) + " must be signed."));
        }
        for (String name : signedHeaders) {
            if (request.headers().all(name).isEmpty()) {
                throw refusal(WireError.invalidSignature(
                        "The header " + Echo.of(name) + " is listed as signed but is missing."));
            }
        }
    }

    private static String payloadHash(WireRequest request) {
        String bodyHash = HexFormat.of().formatHex(sha256(request.body()));
        Optional<String> claimed = only(request, HASH_HEADER);
        if (claimed.isEmpty() || claimed.get().equals(bodyHash)) {
            return bodyHash;
        }
        if (!claimed.get().equals(UNSIGNED_PAYLOAD)) {
            throw refusal(WireError.invalidSignature("The header X-Amz-Content-Sha256 is not the hash of the body."));
        }
        if (!request.method().equals("GET") || request.body().length > 0) {
            throw refusal(
                    WireError.invalidSignature("An unsigned payload is accepted on GET requests without body only."));
        }
        return UNSIGNED_PAYLOAD;
    }

    private void compare(WireRequest request, Authorization authorization, String payloadHash, SigningSecret secret) {
        String canonical = CanonicalRequest.of(request, authorization.signedHeaders(), payloadHash)
                .orElseThrow(() -> refusal(WireError.invalidSignature("The query is not percent-encoded UTF-8.")));
        String toSign = Authorization.ALGORITHM + "\n"
                + only(request, DATE_HEADER).orElse("") + "\n"
                + authorization.scope() + "\n"
                + HexFormat.of().formatHex(sha256(canonical.getBytes(StandardCharsets.UTF_8)));
        SecretKeySpec key = derivedKeys.key(authorization, secret);
        byte[] expected = DerivedKeys.hmac(key, toSign);
        if (!MessageDigest.isEqual(expected, HexFormat.of().parseHex(authorization.signature()))) {
            throw refusal(WireError.invalidSignature(
                    "The request signature we calculated does not match the signature you provided."
                            + " Check your AWS Secret Access Key and signing method."));
        }
    }

    /** The header's one value: of two values, one might be judged and the other used. */
    private static Optional<String> only(WireRequest request, String name) {
        List<String> values = request.headers().all(name);
        if (values.size() > 1) {
            throw refusal(WireError.incompleteSignature("The header " + name + " is given more than once."));
        }
        return values.stream().findFirst();
    }

    private static String expected(Set<String> names) {
        return String.join(" or ", names.stream().sorted().map(Echo::quoted).toList());
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static WireException refusal(WireError error) {
        return new WireException(error);
    }
}
