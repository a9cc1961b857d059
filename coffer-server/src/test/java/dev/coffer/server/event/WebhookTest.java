package dev.coffer.server.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.coffer.core.access.Secret;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.event.AddressPolicy;
import dev.coffer.core.event.DeliveryException;
import dev.coffer.core.event.Event;
import dev.coffer.core.event.EventJson;
import dev.coffer.testkit.time.TestClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WebhookTest {
    private static final Secret SECRET = new Secret("a secret that is long enough");
    private static final Duration WITHIN = Duration.ofMillis(400);
    static final Event EVENT = new Event(
            UUID.fromString("0b8f4f8e-94c2-4a62-9f2f-5fd3f0d8a001"),
            "Backup Job State Change",
            new Scope(new AccountId("111122223333"), new Region("eu-west-1")),
            Instant.parse("2026-03-01T05:14:09Z"),
            List.of(),
            Map.of("state", "COMPLETED", "statusMessage", "größer"));

    private final List<String> bodies = new ArrayList<>();
    private final List<Map<String, List<String>>> heads = new ArrayList<>();
    private final AtomicInteger status = new AtomicInteger(200);
    private final AtomicInteger redirected = new AtomicInteger();
    private final HttpServer server;

    WebhookTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/elsewhere", exchange -> {
            redirected.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.createContext("/hook", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            heads.add(Map.copyOf(exchange.getRequestHeaders()));
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static Webhook webhook(URI url, String... allowed) {
        return webhook(url, InetAddress::getAllByName, allowed);
    }

    private static Webhook webhook(URI url, Connections.Resolver resolver, String... allowed) {
        var tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
        var connections = new Connections(AddressPolicy.of(List.of(allowed)), resolver);
        return new Webhook(
                url,
                SECRET,
                new HttpPost(connections, tls, WITHIN),
                new TestClock(Instant.parse("2026-03-01T05:14:10Z")));
    }

    private URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook?team=a%20b");
    }

    @Test
    void theBodyIsTheEventAndTheSignatureIsOfItAndTheTime() throws Exception {
        webhook(url(), "localhost").events().send(EVENT);

        assertThat(bodies).containsExactly(EventJson.of(EVENT));
        var head = heads.getFirst();
        assertThat(head.get("Content-type")).containsExactly("application/json");
        assertThat(head.get("Coffer-event-id")).containsExactly(EVENT.id().toString());
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.value().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        var signed = mac.doFinal(("1772342050." + bodies.getFirst()).getBytes(StandardCharsets.UTF_8));
        assertThat(head.get("Coffer-signature"))
                .containsExactly("t=1772342050,v1=" + HexFormat.of().formatHex(signed));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 429, 500, 503})
    void anAnswerThatIsNoSuccessIsAFailure(int answer) {
        status.set(answer);
        assertThatThrownBy(() -> webhook(url(), "localhost").events().send(EVENT))
                .isInstanceOf(DeliveryException.class)
                .hasMessage("127.0.0.1 answered " + answer);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectIsNotFollowed(int answer) {
        status.set(answer);
        assertThatThrownBy(() -> webhook(url(), "localhost").events().send(EVENT))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("redirects are not followed");
        assertThat(redirected).hasValue(0);
    }

    @Test
    void aServerThatHangsEndsTheWaitAndMayHaveTheEvent() throws Exception {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var url = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
            var failure = catchThrowableOfType(
                    DeliveryException.class,
                    () -> webhook(url, "localhost").events().send(EVENT));
            assertThat(failure).hasMessage("127.0.0.1 did not answer within 400 ms");
            assertThat(failure.isUnanswered()).isTrue();
        }
    }

    @Test
    void aServerThatSendsWithoutEndEndsTheReading() throws Exception {
        try (var endless = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var answering = Thread.ofVirtual().start(() -> {
                try (var socket = endless.accept()) {
                    while (true) {
                        socket.getOutputStream()
                                .write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    }
                } catch (IOException closed) {
                    // The client has had enough.
                }
            });
            var url = URI.create("http://127.0.0.1:" + endless.getLocalPort() + "/");
            assertThatThrownBy(() -> webhook(url, "localhost").events().send(EVENT))
                    .isInstanceOf(DeliveryException.class);
            answering.join();
        }
    }

    @Test
    void aServerThatIsGoneIsTriedAgainAfterItsRestart() throws Exception {
        int port = server.getAddress().getPort();
        server.stop(0);
        var outlet = webhook(url(), "localhost").events();
        var failure = catchThrowableOfType(DeliveryException.class, () -> outlet.send(EVENT));
        assertThat(failure.isUnanswered()).isFalse();
        assertThat(failure).hasMessageStartingWith("127.0.0.1:" + port + " cannot be reached");

        var again = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        again.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        again.start();
        try {
            outlet.send(EVENT);
        } finally {
            again.stop(0);
        }
    }

    @Test
    void whatTheListDoesNotAllowIsNotConnectedTo() {
        assertThatThrownBy(() -> webhook(url()).events().send(EVENT))
                .isInstanceOf(DeliveryException.class)
                .hasMessageStartingWith("address not allowed by policy: 127.0.0.1");
        assertThat(bodies).isEmpty();
    }

    @Test
    void aNameThatPointsInsideIsNotConnectedTo() {
        var url = URI.create("https://hooks.example.org:" + server.getAddress().getPort() + "/hook");
        Connections.Resolver rebinding =
                _ -> new InetAddress[] {InetAddress.ofLiteral("93.184.216.34"), InetAddress.ofLiteral("127.0.0.1")};
        assertThatThrownBy(() -> webhook(url, rebinding, "*").events().send(EVENT))
                .isInstanceOf(DeliveryException.class)
                .hasMessageStartingWith("address not allowed by policy: hooks.example.org");
        Connections.Resolver metadata = _ -> new InetAddress[] {InetAddress.ofLiteral("169.254.169.254")};
        assertThatThrownBy(
                        () -> webhook(url, metadata, "*", "0.0.0.0/0").events().send(EVENT))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("metadata service");
    }

    @Test
    void plainHttpIsForThisMachineAlone() {
        var url = URI.create("http://hooks.example.org/");
        Connections.Resolver outside = _ -> new InetAddress[] {InetAddress.ofLiteral("93.184.216.34")};
        assertThatThrownBy(() -> webhook(url, outside, "*").events().send(EVENT))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("use https://");
    }

    @Test
    void aServerWithoutARightCertificateGetsNothing() {
        var url = URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/hook");
        var failure = catchThrowableOfType(
                DeliveryException.class,
                () -> webhook(url, "localhost").events().send(EVENT));
        assertThat(failure.isUnanswered()).isFalse();
        assertThat(bodies).isEmpty();
    }
}
