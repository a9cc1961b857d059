package dev.coffer.aws.event;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** A service that speaks AWS's protocols as far as the calls here need, and remembers the calls. */
final class FakeAws implements AutoCloseable {
    /** One call as it came over the wire. */
    record Seen(String path, Map<String, List<String>> headers, String body) {
        String header(String name) {
            return headers.entrySet().stream()
                    .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                    .map(entry -> entry.getValue().getFirst())
                    .findFirst()
                    .orElse("");
        }
    }

    /** What it answers. */
    record Answer(int status, String type, String body) {}

    private final HttpServer server;
    private final List<Seen> calls = Collections.synchronizedList(new ArrayList<>());
    private final AtomicReference<Function<Seen, Answer>> answer;

    FakeAws(Function<Seen, Answer> answer) throws IOException {
        this.answer = new AtomicReference<>(answer);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        var seen = new Seen(
                exchange.getRequestURI().getPath(),
                Map.copyOf(exchange.getRequestHeaders()),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        calls.add(seen);
        var said = answer.get().apply(seen);
        var body = said.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", said.type());
        exchange.sendResponseHeaders(said.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    void answerWith(Function<Seen, Answer> next) {
        answer.set(next);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    Seen only() {
        if (calls.size() != 1) {
            throw new AssertionError(calls.size() + " calls: " + calls);
        }
        return calls.getFirst();
    }

    int count() {
        return calls.size();
    }

    /** A parameter of a form. */
    static Optional<String> parameter(String form, String name) {
        for (var pair : form.split("&")) {
            if (pair.startsWith(name + "=")) {
                return Optional.of(
                        java.net.URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8));
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
