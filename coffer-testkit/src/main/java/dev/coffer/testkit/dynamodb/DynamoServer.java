package dev.coffer.testkit.dynamodb;

import java.io.UncheckedIOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The DynamoDB API on a port of the loopback address, with the operations that a backup and a restore need. Times of stream records are cut to the minute, as some servers do, unless {@link DynamoTables#cutTimesTo} says otherwise. Signatures are not looked at.
 */
public final class DynamoServer implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final SmallHttp http;
    private final DynamoTables tables;
    private final AtomicReference<Disturbance> disturbance = new AtomicReference<>((_, _) -> Optional.empty());
    private final Queue<String> calls = new ConcurrentLinkedQueue<>();

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
        http = new SmallHttp(clock, port, this::answer);
    }

    /** Where it listens. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + http.port());
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
        var taken = new ArrayList<String>();
        for (var call = calls.poll(); call != null; call = calls.poll()) {
            taken.add(call);
        }
        return taken;
    }

    private SmallHttp.Answer answer(Map<String, String> headers, byte[] body) {
        var target = headers.getOrDefault("x-amz-target", "");
        var operation = target.substring(target.indexOf('.') + 1);
        calls.add(operation);
        try {
            var request = JSON.readTree(body);
            var other = disturbance.get().before(operation, request);
            var answer = other.isPresent() ? other.get() : tables.call(operation, request);
            return new SmallHttp.Answer(200, JSON.writeValueAsBytes(answer));
        } catch (DynamoError refused) {
            var answer = NODES.objectNode()
                    .put("__type", "com.amazonaws.dynamodb.v20120810#" + refused.code())
                    .put("message", refused.getMessage());
            if (refused.item().isPresent()) {
                answer.set("Item", refused.item().get());
            }
            return new SmallHttp.Answer(refused.status(), JSON.writeValueAsBytes(answer));
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
