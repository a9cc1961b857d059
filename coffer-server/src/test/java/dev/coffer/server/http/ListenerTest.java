package dev.coffer.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.coffer.core.access.Origin;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ListenerTest {
    /** Conditions compare {@code aws:SourceIp} with addresses and networks, which have no brackets. */
    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1", "::1, 0:0:0:0:0:0:0:1"})
    void theSourceOfARequestIsAPlainAddress(String host, String source) throws Exception {
        assumeThat(canListen(host)).as("this machine has " + host).isTrue();
        var origins = new LinkedBlockingQueue<Origin>();
        HttpEndpoint api = (_, origin, _) -> {
            origins.add(origin);
            return Listener.text(200, "text/plain", "");
        };
        try (var listener = Listener.start(host, 0, Optional.empty(), Map.of(), api, () -> new UUID(0, 1));
                var client = HttpClient.newHttpClient()) {
            var request =
                    HttpRequest.newBuilder(URI.create(listener.url() + "/x")).build();
            assertThat(client.send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(origins).containsExactly(Origin.of(source, false));
    }

    private static boolean canListen(String host) {
        try (var _ = new ServerSocket(0, 1, InetAddress.ofLiteral(host))) {
            return true;
        } catch (java.io.IOException absent) {
            return false;
        }
    }
}
