package dev.coffer.aws.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A small S3 on loopback: one bucket {@code b} of unversioned objects. A test can put a hook before it that answers in its place, to fail or to lie. Keys are in the order of Java's texts, which is right for plain ones. */
final class FakeS3 implements AutoCloseable {
    final NavigableMap<String, byte[]> contentByKey = new ConcurrentSkipListMap<>();
    final List<String> calls = new CopyOnWriteArrayList<>();
    volatile Hook hook = (_, _, _) -> false;
    volatile int pageSize = 1000;

    /** Whether {@link #calls} grows. */
    volatile boolean remembers = true;

    private final HttpServer server;

    /** Answers instead of the server, or not. */
    @FunctionalInterface
    interface Hook {
        boolean answers(String action, String key, HttpExchange exchange) throws IOException;
    }

    FakeS3() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** How often an action was called. */
    long count(String action) {
        return calls.stream().filter(action::equals).count();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            var path = exchange.getRequestURI().getRawPath();
            var query = query(exchange);
            var key = path.startsWith("/b/")
                    ? URLDecoder.decode(path.substring(3).replace("+", "%2B"), StandardCharsets.UTF_8)
                    : "";
            var action = action(exchange.getRequestMethod(), path, key, query);
            if (remembers) {
                calls.add(action);
            }
            if (!hook.answers(action, key, exchange)) {
                answer(action, key, query, exchange);
            }
        }
    }

    static Map<String, String> query(HttpExchange exchange) {
        var query = new HashMap<String, String>();
        for (var part : Optional.ofNullable(exchange.getRequestURI().getRawQuery())
                .orElse("")
                .split("&")) {
            var pair = part.split("=", 2);
            query.put(pair[0], pair.length == 2 ? URLDecoder.decode(pair[1], StandardCharsets.UTF_8) : "");
        }
        return query;
    }

    private static String action(String method, String path, String key, Map<String, String> query) {
        if (path.equals("/")) {
            return "ListBuckets";
        }
        if (!key.isEmpty()) {
            return query.containsKey("tagging")
                    ? "GetObjectTagging"
                    : method.equals("HEAD") ? "HeadObject" : "GetObject";
        }
        if (method.equals("HEAD")) {
            return "HeadBucket";
        }
        return query.containsKey("versions")
                ? "ListObjectVersions"
                : query.containsKey("list-type") ? "ListObjectsV2" : "GetSetting";
    }

    private void answer(String action, String key, Map<String, String> query, HttpExchange exchange)
            throws IOException {
        switch (action) {
            case "HeadBucket" -> send(exchange, 200, "");
            case "ListBuckets" ->
                send(
                        exchange,
                        200,
                        "<ListAllMyBucketsResult><Buckets><Bucket><Name>b</Name></Bucket></Buckets></ListAllMyBucketsResult>");
            case "ListObjectVersions" -> send(exchange, 200, page(query));
            case "GetObject", "HeadObject" -> object(action, key, exchange);
            case "GetObjectTagging" -> send(exchange, 200, "<Tagging><TagSet></TagSet></Tagging>");
            default -> error(exchange, 501, "NotImplemented");
        }
    }

    private String page(Map<String, String> query) {
        var after = contentByKey.tailMap(query.getOrDefault("key-marker", ""), false);
        var xml = new StringBuilder("<ListVersionsResult><Name>b</Name><EncodingType>url</EncodingType>");
        int count = 0;
        var last = "";
        for (var entry : after.entrySet()) {
            if (count++ == pageSize) {
                break;
            }
            last = entry.getKey();
            xml.append(version(last, etag(entry.getValue()), entry.getValue().length));
        }
        boolean more = after.size() > pageSize;
        xml.append("<IsTruncated>").append(more).append("</IsTruncated>");
        if (more) {
            xml.append("<NextKeyMarker>")
                    .append(URLEncoder.encode(last, StandardCharsets.UTF_8))
                    .append("</NextKeyMarker><NextVersionIdMarker>null</NextVersionIdMarker>");
        }
        return xml.append("</ListVersionsResult>").toString();
    }

    static String version(String key, String etag, long size) {
        return "<Version><VersionId>null</VersionId><IsLatest>true</IsLatest>" + facts(key, etag, size) + "</Version>";
    }

    /** An object in a listing without versions. */
    static String object(String key, String etag, long size) {
        return "<Contents>" + facts(key, etag, size) + "</Contents>";
    }

    private static String facts(String key, String etag, long size) {
        return "<Key>" + URLEncoder.encode(key, StandardCharsets.UTF_8)
                + "</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;" + etag
                + "&quot;</ETag><Size>"
                + size + "</Size><StorageClass>STANDARD</StorageClass>";
    }

    static String etag(byte[] content) {
        return Md5.hex(Md5.bytes(content, content.length));
    }

    private void object(String action, String key, HttpExchange exchange) throws IOException {
        var content = contentByKey.get(key);
        if (content == null) {
            error(exchange, 404, "NoSuchKey");
            return;
        }
        exchange.getResponseHeaders().set("ETag", '"' + etag(content) + '"');
        exchange.getResponseHeaders().set("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT");
        if (action.equals("HeadObject")) {
            exchange.getResponseHeaders().set("Content-Length", "" + content.length);
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        var range = exchange.getRequestHeaders().getFirst("Range");
        if (range == null) {
            exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
            return;
        }
        var ends = range.substring("bytes=".length()).split("-");
        int from = Integer.parseInt(ends[0]);
        int length = Integer.parseInt(ends[1]) - from + 1;
        exchange.sendResponseHeaders(206, length);
        exchange.getResponseBody().write(content, from, length);
    }

    static void error(HttpExchange exchange, int status, String code) throws IOException {
        send(exchange, status, "<Error><Code>" + code + "</Code><Message>said so</Message></Error>");
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        if (exchange.getRequestMethod().equals("HEAD") || bytes.length == 0) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    Map<String, String> settings() {
        return new TreeMap<>(
                Map.of("endpoint", url(), "signingRegion", "us-east-1", "accessKeyId", "A", "secretAccessKey", "B"));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
