package dev.coffer.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.server.CofferServer;
import dev.coffer.server.ServerOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** A session ends at its time. The server runs in this process, since its clock has to be moved. */
final class ExpiredSessionTest {
    @TempDir
    private Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T10:00:00Z"));

    @Test
    void anEndedSessionIsToldSoByBothServices() throws Exception {
        var options = new ServerOptions(
                folder, Optional.empty(), "127.0.0.1:0", Set.of(ServerOptions.Role.API), false, "test");
        try (var server = CofferServer.start(options, now::get, new SecureRandom())) {
            var credentials = Files.readString(folder.resolve("credentials"));
            var user = AwsCredentialsIdentity.create(
                    found(credentials, "aws_access_key_id = (\\S+)"),
                    found(credentials, "aws_secret_access_key = (\\S+)"));
            var token = "Action=GetSessionToken&Version=2011-06-15&DurationSeconds=900";
            var issued = send(server, user, "sts", "POST", "/", token);
            assertThat(issued.statusCode()).as(issued.body()).isEqualTo(200);
            var session = AwsSessionCredentialsIdentity.create(
                    found(issued.body(), "<AccessKeyId>(.*)</AccessKeyId>"),
                    found(issued.body(), "<SecretAccessKey>(.*)</SecretAccessKey>"),
                    found(issued.body(), "<SessionToken>(.*)</SessionToken>"));
            assertThat(found(issued.body(), "<Expiration>(.*)</Expiration>")).isEqualTo("2026-03-01T10:15:00Z");

            now.set(now.get().plus(Duration.ofMinutes(15)).minusMillis(1));
            assertThat(send(server, session, "backup", "GET", "/backup-vaults/", "")
                            .statusCode())
                    .isEqualTo(200);
            now.set(now.get().plusMillis(1));
            var backup = send(server, session, "backup", "GET", "/backup-vaults/", "");
            assertThat(backup.statusCode()).isEqualTo(403);
            assertThat(backup.headers().firstValue("X-Amzn-Errortype")).contains("ExpiredTokenException");
            var identity = "Action=GetCallerIdentity&Version=2011-06-15";
            var sts = send(server, session, "sts", "POST", "/", identity);
            assertThat(sts.statusCode()).isEqualTo(403);
            assertThat(sts.body()).contains("<Code>ExpiredToken</Code>");
            assertThat(send(server, user, "sts", "POST", "/", identity).body()).contains(":user/coffer-admin</Arn>");
        }
    }

    private static String found(String text, String pattern) {
        var match = Pattern.compile(pattern).matcher(text);
        assertThat(match.find()).as(text).isTrue();
        return match.group(1);
    }

    private HttpResponse<String> send(
            CofferServer server,
            AwsCredentialsIdentity identity,
            String service,
            String method,
            String path,
            String body)
            throws IOException, InterruptedException {
        var uri = URI.create(server.url() + path);
        var payload = body.getBytes(StandardCharsets.UTF_8);
        var plain = SdkHttpRequest.builder()
                .method(SdkHttpMethod.fromValue(method))
                .uri(uri)
                .putHeader("Content-Type", "application/x-www-form-urlencoded")
                .build();
        var signed = AwsV4HttpSigner.create()
                .sign(sign -> sign.identity(identity)
                        .request(plain)
                        .payload(ContentStreamProvider.fromByteArray(payload))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, RunningCoffer.REGION)
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(now.get(), ZoneOffset.UTC)));
        var request = HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.ofByteArray(payload));
        signed.request().forEachHeader((name, values) -> {
            if (!name.equalsIgnoreCase("host") && !name.equalsIgnoreCase("content-length")) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
