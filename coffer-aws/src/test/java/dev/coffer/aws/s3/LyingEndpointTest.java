package dev.coffer.aws.s3;

import static dev.coffer.testkit.connector.ConnectorContract.SCOPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.coffer.aws.endpoint.EndpointClients;
import dev.coffer.core.connector.EndpointPolicy;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.resource.Endpoint;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import dev.coffer.testkit.repository.MemoryRepositories;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Endpoints that fail, and endpoints that lie. A backup of them ends with a reason, and never holds what was not there. */
final class LyingEndpointTest {
    private final FakeS3 s3 = new FakeS3();
    private final EndpointClients clients = new EndpointClients(EndpointPolicy.USUAL);
    private final S3Connector connector = new S3Connector(
            clients,
            InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")),
            _ -> {},
            new Random(1),
            new Calls.Patience(3, 6, Duration.ofMillis(1), Duration.ofMillis(5)));
    private final Repository repository;
    private int points;

    LyingEndpointTest() {
        var repositories = new MemoryRepositories();
        var name = new VaultName("vault");
        var id = new VaultId(new UUID(1, 1));
        repositories.create(SCOPE, name, id);
        repository = repositories.open(SCOPE, name, id);
        for (int i = 0; i < 10; i++) {
            s3.contentByKey.put("k" + i, ("content of " + i).getBytes(StandardCharsets.UTF_8));
        }
    }

    @AfterEach
    void close() {
        clients.close();
        s3.close();
    }

    private Source source() {
        return S3Discovery.source(new Endpoint(ResourceType.S3, SCOPE, s3.settings()), "b", Map.of());
    }

    private Manifest capture() throws InterruptedException {
        var id = new SessionId("p" + ++points);
        var parent = points == 1 ? Optional.<SessionId>empty() : Optional.of(new SessionId("p" + (points - 1)));
        return repository.write(
                id,
                new PointDescription("arn:p", "arn:aws:s3:::b", "S3", "b", Instant.EPOCH, Map.of(), Map.of()),
                parent,
                session -> connector.capture(source(), session, (_, _) -> {}),
                () -> {});
    }

    private CaptureSummary summary() throws InterruptedException {
        return capture().summary();
    }

    private void answer(String action, String key, Answer answer) {
        s3.hook = (called, of, exchange) -> {
            if (called.equals(action) && (key.isEmpty() || of.equals(key))) {
                answer.give(exchange);
                return true;
            }
            return false;
        };
    }

    @FunctionalInterface
    private interface Answer {
        void give(HttpExchange exchange) throws IOException;
    }

    private static void answerWithHeaders(HttpExchange exchange, int count, int length) throws IOException {
        for (int i = 0; i < count; i++) {
            exchange.getResponseHeaders().add("x-amz-meta-h" + i, "v".repeat(length));
        }
        exchange.sendResponseHeaders(200, -1);
    }

    @Test
    void anAnswerWithMegabytesOfHeadersEndsTheJobWithAReason() {
        for (var action : List.of("HeadBucket", "ListObjectVersions", "GetObject")) {
            for (int count : List.of(1, 40, 1000)) {
                answer(action, "", exchange -> answerWithHeaders(exchange, count, count == 1 ? 3_000_000 : 5_000));
                assertThatThrownBy(this::capture)
                        .as(count + " headers of " + action)
                        .isInstanceOf(SourceException.Impossible.class)
                        .hasMessageContaining("headers")
                        .hasMessageContaining("The endpoint cannot be trusted.");
            }
        }
    }

    @Test
    void anHonestOneIsCapturedWholeAndASecondTimeWithoutAnyRead() throws Exception {
        var large = new byte[40_000_000];
        new Random(5).nextBytes(large);
        s3.contentByKey.put("large", large);
        s3.pageSize = 3;
        assertThat(summary().skippedItems()).isZero();
        try (var point = repository.open(new SessionId("p1"))) {
            var item = point.find(KeyPath.of("large", "null")).orElseThrow();
            try (var in = point.open(item, new dev.coffer.core.store.ByteRange(0, large.length))) {
                assertThat(in.readAllBytes()).isEqualTo(large);
            }
        }
        long reads = s3.count("GetObject");
        long tags = s3.count("GetObjectTagging");
        s3.calls.clear();

        assertThat(capture().newBytes()).isZero();
        assertThat(reads).isEqualTo(10 + 5);
        assertThat(tags).isEqualTo(11);
        assertThat(s3.count("GetObject") + s3.count("HeadObject") + s3.count("GetObjectTagging"))
                .isZero();
        assertThat(s3.count("ListObjectVersions")).isEqualTo(4);
    }

    @Test
    void throttlingAndFaultsThatPassAreWaitedFor() throws Exception {
        // Every call is throttled four times, more often than a fault is tried again, with a fault in between.
        var triesByCall = new ConcurrentHashMap<String, Integer>();
        s3.hook = (operation, key, exchange) -> {
            int tries = triesByCall.merge(
                    operation + " " + key + " " + exchange.getRequestURI().getQuery(), 1, Integer::sum);
            if (tries == 3) {
                FakeS3.error(exchange, 500, "InternalError");
            } else if (tries <= 5) {
                FakeS3.error(exchange, 503, "SlowDown");
            }
            return tries <= 5;
        };
        var manifest = capture();
        assertThat(manifest.summary().skippedItems()).isZero();
        assertThat(paths("p1")).hasSize(10);
    }

    @Test
    void throttlingWithoutEndEndsTheJobAndCanBeTriedAgain() {
        answer("GetObject", "k3", exchange -> FakeS3.error(exchange, 503, "SlowDown"));
        assertThatThrownBy(this::capture)
                .isInstanceOf(SourceException.Unavailable.class)
                .hasMessageContaining("GetObject of 'k3' in bucket b")
                .hasMessageContaining("SlowDown");
    }

    @Test
    void anObjectThatCannotBeReadIsNamedAndTheOthersAreCaptured() throws Exception {
        answer("GetObject", "k3", exchange -> FakeS3.error(exchange, 403, "AccessDenied"));
        var denied = summary();
        assertThat(denied.skipped()).singleElement().satisfies(skipped -> {
            assertThat(skipped.path()).hasToString("/objects/k3!/null");
            assertThat(skipped.reason()).contains("GetObject of 'k3'", "missing permission for s3:GetObject");
        });
        assertThat(paths("p1")).hasSize(9);

        answer("GetObject", "k3", exchange -> FakeS3.error(exchange, 403, "InvalidObjectState"));
        assertThat(summary().skipped())
                .singleElement()
                .satisfies(skipped -> assertThat(skipped.reason()).contains("archived"));
        answer("GetObject", "k3", exchange -> FakeS3.error(exchange, 400, "KMS.DisabledException"));
        assertThat(summary().skipped())
                .singleElement()
                .satisfies(skipped -> assertThat(skipped.reason()).contains("KMS key"));
    }

    @Test
    void aBucketOfWhichNothingCanBeReadFailsWithAwssText() {
        answer("GetObject", "", exchange -> FakeS3.error(exchange, 403, "AccessDenied"));
        assertThatThrownBy(this::capture)
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageStartingWith(
                        "No objects were backed up from the source bucket b. To get notified of these failures, enable SNS event notifications.");
    }

    @Test
    void whatIsWrongWithTheBucketIsToldWithTheCallAndTheWayOut() {
        answer("ListObjectVersions", "", exchange -> FakeS3.error(exchange, 403, "AccessDenied"));
        assertThatThrownBy(this::capture)
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("ListObjectVersions")
                .hasMessageContaining("missing permission for s3:ListBucketVersions");
        answer("ListObjectVersions", "", exchange -> FakeS3.error(exchange, 404, "NoSuchBucket"));
        assertThatThrownBy(this::capture).isInstanceOf(SourceException.NotFound.class);
        answer("ListObjectVersions", "", exchange -> FakeS3.error(exchange, 301, "PermanentRedirect"));
        assertThatThrownBy(this::capture).hasMessageContaining("signingRegion");
        answer("GetObject", "k5", exchange -> FakeS3.error(exchange, 404, "NoSuchBucket"));
        assertThatThrownBy(this::capture).isInstanceOf(SourceException.NotFound.class);
    }

    @Test
    void aContentThatEndsEarlyIsNeverStoredAsWhole() {
        answer("GetObject", "k4", exchange -> {
            exchange.getResponseHeaders().set("ETag", '"' + FakeS3.etag(content("k4")) + '"');
            exchange.sendResponseHeaders(200, content("k4").length);
            exchange.getResponseBody().write(content("k4"), 0, 5);
            exchange.getResponseBody().flush();
            // Closing the exchange now breaks the connection.
        });
        assertThatThrownBy(this::capture)
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("'k4'")
                .hasMessageContaining("ended before its length");
        assertThatThrownBy(() -> repository.open(new SessionId("p1"))).isInstanceOf(RepositoryException.NotFound.class);
    }

    private byte[] content(String key) {
        return Optional.ofNullable(s3.contentByKey.get(key)).orElseThrow();
    }

    @Test
    void aContentOfAnotherLengthOrChecksumIsNotStored() throws Exception {
        answer("GetObject", "k4", exchange -> {
            exchange.getResponseHeaders().set("ETag", '"' + FakeS3.etag(content("k4")) + '"');
            FakeS3.send(exchange, 200, "x".repeat(content("k4").length));
        });
        var summary = summary();
        assertThat(summary.skipped())
                .singleElement()
                .satisfies(skipped -> assertThat(skipped.reason()).contains("MD5"));
        assertThat(paths("p1")).hasSize(9);

        answer("GetObject", "k4", exchange -> {
            exchange.getResponseHeaders().set("ETag", '"' + FakeS3.etag(content("k4")) + '"');
            FakeS3.send(exchange, 200, "short");
        });
        assertThat(summary().skipped())
                .singleElement()
                .satisfies(skipped -> assertThat(skipped.reason()).contains("is listed with 12 bytes"));
        assertThat(paths("p2")).hasSize(9);
    }

    @Test
    void anObjectThatChangesMeanwhileIsCapturedAsItIsThen() throws Exception {
        var newer = "newer content".getBytes(StandardCharsets.UTF_8);
        var first = new AtomicInteger();
        s3.hook = (action, key, exchange) -> {
            if (action.equals("GetObject") && key.equals("k6") && first.getAndIncrement() == 0) {
                s3.contentByKey.put("k6", newer);
                FakeS3.error(exchange, 412, "PreconditionFailed");
                return true;
            }
            return false;
        };
        assertThat(summary().skippedItems()).isZero();
        try (var point = repository.open(new SessionId("p1"))) {
            assertThat(point.find(KeyPath.of("k6", "null")).orElseThrow().size())
                    .isEqualTo(newer.length);
        }
    }

    @Test
    void aListingThatRepeatsItselfOrDoesNotEndIsRefused() {
        var page =
                "<ListVersionsResult><IsTruncated>true</IsTruncated><NextKeyMarker>%s</NextKeyMarker>%s</ListVersionsResult>";
        var object = FakeS3.version("a", "0".repeat(32), 1);
        answer("ListObjectVersions", "", exchange -> FakeS3.send(exchange, 200, page.formatted("a", object)));
        answerObjectsToo();
        assertThatThrownBy(this::capture)
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("twice");

        answer("ListObjectVersions", "", exchange -> FakeS3.send(exchange, 200, page.formatted("", "")));
        assertThatThrownBy(this::capture).hasMessageContaining("not where it goes on");

        answer("ListObjectVersions", "", exchange -> FakeS3.send(exchange, 200, page.formatted("same", "")));
        assertThatThrownBy(this::capture).hasMessageContaining("would never end");

        var number = new AtomicInteger();
        answer(
                "ListObjectVersions",
                "",
                exchange -> FakeS3.send(exchange, 200, page.formatted("m" + number.incrementAndGet(), "")));
        assertThatThrownBy(this::capture).hasMessageContaining("empty pages");

        answer(
                "ListObjectVersions",
                "",
                exchange -> FakeS3.send(
                        exchange, 200, page.formatted("z", FakeS3.version("z", "", 0) + FakeS3.version("k1", "", 0))));
        assertThatThrownBy(this::capture).hasMessageContaining("not in the order of keys");
    }

    private void answerObjectsToo() {
        var listing = s3.hook;
        s3.hook = (action, key, exchange) -> {
            if (action.equals("GetObject") && key.equals("a")) {
                exchange.getResponseHeaders().set("ETag", '"' + "0".repeat(32) + '"');
                FakeS3.send(exchange, 403, "");
                return true;
            }
            return listing.answers(action, key, exchange);
        };
    }

    @Test
    void hostileXmlIsRefusedBeforeItCostsAnything() {
        var entities = new StringBuilder("<!DOCTYPE l [<!ENTITY a0 \"ha\">");
        for (int i = 1; i < 30; i++) {
            entities.append("<!ENTITY a")
                    .append(i)
                    .append(" \"&a")
                    .append(i - 1)
                    .append(";&a")
                    .append(i - 1)
                    .append(";\">");
        }
        entities.append("]>");
        answer(
                "ListObjectVersions",
                "",
                exchange -> FakeS3.send(
                        exchange,
                        200,
                        entities + "<ListVersionsResult><Version><Key>&a29;</Key></Version></ListVersionsResult>"));
        assertThatThrownBy(this::capture).isInstanceOf(SourceException.class);

        answer(
                "ListObjectVersions",
                "",
                exchange -> FakeS3.send(
                        exchange,
                        200,
                        "<!DOCTYPE l [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><ListVersionsResult><Version><Key>&x;</Key>"
                                + "</Version></ListVersionsResult>"));
        assertThatThrownBy(this::capture).isInstanceOf(SourceException.class);
        assertThat(s3.count("GetObject")).isZero();

        answer("ListObjectVersions", "", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            var filler = ("<!--" + "x".repeat(1 << 20) + "-->").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseBody().write("<ListVersionsResult>".getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 64; i++) {
                exchange.getResponseBody().write(filler);
            }
        });
        assertThatThrownBy(this::capture)
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("the answer has more than");
    }

    @Test
    void aNameOfAMetadataServiceIsNotConnectedTo() {
        var settings = s3.settings();
        settings.put("endpoint", "http://2852039166:80");
        var source = S3Discovery.source(new Endpoint(ResourceType.S3, SCOPE, settings), "b", Map.of());
        assertThatThrownBy(() -> connector.describe(source))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("address not allowed by policy");
    }

    @Test
    void aTagThatCannotBeReadIsAnErrorOfDiscovery() {
        s3.hook = (action, _, exchange) -> {
            if (action.equals("GetSetting")) {
                FakeS3.error(exchange, 403, "AccessDenied");
                return true;
            }
            return false;
        };
        var found = new ArrayList<Source>();
        assertThatThrownBy(() ->
                        connector.discovery().discover(new Endpoint(ResourceType.S3, SCOPE, s3.settings()), found::add))
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("GetBucketTagging");
        assertThat(found).isEmpty();
    }

    private java.util.List<ItemPath> paths(String id) throws InterruptedException {
        var paths = new ArrayList<ItemPath>();
        try (var point = repository.open(new SessionId(id))) {
            point.items(KeyPath.OBJECTS, item -> paths.add(item.path()));
        }
        return paths;
    }
}
