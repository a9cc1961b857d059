package dev.coffer.server.http;

import dev.coffer.core.access.Origin;
import dev.coffer.server.config.Config.Tls;
import dev.coffer.server.node.NodeException;
import dev.coffer.wire.WireHeaders;
import dev.coffer.wire.WireRequest;
import dev.coffer.wire.WireResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP front: reads a request whole, hands it to the page or the API that it is for, and writes the answer. Paths arrive there as they were sent, since ARNs are single path segments with encoded slashes.
 */
public final class Listener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final int HEADER_BYTES = 32 * 1024;
    private static final long IDLE_MILLIS = 30_000;

    private final Server server;
    private final ServerConnector connector;
    private final boolean secure;
    private final String host;

    private Listener(Server server, ServerConnector connector, boolean secure, String host) {
        this.server = server;
        this.connector = connector;
        this.secure = secure;
        this.host = host;
    }

    /**
     * Binds the address and begins to answer.
     *
     * @param port 0 picks a free one
     * @param pages exact paths that are answered without a signature, for example {@code /healthz}
     * @param api answers everything else
     * @throws NodeException if the address cannot be bound
     */
    public static Listener start(
            String host,
            int port,
            Optional<Tls> tls,
            Map<String, HttpEndpoint> pages,
            HttpEndpoint api,
            Supplier<UUID> ids) {
        var pool = new QueuedThreadPool();
        pool.setName("http");
        pool.setVirtualThreadsExecutor(Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("request-", 1).factory()));
        var server = new Server(pool);
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.setRequestHeaderSize(HEADER_BYTES);
        http.setHttpCompliance(HttpCompliance.RFC9110);
        http.setUriCompliance(UriCompliance.DEFAULT.with(
                "aws",
                UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
                UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING,
                UriCompliance.Violation.AMBIGUOUS_PATH_SEGMENT,
                UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT,
                UriCompliance.Violation.SUSPICIOUS_PATH_CHARACTERS));
        ServerConnector connector;
        if (tls.isPresent()) {
            http.addCustomizer(new SecureRequestCustomizer(false));
            var ssl = new SslContextFactory.Server();
            ssl.setSslContext(PemContext.load(tls.get()));
            connector = new ServerConnector(server, ssl, new HttpConnectionFactory(http));
        } else {
            connector = new ServerConnector(server, new HttpConnectionFactory(http));
        }
        connector.setHost(host);
        connector.setPort(port);
        connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(connector);
        server.setErrorHandler(new ProtocolErrors(ids));
        server.setHandler(new GracefulHandler(new Requests(pages, api, ids)));
        server.setStopTimeout(STOP_TIMEOUT.toMillis());
        var listener = new Listener(server, connector, tls.isPresent(), host);
        try {
            server.start();
        } catch (Exception refused) {
            listener.close();
            throw new NodeException(
                    "cannot listen on " + host + ":" + port + " (" + refused.getMessage()
                            + "). Choose another address with --listen HOST:PORT; port 0 picks a free one.",
                    refused);
        }
        return listener;
    }

    /** Where clients reach it, for example {@code http://127.0.0.1:8480}. */
    public String url() {
        var name = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        return (secure ? "https://" : "http://") + name + ":" + connector.getLocalPort();
    }

    /** Stops accepting, lets requests end, and returns. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception ending) {
            LOG.atWarn().setCause(ending).log("the listener did not stop in time");
        }
    }

    /** Reads the request, asks the endpoint, writes the answer. */
    private static final class Requests extends Handler.Abstract {
        private final Map<String, HttpEndpoint> pages;
        private final HttpEndpoint api;
        private final Supplier<UUID> ids;

        Requests(Map<String, HttpEndpoint> pages, HttpEndpoint api, Supplier<UUID> ids) {
            this.pages = Map.copyOf(pages);
            this.api = api;
            this.ids = ids;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws IOException {
            var requestId = ids.get().toString();
            var body = body(request);
            if (body.isEmpty()) {
                response.getHeaders().put(HttpHeader.CONNECTION, "close");
                write(response, callback, requestId, Answers.tooLarge());
                return true;
            }
            var uri = request.getHttpURI();
            var wire = new WireRequest(
                    request.getMethod(),
                    Optional.ofNullable(uri.getPath()).orElse("/"),
                    Optional.ofNullable(uri.getQuery()),
                    headers(request),
                    body.get());
            var endpoint =
                    request.getMethod().equals("GET") || request.getMethod().equals("HEAD")
                            ? pages.getOrDefault(wire.rawPath(), api)
                            : api;
            write(response, callback, requestId, endpoint.answer(wire, origin(request), requestId));
            return true;
        }

        private static Origin origin(Request request) {
            return Origin.of(plain(Request.getRemoteAddr(request)), request.isSecure());
        }

        /** The address without the brackets and the interface that the server writes around one of IPv6; conditions compare addresses. */
        private static String plain(String address) {
            var bare = address.startsWith("[") ? address.substring(1, address.length() - 1) : address;
            int zone = bare.indexOf('%');
            return zone < 0 ? bare : bare.substring(0, zone);
        }

        /** The whole body; empty when it is larger than any request may be. */
        private static Optional<byte[]> body(Request request) throws IOException {
            if (request.getLength() > WireRequest.BODY_BYTES_AT_MOST) {
                return Optional.empty();
            }
            try (var in = Content.Source.asInputStream(request)) {
                var bytes = in.readNBytes(WireRequest.BODY_BYTES_AT_MOST + 1);
                return bytes.length > WireRequest.BODY_BYTES_AT_MOST ? Optional.empty() : Optional.of(bytes);
            }
        }

        private static WireHeaders headers(Request request) {
            Map<String, List<String>> headers = new HashMap<>();
            for (var field : request.getHeaders()) {
                headers.computeIfAbsent(field.getName(), _ -> new ArrayList<>())
                        .add(Optional.ofNullable(field.getValue()).orElse(""));
            }
            return WireHeaders.of(headers);
        }

        private static void write(Response response, Callback callback, String requestId, WireResponse answer) {
            response.setStatus(answer.status());
            answer.headers().forEach(response.getHeaders()::put);
            response.getHeaders().put("x-amzn-RequestId", requestId);
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.body().length);
            response.write(true, ByteBuffer.wrap(answer.body()), callback);
        }
    }

    /** Answers what is not even a request in the way AWS does, instead of with a page. */
    private static final class ProtocolErrors extends ErrorHandler {
        private final Supplier<UUID> ids;

        ProtocolErrors(Supplier<UUID> ids) {
            this.ids = ids;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            // What follows on the connection may be part of what was not understood.
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
            Requests.write(response, callback, ids.get().toString(), Answers.protocolError(response.getStatus()));
            return true;
        }
    }

    /** Text answers of pages. */
    public static WireResponse text(int status, String contentType, String text) {
        return new WireResponse(
                status,
                Map.of("Content-Type", contentType, "Cache-Control", "no-store"),
                text.getBytes(StandardCharsets.UTF_8));
    }

    /** A page that answers with text made by the function, which gets the request id. */
    public static HttpEndpoint page(int status, String contentType, Function<String, String> text) {
        return (_, _, requestId) -> text(status, contentType, text.apply(requestId));
    }
}
