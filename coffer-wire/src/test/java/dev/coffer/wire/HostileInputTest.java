package dev.coffer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.wire.check.ConstraintCheck;
import dev.coffer.wire.codec.RestJson1;
import dev.coffer.wire.error.WireError;
import dev.coffer.wire.error.WireException;
import dev.coffer.wire.route.Operation;
import dev.coffer.wire.route.OperationTable;
import dev.coffer.wire.route.RouteMatch;
import dev.coffer.wire.route.Router;
import dev.coffer.wire.sigv4.SigV4;
import dev.coffer.wire.sigv4.SigningKeys.Lookup;
import dev.coffer.wire.sigv4.SigningSecret;
import dev.coffer.wire.sigv4.Verification;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.AwsRequest;

/** Real requests with bytes changed at random: each is served or refused with a 4xx, and nothing else happens. */
final class HostileInputTest {
    private static final int CHANGED_PER_OPERATION = 150;
    private static final String[] PIECES = {
        "",
        "\"",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "null",
        "1e999999999",
        "-",
        "NaN",
        "%",
        "%00",
        "%c3",
        "/",
        "//",
        "..",
        "&",
        "=",
        "\u0000",
        "\\ud800",
        "é",
        "Signature=",
        "x-amz-date",
        "99999999999999999999",
        ";"
    };

    private final OperationTable table = OperationTable.load();
    private final Router router = new Router(table);
    private final RestJson1 codec = new RestJson1(table);
    private final ConstraintCheck check = new ConstraintCheck(table);
    private final Random random = new Random(20260401);

    @Test
    void aChangedRequestIsServedOrRefusedButNeverAFault() {
        int refused = 0;
        try (var sdk = new SdkLoopback(_ -> new WireResponse(200, Map.of(), new byte[0]))) {
            for (AwsService service : AwsService.values()) {
                for (Operation operation : table.operations(service)) {
                    var objects = new RandomObjects(operation.name().hashCode(), true);
                    sdk.call(operation, (AwsRequest)
                            objects.fill(operation.requestBuilder().get()));
                    for (int n = 0; n < CHANGED_PER_OPERATION; n++) {
                        Optional<WireError> error = serve(service, changed(sdk.last()));
                        if (error.isPresent()) {
                            assertThat(error.get().status()).isBetween(400, 499);
                            assertThat(error.get().message()).hasSizeLessThan(2_000);
                            refused++;
                        }
                    }
                }
            }
        }
        assertThat(refused).isGreaterThan(1_000);
    }

    @Test
    void noChangedByteOfASignedRequestIsServed() {
        Operation operation =
                table.operation(AwsService.BACKUP, "CreateBackupPlan").orElseThrow();
        try (var sdk = new SdkLoopback(_ -> new WireResponse(200, Map.of(), new byte[0]))) {
            sdk.call(operation, (AwsRequest)
                    new RandomObjects(7, true).fill(operation.requestBuilder().get()));
            WireRequest signed = sdk.last();
            Instant now = Instant.parse(signed.headers()
                    .first("x-amz-date")
                    .orElseThrow()
                    .replaceAll("(....)(..)(..)T(..)(..)(..)Z", "$1-$2-$3T$4:$5:$6Z"));
            var verifier = new SigV4<String>(
                    (key, _) -> key.equals(SdkLoopback.ACCESS_KEY)
                            ? new Lookup.Known<>(new SigningSecret(SdkLoopback.SECRET), "user")
                            : new Lookup.Unknown<>(),
                    InstantSource.fixed(now),
                    new SigV4.Settings(Set.of(SdkLoopback.REGION), SigV4.Settings.USUAL_SKEW));
            assertThat(verifier.verify(signed)).isInstanceOf(Verification.Verified.class);
            for (int at = 0; at < signed.body().length; at++) {
                byte[] body = signed.body().clone();
                body[at] ^= 1;
                assertThat(verifier.verify(new WireRequest(
                                signed.method(), signed.rawPath(), signed.rawQuery(), signed.headers(), body)))
                        .isInstanceOf(Verification.Refused.class);
            }
            String authorization = signed.headers().first("authorization").orElseThrow();
            for (int n = 0; n < 2_000; n++) {
                String other = changed(authorization);
                if (!other.replace(" ", "").equals(authorization.replace(" ", ""))) {
                    var headers = new HashMap<>(signed.headers().asMap());
                    headers.put("authorization", List.of(other));
                    Verification<String> outcome = verifier.verify(new WireRequest(
                            signed.method(),
                            signed.rawPath(),
                            signed.rawQuery(),
                            WireHeaders.of(headers),
                            signed.body()));
                    assertThat(outcome).as(other).isInstanceOf(Verification.Refused.class);
                }
            }
        }
    }

    private Optional<WireError> serve(AwsService service, WireRequest request) {
        try {
            Optional<RouteMatch> match = router.route(service, request.method(), request.rawPath(), request.rawQuery());
            if (match.isEmpty()) {
                return Optional.of(WireError.unknownOperation());
            }
            AwsRequest decoded = codec.decode(match.get(), request.rawQuery(), request.body());
            return check.check(match.get().operation(), decoded);
        } catch (WireException refusal) {
            return Optional.of(refusal.error());
        }
    }

    private WireRequest changed(WireRequest request) {
        int what = random.nextInt(4);
        byte[] body = request.body();
        if (what >= 2 && body.length > 0) {
            body = what == 2
                    ? changed(new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8)
                    : flipped(body);
        }
        return new WireRequest(
                request.method(),
                what == 0 ? changed(request.rawPath()) : request.rawPath(),
                what == 1 ? Optional.of(changed(request.rawQuery().orElse("a=b"))) : request.rawQuery(),
                request.headers(),
                body);
    }

    private byte[] flipped(byte[] bytes) {
        byte[] copy = bytes.clone();
        copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
        return copy;
    }

    private String changed(String text) {
        int from = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), from + random.nextInt(3));
        return text.substring(0, from) + PIECES[random.nextInt(PIECES.length)] + text.substring(to);
    }
}
