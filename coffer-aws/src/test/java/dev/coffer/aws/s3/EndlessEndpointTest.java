package dev.coffer.aws.s3;

import static dev.coffer.testkit.connector.ConnectorContract.SCOPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.coffer.aws.endpoint.EndpointClients;
import dev.coffer.core.connector.EndpointPolicy;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.resource.Endpoint;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import dev.coffer.testkit.repository.MemoryRepositories;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Endpoints whose answers have no end. The connector hangs up. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class EndlessEndpointTest {
    private static final long ANNOUNCED = 1L << 42;
    private static final long TAKEN_AT_MOST = 256L << 20;

    private final FakeS3 s3 = new FakeS3();
    private final EndpointClients clients = new EndpointClients(EndpointPolicy.USUAL);
    private final S3Connector connector = new S3Connector(
            clients,
            InstantSource.fixed(Instant.EPOCH),
            _ -> {},
            new Random(1),
            new Calls.Patience(2, 2, Duration.ofMillis(1), Duration.ofMillis(1)));
    private final Repository repository;
    private final AtomicLong sent = new AtomicLong();
    private final CountDownLatch hungUp = new CountDownLatch(1);

    EndlessEndpointTest() {
        var repositories = new MemoryRepositories();
        var name = new VaultName("vault");
        var id = new VaultId(new UUID(1, 1));
        repositories.create(SCOPE, name, id);
        repository = repositories.open(SCOPE, name, id);
        s3.contentByKey.put("k", new byte[] {1});
    }

    @AfterEach
    void close() {
        clients.close();
        s3.close();
    }

    private void capture() throws InterruptedException {
        var source = S3Discovery.source(new Endpoint(ResourceType.S3, SCOPE, s3.settings()), "b", Map.of());
        repository.write(
                new SessionId("one"),
                new PointDescription("arn:p", "arn:aws:s3:::b", "S3", "b", Instant.EPOCH, Map.of(), Map.of()),
                Optional.empty(),
                session -> connector.capture(source, session, (_, _) -> {}),
                () -> {});
    }

    /** @param length that is announced; 0 for none, which is sent in chunks */
    private void endless(String action, String beginning, long length) {
        s3.hook = (called, _, exchange) -> {
            if (!called.equals(action)) {
                return false;
            }
            exchange.getResponseHeaders().set("ETag", '"' + FakeS3.etag(new byte[] {1}) + '"');
            exchange.sendResponseHeaders(200, length);
            pour(exchange, beginning);
            return true;
        };
    }

    private void pour(HttpExchange exchange, String beginning) {
        var block = " ".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
        try {
            exchange.getResponseBody().write(beginning.getBytes(StandardCharsets.US_ASCII));
            while (sent.addAndGet(block.length) < ANNOUNCED) {
                exchange.getResponseBody().write(block);
            }
        } catch (IOException hangsUp) {
            hungUp.countDown();
        }
    }

    private void assertHungUp() throws InterruptedException {
        assertThat(hungUp.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(sent.get()).isLessThan(TAKEN_AT_MOST);
    }

    @Test
    void aContentThatIsLargerThanListed() throws InterruptedException {
        endless("GetObject", "", ANNOUNCED);
        assertThatThrownBy(this::capture).isInstanceOf(SourceException.class);
        assertHungUp();
    }

    @Test
    void aContentWithoutALength() throws InterruptedException {
        endless("GetObject", "", 0);
        assertThatThrownBy(this::capture).isInstanceOf(SourceException.class);
        assertHungUp();
    }

    @Test
    void aListingThatGoesOnAfterItsEnd() throws InterruptedException {
        endless(
                "ListObjectVersions",
                "<ListVersionsResult><IsTruncated>false</IsTruncated></ListVersionsResult>",
                ANNOUNCED);
        try {
            capture();
        } catch (SourceException refused) {
            assertThat(refused).hasMessageContaining("cannot be trusted");
        }
        assertHungUp();
    }

    @Test
    void aVersionIdWithoutEnd() {
        s3.hook = (called, _, exchange) -> {
            if (!called.equals("ListObjectVersions")) {
                return false;
            }
            FakeS3.send(
                    exchange,
                    200,
                    "<ListVersionsResult>"
                            + FakeS3.version("k", "0", 1).replace(">null<", ">" + "9".repeat(5000) + "<")
                            + "</ListVersionsResult>");
            return true;
        };
        assertThatThrownBy(this::capture).hasMessageContaining("more than 1024 characters");
    }
}
