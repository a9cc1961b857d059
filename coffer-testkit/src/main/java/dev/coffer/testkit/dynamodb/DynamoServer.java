package dev.coffer.testkit.dynamodb;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The DynamoDB API on a port of the loopback address, with the operations that a backup and a restore need. Times of stream records are cut to the minute, as some servers do. Signatures are not looked at.
 */
public final class DynamoServer implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final DynamoTables tables;
    private final AtomicReference<Disturbance> disturbance = new AtomicReference<>((_, _) -> Optional.empty());
    private final List<String> calls = new CopyOnWriteArrayList<>();

    /** Sees every request before it is answered, and can answer it otherwise. */
    public interface Disturbance {
        /** Empty to go on; a {@link DynamoError} or an {@link UncheckedIOException}, which resets the connection, may be thrown. */
        Optional<ObjectNode> before(String operation, JsonNode request);
    }

    /**
     * Starts a server.
     *
     * @param pageBytes how many bytes of items one page of a scan has; the service's own is 1 MiB
     */
    public DynamoServer(InstantSource clock, int pageBytes) {
        this(clock, pageBytes, 0);
    }

    /** The same, on a port. */
    public DynamoServer(InstantSource clock, int pageBytes, int port) {
        tables = new DynamoTables(clock, pageBytes);
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        http.setExecutor(threads);
        http.createContext("/", this::answer);
        http.start();
    }

    /** Where it listens. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    /** The tables behind it. */
    public DynamoTables tables() {
        return tables;
    }

    /** Disturbs every request from now on. */
    public void disturb(Disturbance with) {
        disturbance.set(with);
    }

    /** Disturbs no more. */
    public void calm() {
        disturbance.set((_, _) -> Optional.empty());
    }

    /** The operations that were called since the last time. */
    public List<String> takeCalls() {
        var taken = new ArrayList<>(calls);
        calls.clear();
        return taken;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            var target = Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Amz-Target"))
                    .orElse("");
            var operation = target.substring(target.indexOf('.') + 1);
            calls.add(operation);
            int status = 200;
            ObjectNode answer;
            try {
                var request = JSON.readTree(body);
                var other = disturbance.get().before(operation, request);
                answer = other.isPresent() ? other.get() : tables.call(operation, request);
            } catch (DynamoError refused) {
                status = refused.status();
                answer = NODES.objectNode()
                        .put("__type", "com.amazonaws.dynamodb.v20120810#" + refused.code())
                        .put("message", refused.getMessage());
                if (refused.item().isPresent()) {
                    answer.set("Item", refused.item().get());
                }
            }
            var bytes = answer.toString().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (UncheckedIOException reset) {
            throw new IOException(reset);
        }
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
