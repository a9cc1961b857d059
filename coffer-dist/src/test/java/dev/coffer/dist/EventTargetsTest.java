package dev.coffer.dist;

import static dev.coffer.dist.RunningCoffer.ACCOUNT;
import static dev.coffer.dist.RunningCoffer.REGION;
import static dev.coffer.dist.RunningCoffer.RESOURCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.backup.model.BackupException;
import software.amazon.awssdk.services.backup.model.BackupVaultEvent;
import software.amazon.awssdk.services.backup.model.InvalidParameterValueException;
import software.amazon.awssdk.services.backup.model.ResourceNotFoundException;

/** Events of real jobs arrive at real targets. */
final class EventTargetsTest {
    private static final String TOPIC = "arn:aws:sns:" + REGION + ":" + ACCOUNT + ":backups";
    private static final String PUBLISHED =
            "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult><MessageId>1</MessageId></PublishResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishResponse>";

    private record Received(String body, String signature) {}

    private final LinkedBlockingQueue<Received> hooked = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<String> published = new LinkedBlockingQueue<>();
    private final HttpServer server;

    @TempDir
    private Path folder;

    EventTargetsTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/hook", exchange -> {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            hooked.add(new Received(
                    body, String.valueOf(exchange.getRequestHeaders().getFirst("Coffer-Signature"))));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.createContext("/", exchange -> {
            published.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            var answer = PUBLISHED.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/xml");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void configure(String section) throws IOException {
        Files.writeString(folder.resolve("coffer.yaml"), RunningCoffer.usualConfig(folder) + section);
    }

    private static <T> T await(LinkedBlockingQueue<T> queue, Predicate<T> wanted) throws InterruptedException {
        while (true) {
            var next = queue.poll(60, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing that is wanted has arrived");
            }
            if (wanted.test(next)) {
                return next;
            }
        }
    }

    private static String answered(RunningCoffer coffer, String method, String path, String body) throws IOException {
        var answer =
                new RawCall(coffer, method, "/coffer/v1/" + path).body(body).send();
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.text().substring(answer.text().indexOf("\r\n\r\n") + 4);
    }

    private static void awaitTarget(RunningCoffer coffer, String pattern) throws IOException, InterruptedException {
        var wanted = Pattern.compile(pattern);
        long deadline = System.nanoTime() + RunningCoffer.PATIENCE.toNanos();
        var targets = answered(coffer, "GET", "event-targets", "");
        while (!wanted.matcher(targets).find()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the targets stay " + targets);
            }
            Thread.sleep(20);
            targets = answered(coffer, "GET", "event-targets", "");
        }
    }

    @Test
    void aRuleOfTheFileSendsWhatMatchesToItsWebhookAndItsLog() throws Exception {
        configure("""
                events:
                  allow: [localhost]
                  rules:
                    - name: done
                      pattern: {detail-type: [Backup Job State Change], detail: {state: [COMPLETED], resourceArn: [{suffix: "%s"}]}}
                      targets:
                        - {id: hook, type: webhook, url: "%s/hook", secret: "a secret that is long enough"}
                        - {id: lines, type: log, file: events.jsonl}
                """.formatted(RunningCoffer.FILE_SYSTEM, url()));
        Trees.random(folder.resolve("tree"), 2, 10_000, 1);
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            client.createBackupVault(r -> r.backupVaultName("prod"));
            var job = RunningCoffer.backUp(client, "prod");
            var event = await(hooked, _ -> true);
            assertThat(event.body())
                    .contains(
                            "\"source\":\"aws.backup\"",
                            "\"detail-type\":\"Backup Job State Change\"",
                            "\"backupJobId\":\"" + job.backupJobId() + "\"",
                            "\"resources\":[\"" + job.recoveryPointArn() + "\"]",
                            "\"state\":\"COMPLETED\"");
            assertThat(event.signature()).matches("t=[0-9]+,v1=[0-9a-f]{64}");
            assertThat(answered(coffer, "GET", "event-rules/done", ""))
                    .contains("\"Origin\":\"FILE\"", "/...")
                    .doesNotContain("a secret that is long enough", "/hook");
            awaitTarget(coffer, "\"Id\":\"lines\"[^}]*\"Delivered\":1");
            assertThat(hooked).isEmpty();
        }
        var log = folder.resolve("data/event-logs")
                .resolve(ACCOUNT)
                .resolve(REGION)
                .resolve("events.jsonl");
        assertThat(Files.readAllLines(log)).hasSize(1);
        assertThat(Files.readString(folder.resolve("stderr.log"))).doesNotContain("a secret that is long enough");
    }

    @Test
    void rulesArePutShownAndDeletedAtRunTimeWithinThePolicy() throws Exception {
        configure("events: {allow: [localhost]}\n");
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            var rule = """
                    {"Pattern": {"detail-type": ["Backup Vault State Change"]},
                     "Targets": [{"Id": "hook", "Type": "WEBHOOK", "Url": "%s", "Secret": "a secret that is long enough"}]}
                    """;
            assertThat(answered(coffer, "PUT", "event-rules/vaults", rule.formatted(url() + "/hook")))
                    .contains("\"Origin\":\"API\"")
                    .doesNotContain("a secret");
            client.createBackupVault(r -> r.backupVaultName("prod"));
            assertThat(await(hooked, _ -> true).body())
                    .contains("\"backupVaultName\":\"prod\"", "\"state\":\"CREATED\"");
            assertThat(answered(coffer, "GET", "event-rules", "")).contains("\"Name\":\"vaults\"");
            assertThat(answered(coffer, "GET", "event-targets", ""))
                    .contains("\"Rule\":\"vaults\"", "\"State\":\"DELIVERING\"", "\"DeadLetters\":0");

            for (var forbidden : List.of(
                    "http://169.254.169.254/latest/meta-data",
                    "https://[::ffff:10.0.0.1]/",
                    "https://2130706433/",
                    "gopher://127.0.0.1/",
                    "file:///etc/passwd")) {
                var refused = new RawCall(coffer, "PUT", "/coffer/v1/event-rules/evil")
                        .body(rule.formatted(forbidden))
                        .send();
                assertThat(refused.status()).as(forbidden).isEqualTo(400);
            }
            var path = new RawCall(coffer, "PUT", "/coffer/v1/event-rules/evil")
                    .body(
                            "{\"Pattern\": {\"source\": [\"aws.backup\"]}, \"Targets\": [{\"Id\": \"l\", \"Type\": \"LOG\", \"File\": \"/tmp/evil\"}]}")
                    .send();
            assertThat(path.status()).isEqualTo(400);

            answered(coffer, "DELETE", "event-rules/vaults", "");
            client.deleteBackupVault(r -> r.backupVaultName("prod"));
            assertThat(answered(coffer, "GET", "event-rules", "")).isEqualTo("{\"Rules\":[]}");
            assertThat(answered(coffer, "GET", "event-targets", "")).isEqualTo("{\"Targets\":[]}");
        }
    }

    @Test
    void aVaultNotifiesItsTopic() throws Exception {
        configure("""
                events:
                  sns: [{region: %s, endpoint: "%s", accessKeyId: AKIDEXAMPLE, secretAccessKey: "the secret of SNS"}]
                """.formatted(REGION, url()));
        Trees.random(folder.resolve("tree"), 2, 10_000, 1);
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            client.createBackupVault(r -> r.backupVaultName("prod"));
            var none = catchThrowableOfType(
                    ResourceNotFoundException.class,
                    () -> client.getBackupVaultNotifications(r -> r.backupVaultName("prod")));
            assertThat(none.code()).isEqualTo("ERROR_2106");
            assertThat(none.awsErrorDetails().errorMessage())
                    .isEqualTo("Failed reading notifications from database for Backup vault prod");

            client.putBackupVaultNotifications(r -> r.backupVaultName("prod")
                    .snsTopicArn(TOPIC)
                    .backupVaultEvents(BackupVaultEvent.BACKUP_JOB_STARTED, BackupVaultEvent.BACKUP_JOB_COMPLETED));
            var got = client.getBackupVaultNotifications(r -> r.backupVaultName("prod"));
            assertThat(got.snsTopicArn()).isEqualTo(TOPIC);
            assertThat(got.backupVaultArn()).endsWith(":backup-vault:prod");
            assertThat(got.backupVaultEvents())
                    .containsExactly(BackupVaultEvent.BACKUP_JOB_STARTED, BackupVaultEvent.BACKUP_JOB_COMPLETED);

            var job = RunningCoffer.backUp(client, "prod");
            var started = form(await(published, _ -> true));
            assertThat(started).contains("An AWS Backup job was started.");
            var completed = form(await(published, _ -> true));
            assertThat(completed)
                    .contains(
                            "TopicArn=" + TOPIC,
                            "Subject=Notification from AWS Backup",
                            "Message=An AWS Backup job was completed successfully. Recovery point ARN: "
                                    + job.recoveryPointArn() + ". Resource ARN : " + RESOURCE + ". BackupJob ID : "
                                    + job.backupJobId(),
                            "EventType",
                            "BACKUP_JOB",
                            "State",
                            "COMPLETED");

            client.deleteBackupVaultNotifications(r -> r.backupVaultName("prod"));
            RunningCoffer.backUp(client, "prod");
            assertThat(answered(coffer, "GET", "event-targets", "")).isEqualTo("{\"Targets\":[]}");
            assertThat(published).isEmpty();
        }
    }

    @Test
    void withoutAnEndpointThePutSucceedsAndTheReasonIsShown() throws Exception {
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client();
                var stranger = client(coffer)) {
            client.putBackupVaultNotifications(r -> r.backupVaultName("Default")
                    .snsTopicArn(TOPIC)
                    .backupVaultEvents(BackupVaultEvent.BACKUP_JOB_FAILED));
            assertThat(answered(coffer, "GET", "event-targets", ""))
                    .contains(
                            "\"BackupVaultName\":\"Default\"",
                            "\"State\":\"NOT_CONFIGURED\"",
                            "no SNS endpoint is configured for Region " + REGION);

            for (var topic : List.of(TOPIC + ".fifo", TOPIC.replace(ACCOUNT, "444455556666"), "no arn")) {
                assertThat(catchThrowableOfType(
                                InvalidParameterValueException.class,
                                () -> client.putBackupVaultNotifications(r -> r.backupVaultName("Default")
                                        .snsTopicArn(topic)
                                        .backupVaultEvents(BackupVaultEvent.BACKUP_JOB_FAILED))))
                        .as(topic)
                        .isNotNull();
            }
            var wrong = catchThrowableOfType(
                    BackupException.class,
                    () -> client.putBackupVaultNotifications(r -> r.backupVaultName("Default")
                            .snsTopicArn(TOPIC)
                            .backupVaultEventsWithStrings("BACKUP_JOB_DREAMT")));
            assertThat(wrong.statusCode()).isEqualTo(400);
            assertThat(wrong.awsErrorDetails().errorMessage())
                    .startsWith("Please select from the following list of notifications BACKUP_JOB_STARTED");
            assertThat(catchThrowableOfType(
                            ResourceNotFoundException.class,
                            () -> stranger.getBackupVaultNotifications(r -> r.backupVaultName("Default"))))
                    .as("another account's Default vault has none")
                    .isNotNull();
        }
    }

    private static software.amazon.awssdk.services.backup.BackupClient client(RunningCoffer coffer) throws IOException {
        return coffer.client(coffer.credentials("coffer-archive"), REGION);
    }

    private static String form(String body) {
        return URLDecoder.decode(body, StandardCharsets.UTF_8);
    }
}
