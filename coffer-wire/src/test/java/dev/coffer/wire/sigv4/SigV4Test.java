package dev.coffer.wire.sigv4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.wire.AwsService;
import dev.coffer.wire.RandomObjects;
import dev.coffer.wire.SdkLoopback;
import dev.coffer.wire.WireHeaders;
import dev.coffer.wire.WireRequest;
import dev.coffer.wire.WireResponse;
import dev.coffer.wire.error.WireError;
import dev.coffer.wire.route.Operation;
import dev.coffer.wire.route.OperationTable;
import dev.coffer.wire.sigv4.SigningKeys.Lookup;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.awscore.AwsRequest;

/**
 * The verifier against signatures of the AWS SDK for Java (made here) and of botocore 1.43.11 (recorded with its clock
 * held at 2026-04-01T12:30:15Z).
 */
final class SigV4Test {
    private static final Instant RECORDED = Instant.parse("2026-04-01T12:30:15Z");
    private static final String TOKEN = "TOKEN/with+chars==";

    private static Lookup<String> find(String accessKeyId, Optional<String> token) {
        if (accessKeyId.equals("AKIDENDED")) {
            return new Lookup.Expired<>();
        }
        boolean known = accessKeyId.equals(SdkLoopback.ACCESS_KEY)
                && token.map(TOKEN::equals).orElse(true);
        return known
                ? new Lookup.Known<>(new SigningSecret(SdkLoopback.SECRET), token.isPresent() ? "session" : "user")
                : new Lookup.Unknown<>();
    }

    private static SigV4<String> verifier(Instant now) {
        return new SigV4<>(
                SigV4Test::find,
                InstantSource.fixed(now),
                new SigV4.Settings(Set.of(SdkLoopback.REGION), SigV4.Settings.USUAL_SKEW));
    }

    private static Verification.Verified<String> accepted(WireRequest request, Instant now) {
        return switch (verifier(now).verify(request)) {
            case Verification.Verified<String> verified -> verified;
            case Verification.Refused<String>(WireError error) -> throw new AssertionError(error);
        };
    }

    private static WireError refused(WireRequest request, Instant now) {
        return switch (verifier(now).verify(request)) {
            case Verification.Verified<String> verified -> throw new AssertionError(verified);
            case Verification.Refused<String>(WireError error) -> {
                assertThat(error.status()).isEqualTo(403);
                yield error;
            }
        };
    }

    private static WireError refused(WireRequest request) {
        return refused(request, RECORDED);
    }

    // ---- recorded requests of botocore, which sends no x-amz-content-sha256

    private static WireRequest recorded(
            String method, String path, String query, String body, String scope, String headers, String signature) {
        var fields = new HashMap<String, List<String>>();
        fields.put("Host", List.of("coffer.test:8080"));
        fields.put("X-Amz-Date", List.of("20260401T123015Z"));
        fields.put("User-Agent", List.of("Botocore/1.43.11"));
        fields.put("amz-sdk-invocation-id", List.of("ca41b728-9c21-414b-85cb-100646fcd5c8"));
        fields.put("amz-sdk-request", List.of("attempt=1"));
        if (headers.contains("content-type")) {
            fields.put("Content-Type", List.of("application/json"));
        }
        if (headers.contains("token")) {
            fields.put("X-Amz-Security-Token", List.of(TOKEN));
        }
        fields.put(
                "Authorization",
                List.of("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260401/eu-central-1/" + scope
                        + "/aws4_request, SignedHeaders=" + headers + ", Signature=" + signature));
        return new WireRequest(
                method,
                path,
                query.isEmpty() ? Optional.empty() : Optional.of(query),
                WireHeaders.of(fields),
                body.getBytes(StandardCharsets.UTF_8));
    }

    private static WireRequest listTags() {
        return recorded(
                "GET",
                "/tags/arn%3Aaws%3Abackup%3Aeu-central-1%3A123456789012%3Arecovery-point%3Aa%2Fb%20c%2B%C3%A9/",
                "",
                "",
                "backup",
                "host;x-amz-date",
                "4734be994dc5f98655f3485a660f33052b87e1a3374049f5b5d5164b02697dad");
    }

    private static WireRequest createVault() {
        return recorded(
                "PUT",
                "/backup-vaults/vault-1",
                "",
                "{\"BackupVaultTags\": {\"k\": \"v\\u00e9\"}, \"CreatorRequestId\": \"c-1\"}",
                "backup",
                "content-type;host;x-amz-date",
                "5394bfd601c3981a5209d4cab21a8adbbd3c93d813fb36f481f8011b0469bd50");
    }

    private static WireRequest listJobs() {
        return recorded(
                "GET",
                "/backup-jobs/",
                "state=COMPLETED&resourceArn=arn%3Aaws%3As3%3A%3A%3Abucket&maxResults=5"
                        + "&createdAfter=2026-04-01T00%3A00%3A00Z",
                "",
                "backup",
                "host;x-amz-date;x-amz-security-token",
                "763ca81565076fe8036e9b65ac2235741f9d16f8b4020e77c9108de3015cb04f");
    }

    private static WireRequest detachTeam() {
        return recorded(
                "POST",
                "/backup-vaults/v1/mpaApprovalTeam",
                "delete",
                "{}",
                "backup",
                "content-type;host;x-amz-date",
                "b8e06552ffd9b0b4bde1fbc1b7ae2a77ddd93384195cf99c3b24aa486801b3c4");
    }

    private static WireRequest listSearchJobs() {
        return recorded(
                "GET",
                "/search-jobs",
                "MaxResults=2",
                "",
                "backup-search",
                "host;x-amz-date",
                "e89cdd37672ca11497d94d4d548e9f38c7b1a1789674e79a70493146eb0ce211");
    }

    @Test
    void requestsOfBotocoreAreAccepted() {
        assertThat(accepted(listTags(), RECORDED))
                .isEqualTo(new Verification.Verified<>(
                        "user",
                        "AKIDEXAMPLE",
                        "eu-central-1",
                        "backup",
                        "4734be994dc5f98655f3485a660f33052b87e1a3374049f5b5d5164b02697dad",
                        RECORDED));
        assertThat(accepted(createVault(), RECORDED).principal()).isEqualTo("user");
        assertThat(accepted(listJobs(), RECORDED).principal()).isEqualTo("session");
        assertThat(accepted(detachTeam(), RECORDED).service()).isEqualTo("backup");
        assertThat(accepted(listSearchJobs(), RECORDED).service()).isEqualTo("backup-search");
    }

    @ParameterizedTest
    @EnumSource(AwsService.class)
    void requestsOfTheJavaSdkAreAccepted(AwsService service) {
        OperationTable table = OperationTable.load();
        try (var sdk = new SdkLoopback(_ -> new WireResponse(200, Map.of(), new byte[0]))) {
            for (Operation operation : table.operations(service)) {
                var objects = new RandomObjects(operation.name().hashCode(), false);
                sdk.call(operation, (AwsRequest)
                        objects.fill(operation.requestBuilder().get()));

                assertThat(accepted(sdk.last(), signedAt(sdk.last())).service())
                        .as(operation.name())
                        .isEqualTo(service.signingName());
            }
        }
    }

    @Test
    void aSessionOfTheJavaSdkIsAcceptedOnlyWithItsToken() {
        Operation operation = OperationTable.load()
                .operation(AwsService.BACKUP, "GetSupportedResourceTypes")
                .orElseThrow();
        var session = AwsSessionCredentials.create(SdkLoopback.ACCESS_KEY, SdkLoopback.SECRET, TOKEN);
        try (var sdk = new SdkLoopback(_ -> new WireResponse(200, Map.of(), new byte[0]), session)) {
            sdk.call(operation, (AwsRequest)
                    new RandomObjects(1, true).fill(operation.requestBuilder().get()));
            WireRequest request = sdk.last();

            assertThat(accepted(request, signedAt(request)).principal()).isEqualTo("session");
            assertThat(refused(with(request, "x-amz-security-token", "other"), signedAt(request))
                            .type())
                    .isEqualTo("UnrecognizedClientException");
            assertThat(refused(with(request, "x-amz-security-token"), signedAt(request))
                            .type())
                    .isEqualTo("InvalidSignatureException");
        }
    }

    private static Instant signedAt(WireRequest request) {
        String stamp = request.headers().first("x-amz-date").orElseThrow();
        return Instant.parse(stamp.replaceAll("(....)(..)(..)T(..)(..)(..)Z", "$1-$2-$3T$4:$5:$6Z"));
    }

    // ---- what was changed after signing

    private static WireRequest with(WireRequest request, String header, String... values) {
        var headers = new HashMap<>(request.headers().asMap());
        headers.remove(header);
        if (values.length > 0) {
            headers.put(header, List.of(values));
        }
        return new WireRequest(
                request.method(), request.rawPath(), request.rawQuery(), WireHeaders.of(headers), request.body());
    }

    private static WireRequest withAuthorization(WireRequest request, String from, String to) {
        String old = request.headers().first("authorization").orElseThrow();
        assertThat(old).contains(from);
        return with(request, "authorization", old.replace(from, to));
    }

    @Test
    void aChangedMethodPathQueryOrBodyIsRefused() {
        var asked = listJobs();
        var made = createVault();
        var changed = new ArrayList<WireRequest>();
        changed.add(new WireRequest("POST", asked.rawPath(), asked.rawQuery(), asked.headers(), asked.body()));
        changed.add(new WireRequest("GET", "/copy-jobs/", asked.rawQuery(), asked.headers(), asked.body()));
        changed.add(new WireRequest("GET", "/backup-jobs", asked.rawQuery(), asked.headers(), asked.body()));
        changed.add(new WireRequest("GET", "/backup-jobs/", Optional.empty(), asked.headers(), asked.body()));
        changed.add(new WireRequest(
                "GET", "/backup-jobs/", asked.rawQuery().map(q -> q + "&a=1"), asked.headers(), asked.body()));
        changed.add(new WireRequest(
                "GET",
                "/backup-jobs/",
                asked.rawQuery().map(q -> q.replace("=5", "=6")),
                asked.headers(),
                asked.body()));
        changed.add(new WireRequest("GET", "/backup-jobs/", asked.rawQuery(), asked.headers(), new byte[1]));
        changed.add(new WireRequest(
                "PUT", made.rawPath(), made.rawQuery(), made.headers(), "{}".getBytes(StandardCharsets.UTF_8)));
        changed.add(with(made, "content-type", "application/x-amz-json-1.1"));
        changed.add(with(made, "host", "other.test"));
        for (WireRequest request : changed) {
            assertThat(refused(request).type()).as(request.toString()).isEqualTo("InvalidSignatureException");
        }
    }

    @Test
    void theOrderAndCaseOfQueryEscapesMakeNoDifference() {
        var asked = listJobs();
        var reordered = new WireRequest(
                "GET",
                "/backup-jobs/",
                Optional.of("maxResults=5&createdAfter=2026-04-01T00:00:00Z&state=COMPLETED&&resourceArn="
                        + "arn%3aaws%3as3%3a%3a%3abucket"),
                asked.headers(),
                asked.body());
        assertThat(accepted(reordered, RECORDED).accessKeyId()).isEqualTo("AKIDEXAMPLE");
    }

    @Test
    void anXAmzHeaderThatIsNotSignedIsRefused() {
        assertThat(refused(with(listTags(), "x-amz-meta", "x")).message())
                .isEqualTo("The header x-amz-meta must be signed.");
        assertThat(refused(with(listTags(), "x-amz-trailer", "x")).type()).isEqualTo("InvalidSignatureException");
        assertThat(accepted(with(listTags(), "x-amz-user-agent", "x"), RECORDED).principal())
                .isEqualTo("user");
    }

    @Test
    void aHostThatIsNotSignedIsRefused() {
        assertThat(refused(withAuthorization(listTags(), "host;x-amz-date", "x-amz-date"))
                        .message())
                .isEqualTo("The header host must be signed.");
    }

    @Test
    void aDoubledHeaderIsRefused() {
        for (String name : List.of("x-amz-date", "host", "authorization", "x-amz-security-token")) {
            String value = listJobs().headers().first(name).orElseThrow();
            assertThat(refused(with(listJobs(), name, value, value)).type())
                    .as(name)
                    .isEqualTo("IncompleteSignature");
        }
    }

    @Test
    void aWrongHashUnsignedPayloadOrChunksOnACallThatChangesSomethingAreRefused() {
        var made = createVault();
        for (String hash : List.of(
                "UNSIGNED-PAYLOAD",
                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
                "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "")) {
            var request = withAuthorization(
                    with(made, "x-amz-content-sha256", hash),
                    "host;x-amz-date",
                    "host;x-amz-content-sha256;x-amz-date");
            assertThat(refused(request).message()).as(hash).doesNotContain("calculated");
        }
    }

    // ---- clock and scope

    @ParameterizedTest
    @ValueSource(longs = {-300, -299, 0, 299, 300})
    void aClockWithinFiveMinutesIsAccepted(long seconds) {
        assertThat(accepted(listTags(), RECORDED.plusSeconds(seconds)).signedAt())
                .isEqualTo(RECORDED);
    }

    @ParameterizedTest
    @CsvSource({
        "301, Signature expired",
        "360, Signature expired",
        "-301, Signature not yet current",
        "-360, Signature not yet current"
    })
    void aClockFurtherAwayIsRefusedWithTheServersTime(long seconds, String words) {
        WireError error = refused(listTags(), RECORDED.plusSeconds(seconds));
        assertThat(error.type()).isEqualTo("InvalidSignatureException");
        assertThat(error.message()).startsWith(words).contains("20260401T123015Z");
        assertThat(error.message())
                .contains("The server's time is 20260401T12"
                        + RECORDED.plusSeconds(seconds)
                                .toString()
                                .substring(14, 19)
                                .replace(":", "") + "Z");
    }

    @Test
    void theSkewIsASetting() {
        var strict = new SigV4<>(
                SigV4Test::find,
                InstantSource.fixed(RECORDED.plusSeconds(2)),
                new SigV4.Settings(Set.of(SdkLoopback.REGION), Duration.ofSeconds(1)));
        assertThat(strict.verify(listTags())).isInstanceOf(Verification.Refused.class);
    }

    @Test
    void anotherRegionServiceOrDayIsRefusedWithWhatIsExpected() {
        assertThat(refused(withAuthorization(listTags(), "eu-central-1", "us-east-1"))
                        .message())
                .contains("\"eu-central-1\"")
                .contains("\"us-east-1\"");
        assertThat(refused(withAuthorization(listTags(), "/backup/", "/s3/")).message())
                .contains("\"backup\" or \"backup-search\"");
        assertThat(refused(withAuthorization(listTags(), "/backup/", "/backup-search/"))
                        .type())
                .isEqualTo("InvalidSignatureException");
        assertThat(refused(withAuthorization(listTags(), "/20260401/", "/20260402/"))
                        .message())
                .contains("20260401T123015Z");
    }

    // ---- keys

    @Test
    void anUnknownKeyAnEndedSessionAndAMissingSignatureHaveTheirOwnNames() {
        assertThat(refused(withAuthorization(listTags(), "AKIDEXAMPLE", "AKIDOTHER"))
                        .type())
                .isEqualTo("UnrecognizedClientException");
        assertThat(refused(withAuthorization(listTags(), "AKIDEXAMPLE", "AKIDENDED"))
                        .type())
                .isEqualTo("ExpiredTokenException");
        assertThat(refused(with(listTags(), "authorization")).type()).isEqualTo("MissingAuthenticationTokenException");
    }

    @Test
    void aSecretThatWasReplacedIsNotTakenFromMemory() {
        var secret = new String[] {SdkLoopback.SECRET};
        var verifier = new SigV4<>(
                (_, _) -> new Lookup.Known<>(new SigningSecret(secret[0]), "user"),
                InstantSource.fixed(RECORDED),
                new SigV4.Settings(Set.of(SdkLoopback.REGION), SigV4.Settings.USUAL_SKEW));
        assertThat(verifier.verify(listTags())).isInstanceOf(Verification.Verified.class);
        secret[0] = "another";
        assertThat(verifier.verify(listTags())).isInstanceOf(Verification.Refused.class);
        secret[0] = SdkLoopback.SECRET;
        assertThat(verifier.verify(listTags())).isInstanceOf(Verification.Verified.class);
    }

    @Test
    void derivedKeysAreRememberedUpToABound() {
        var keys = new DerivedKeys(3);
        var secret = new SigningSecret("s");
        for (int day = 10; day < 30; day++) {
            var authorization = new Authorization("A", "202604" + day, "r", "backup", List.of("host"), "0".repeat(64));
            assertThat(keys.key(authorization, secret).getEncoded())
                    .isEqualTo(keys.key(authorization, secret).getEncoded());
        }
        assertThat(keys.size()).isEqualTo(3);
    }

    @Test
    void aSignatureInTheQueryIsRefused() {
        var listTags = listTags();
        for (String query : List.of(
                "X-Amz-Signature=00",
                "a=b&X%2DAmz-Signature=0",
                "x-amz-algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A")) {
            var presigned = new WireRequest(
                    "GET",
                    listTags.rawPath(),
                    Optional.of(query),
                    with(listTags, "authorization").headers(),
                    new byte[0]);
            assertThat(refused(presigned).message()).contains("A signature in the query is not accepted here");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Basic dXNlcjpwYXNz",
                "AWS4-HMAC-SHA256",
                "AWS4-HMAC-SHA256 Credential=A/20260401/eu-central-1/backup/aws4_request",
                "AWS4-HMAC-SHA256 Credential=A/20260401/r/backup/aws4_request, SignedHeaders=host, Signature=xyz",
                "AWS4-HMAC-SHA256 Credential=A/20260401/r/backup/aws4_request, SignedHeaders=host, Signature=Z, X=1",
                "AWS4-ECDSA-P256-SHA256 Credential=A/20260401/backup/aws4_request, SignedHeaders=host, Signature=00",
            })
    void anAuthorizationOfAnotherFormIsIncomplete(String authorization) {
        assertThat(refused(with(listTags(), "authorization", authorization)).type())
                .isEqualTo("IncompleteSignature");
    }

    @Test
    void anAuthorizationWithPartsBentIsIncomplete() {
        var bent = Map.of(
                "SignedHeaders=host;x-amz-date", "SignedHeaders=x-amz-date;host",
                "host;x-amz", "host;host;x-amz",
                "host;x-amz-date,", "Host;x-amz-date,",
                "aws4_request", "aws4_reques",
                "Signature=4734", "Signature=473",
                "be994", "BE994",
                "AKIDEXAMPLE/", "AKID EXAMPLE/",
                ", Signature", ", Signature=00, Signature");
        bent.forEach((from, to) -> assertThat(
                        refused(withAuthorization(listTags(), from, to)).type())
                .as("%s -> %s", from, to)
                .isEqualTo("IncompleteSignature"));
    }

    @Test
    void theCanonicalPathIsNormalisedAndEncodedAgain() {
        assertThat(CanonicalRequest.path("/a%2Fb/c+d/")).isEqualTo("/a%252Fb/c%2Bd/");
        assertThat(CanonicalRequest.path("//a///b")).isEqualTo("/a/b");
        assertThat(CanonicalRequest.path("/a/./b/../c")).isEqualTo("/a/c");
        assertThat(CanonicalRequest.path("/a/..")).isEqualTo("/");
        assertThat(CanonicalRequest.path("/")).isEqualTo("/");
        assertThat(CanonicalRequest.path("")).isEqualTo("/");
    }

    @Test
    void secretsTokensAndSignaturesAreNotPrinted() {
        assertThat(new SigningSecret(SdkLoopback.SECRET).toString()).isEqualTo("SigningSecret[hidden]");
        assertThat(new Lookup.Known<>(new SigningSecret(SdkLoopback.SECRET), "p").toString())
                .doesNotContain(SdkLoopback.SECRET);
        assertThat(listJobs().toString()).doesNotContain(TOKEN).doesNotContain("763ca815");
        assertThat(refused(with(listJobs(), "x-amz-security-token", "stolen-token"))
                        .toString())
                .doesNotContain("stolen-token");
    }
}
