package dev.coffer.aws.s3;

import com.sun.net.httpserver.HttpExchange;
import dev.coffer.aws.endpoint.EndpointClients;
import dev.coffer.core.connector.EndpointPolicy;
import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.ContentWriter;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.WriteSession;
import dev.coffer.core.resource.Endpoint;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.testkit.connector.ConnectorContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bucket of any number of keys that nobody holds: its listing is written page by page, each object has one byte, and the session that takes the capture only counts. What the connector has listed and not handed on is what it holds.
 *
 * <p>As a program: {@code ManyKeys COUNT [EVERY]} captures so many keys, of which every so many-th is new and read, the others being carried over; run it with a small heap. {@code ManyKeys serve COUNT} tells the address of the
 * server and serves until it is stopped.
 */
final class ManyKeys implements AutoCloseable {
    private static final Instant MODIFIED = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = MODIFIED.plus(Duration.ofDays(1));
    private static final byte[] CONTENT = {'x'};
    private static final String ETAG = FakeS3.etag(CONTENT);
    private static final int PAGE = 1000;

    final AtomicLong listed = new AtomicLong();
    final AtomicLong done = new AtomicLong();
    final AtomicLong read = new AtomicLong();
    final AtomicLong heldAtMost = new AtomicLong();
    private final long count;
    private final long every;
    private final FakeS3 s3 = new FakeS3();
    private final EndpointClients clients = new EndpointClients(EndpointPolicy.USUAL);

    /** @param every one key of so many is new */
    ManyKeys(long count, long every) {
        this.count = count;
        this.every = every;
        s3.remembers = false;
        s3.hook = this::answers;
    }

    private static String key(long number) {
        return "folder-%05d/object-%09d".formatted(number / 5000, number);
    }

    private static long number(String key) {
        return Long.parseLong(key.substring(key.lastIndexOf('-') + 1));
    }

    private boolean answers(String action, String key, HttpExchange exchange) throws IOException {
        if (action.equals("ListObjectVersions")) {
            page(exchange);
            return true;
        }
        if (action.equals("ListObjectsV2")) {
            plainPage(exchange);
            return true;
        }
        if (action.equals("GetObject")) {
            exchange.getResponseHeaders().set("ETag", '"' + ETAG + '"');
            exchange.getResponseHeaders().set("x-rgw-object-type", "Normal");
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT);
            return true;
        }
        return false;
    }

    private void page(HttpExchange exchange) throws IOException {
        var marker = FakeS3.query(exchange).get("key-marker");
        long from = marker == null ? 0 : number(marker) + 1;
        long to = Math.min(count, from + PAGE);
        var xml = new StringBuilder("<ListVersionsResult><Name>b</Name><EncodingType>url</EncodingType>");
        for (long number = from; number < to; number++) {
            xml.append(FakeS3.version(key(number), ETAG, CONTENT.length));
        }
        xml.append("<IsTruncated>").append(to < count).append("</IsTruncated>");
        if (to < count) {
            xml.append("<NextKeyMarker>")
                    .append(key(to - 1))
                    .append("</NextKeyMarker><NextVersionIdMarker>null</NextVersionIdMarker>");
        }
        long held = listed.addAndGet(to - from) - done.get();
        heldAtMost.accumulateAndGet(held, Math::max);
        FakeS3.send(exchange, 200, xml.append("</ListVersionsResult>").toString());
    }

    /** What others list a bucket by. */
    private void plainPage(HttpExchange exchange) throws IOException {
        var token = FakeS3.query(exchange).get("continuation-token");
        long from = token == null ? 0 : Long.parseLong(token);
        long to = Math.min(count, from + PAGE);
        var xml = new StringBuilder("<ListBucketResult><Name>b</Name><EncodingType>url</EncodingType>");
        for (long number = from; number < to; number++) {
            xml.append(FakeS3.object(key(number), ETAG, CONTENT.length));
        }
        xml.append("<IsTruncated>").append(to < count).append("</IsTruncated>");
        if (to < count) {
            xml.append("<NextContinuationToken>").append(to).append("</NextContinuationToken>");
        }
        FakeS3.send(exchange, 200, xml.append("</ListBucketResult>").toString());
    }

    /** Captures the bucket once. */
    void capture() throws InterruptedException {
        var connector = new S3Connector(clients, InstantSource.fixed(NOW), Thread::sleep, new Random(1));
        var source = S3Discovery.source(
                new Endpoint(ResourceType.S3, ConnectorContract.SCOPE, s3.settings()), "b", Map.of());
        connector.capture(source, new Counting(), (_, _) -> {});
    }

    @Override
    public void close() {
        clients.close();
        s3.close();
    }

    /** A session whose parent has all keys that are not new. */
    private final class Counting implements WriteSession {
        @Override
        public Optional<Item> inherited(ItemPath path) {
            if (path.equals(BucketCapture.BUCKET)) {
                var today = Attributes.builder().number(BucketCapture.RECHECKED, NOW.getEpochSecond() / 86_400);
                return Optional.of(new Item(path, ItemKind.DIRECTORY, 0, today.build(), new Item.ContentRef() {}));
            }
            var version = KeyPath.at(path);
            if (version.isEmpty() || number(version.get().key()) % every == 0) {
                return Optional.empty();
            }
            var attributes = Attributes.builder()
                    .text(ObjectFacts.ETAG, ETAG)
                    .number(ObjectFacts.TIME, MODIFIED.toEpochMilli())
                    .text(ObjectFacts.TAGS, "")
                    .build();
            return Optional.of(new Item(path, ItemKind.FILE, CONTENT.length, attributes, new Item.ContentRef() {}));
        }

        @Override
        public Optional<RecoveryPointReader> parent() {
            return Optional.empty();
        }

        @Override
        public void put(ItemPath path, ItemKind kind, Attributes attributes) {
            // The bucket itself.
        }

        @Override
        public void keep(Item inherited, Attributes attributes) {
            done.incrementAndGet();
        }

        @Override
        public ContentWriter open(ItemPath path, ItemKind kind) {
            return new ContentWriter() {
                @Override
                public void write(ByteBuffer bytes) {
                    bytes.position(bytes.limit());
                }

                @Override
                public void hole(long length) {
                    throw new IllegalStateException("objects have no holes");
                }

                @Override
                public Item finish(Attributes attributes) {
                    done.incrementAndGet();
                    read.incrementAndGet();
                    return new Item(path, kind, CONTENT.length, attributes, new Item.ContentRef() {});
                }

                @Override
                public void close() {
                    // Nothing is held.
                }
            };
        }

        @Override
        public long newBytes() {
            return read.get();
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments[0].equals("serve")) {
            var served = new ManyKeys(Long.parseLong(arguments[1]), Long.MAX_VALUE);
            System.out.println("serving on " + served.s3.url());
            Thread.currentThread().join();
        }
        long count = Long.parseLong(arguments[0]);
        try (var keys = new ManyKeys(count, arguments.length > 1 ? Long.parseLong(arguments[1]) : Long.MAX_VALUE)) {
            long from = System.nanoTime();
            keys.capture();
            System.out.printf(
                    "%d keys captured, %d of them read, in %.1f s with a heap of at most %d MiB; at most %d keys were listed and not handed on%n",
                    keys.done.get(),
                    keys.read.get(),
                    (System.nanoTime() - from) / 1e9,
                    Runtime.getRuntime().maxMemory() >> 20,
                    keys.heldAtMost.get());
        }
    }
}
