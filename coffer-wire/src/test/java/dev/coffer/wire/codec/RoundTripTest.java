package dev.coffer.wire.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.wire.AwsService;
import dev.coffer.wire.RandomObjects;
import dev.coffer.wire.SdkLoopback;
import dev.coffer.wire.WireRequest;
import dev.coffer.wire.WireResponse;
import dev.coffer.wire.route.Operation;
import dev.coffer.wire.route.OperationTable;
import dev.coffer.wire.route.RouteMatch;
import dev.coffer.wire.route.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.core.SdkPojo;

/** What the real SDK client sends is what the codec reads, and what the codec writes is what the client reads. */
final class RoundTripTest {
    private static final int ROUNDS = 12;

    private final OperationTable table = OperationTable.load();
    private final Router router = new Router(table);
    private final RestJson1 codec = new RestJson1(table);

    @TestFactory
    List<DynamicTest> everyOperationArrivesAsItWasSentAndAnswersAsItWasMeant() {
        var tests = new ArrayList<DynamicTest>();
        for (AwsService service : AwsService.values()) {
            for (Operation operation : table.operations(service)) {
                tests.add(DynamicTest.dynamicTest(operation.toString(), () -> roundTrips(operation)));
            }
        }
        assertThat(tests).hasSize(120);
        return tests;
    }

    private void roundTrips(Operation operation) throws ReflectiveOperationException {
        var answer = new AtomicReference<>(new WireResponse(500, Map.of(), new byte[0]));
        try (var sdk = new SdkLoopback(_ -> answer.get())) {
            for (int round = 0; round < ROUNDS; round++) {
                long seed = operation.name().hashCode() * 31L + round;
                var objects = new RandomObjects(seed, round % 3 == 0);
                var request =
                        (AwsRequest) objects.fill(operation.requestBuilder().get());
                var response = (AwsResponse) objects.fill(
                        (SdkPojo) operation.responseType().getMethod("builder").invoke(null));
                answer.set(codec.encode(operation, response));

                AwsResponse got = sdk.call(operation, request);

                WireRequest sent = sdk.last();
                RouteMatch match = router.route(operation.service(), sent.method(), sent.rawPath(), sent.rawQuery())
                        .orElseThrow(() -> new AssertionError("no route for " + sent));
                assertThat(match.operation()).isEqualTo(operation);
                AwsRequest decoded = codec.decode(match, sent.rawQuery(), sent.body());
                assertThat(decoded.equalsBySdkFields(request))
                        .as("seed %d: %s%n%s", seed, decoded, request)
                        .isTrue();
                assertThat(got.equalsBySdkFields(response))
                        .as("seed %d: %s%n%s", seed, got, response)
                        .isTrue();
                assertThat(got.sdkHttpResponse().statusCode())
                        .isEqualTo(operation.model().status());
            }
        }
    }
}
