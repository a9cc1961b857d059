package dev.coffer.aws.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.aws.endpoint.EndpointClients;
import dev.coffer.core.connector.EndpointPolicy;
import dev.coffer.core.connector.FeedMark;
import dev.coffer.core.connector.Round;
import dev.coffer.testkit.connector.ChangeFeedContract;
import dev.coffer.testkit.moto.Moto;
import dev.coffer.testkit.time.TestClock;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.model.Event;
import software.amazon.awssdk.services.s3.model.QueueConfiguration;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Buckets whose notifications come into a queue, behind moto: lost, doubled, late and strange messages, and a queue that is gone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NotifiedFeedTest implements ChangeFeedContract {
    private final EndpointClients clients = new EndpointClients(EndpointPolicy.USUAL);
    private Moto moto;
    private Buckets buckets;
    private SqsClient sqs;
    private String bucket = "";
    private String queue = "";
    private Optional<FollowedBucket> open = Optional.empty();

    @BeforeAll
    void start(@TempDir Path folder) throws IOException, InterruptedException {
        moto = Moto.start(folder);
        buckets = new Buckets(Map.of(
                "endpoint",
                moto.uri().toString(),
                "signingRegion",
                "us-east-1",
                "accessKeyId",
                "AKIATEST",
                "secretAccessKey",
                "secret",
                "queueUrl",
                moto.uri() + "/123456789012/changes-of-{bucket}"));
        sqs = SqsClient.builder()
                .endpointOverride(moto.uri())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIATEST", "secret")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    @AfterAll
    void stop() {
        clients.close();
        sqs.close();
        buckets.close();
        moto.close();
    }

    @AfterEach
    void emptyQueue() {
        if (!queue.isEmpty()) {
            sqs.deleteQueue(request -> request.queueUrl(queue));
            queue = "";
        }
    }

    /** A bucket whose changes the endpoint itself tells. */
    @Override
    public Changing changing() throws Exception {
        made(true, Duration.ofSeconds(1), Map.of());
        return followed();
    }

    @Test
    void whatTheEndpointItselfTellsIsUnderstood() throws Exception {
        made(true, Duration.ofSeconds(1), Map.of());
        begin();
        followed().put("a b/c", "one");
        var moment = followed().moment();
        assertThat(round(false)).isEmpty();
        assertThat(lastKind()).isEqualTo(FeedMark.Kind.CHANGES);
        assertThat(followed().restored(moment)).isEqualTo(Map.of("a b/c", "one"));
        assertThat(waiting()).isZero();
    }

    private void made(boolean tells, Duration late, Map<String, String> settings) {
        bucket = "told-" + UUID.randomUUID();
        buckets.make(bucket, true);
        queue = sqs.createQueue(request -> request.queueName("changes-of-" + bucket))
                .queueUrl();
        if (tells) {
            var told = QueueConfiguration.builder()
                    .queueArn("arn:aws:sqs:us-east-1:123456789012:changes-of-" + bucket)
                    .events(Event.S3_OBJECT_CREATED, Event.S3_OBJECT_REMOVED)
                    .build();
            buckets.client()
                    .putBucketNotificationConfiguration(request ->
                            request.bucket(bucket).notificationConfiguration(all -> all.queueConfigurations(told)));
        }
        var connector = new S3Connector(
                clients, new TestClock(Instant.now()), Thread::sleep, new Random(1), Calls.Patience.USUAL, late);
        var source = buckets.source(bucket).with(settings);
        open = Optional.of(new FollowedBucket(connector, buckets, bucket, source) {
            @Override
            public void remove(String name) {
                super.remove(name);
                if (tells) {
                    // moto tells of no delete markers.
                    send(event(bucket, name));
                }
            }
        });
    }

    private FollowedBucket followed() {
        return open.orElseThrow();
    }

    private void send(String body) {
        sqs.sendMessage(request -> request.queueUrl(queue).messageBody(body));
    }

    private static String record(String name, String key) {
        return "{\"eventSource\":\"aws:s3\",\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":{\"name\":\"" + name
                + "\"},\"object\":{\"key\":\"" + URLEncoder.encode(key, StandardCharsets.UTF_8) + "\"}}}";
    }

    private static String event(String name, String... keys) {
        return "{\"Records\":["
                + String.join(
                        ",",
                        List.of(keys).stream().map(key -> record(name, key)).toList()) + "]}";
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private int waiting() {
        var attributes = sqs.getQueueAttributes(request -> request.queueUrl(queue)
                        .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes();
        return attributes.values().stream().mapToInt(Integer::parseInt).sum();
    }

    private Optional<String> round(boolean scheduled) throws InterruptedException {
        var _ = followed().moment();
        return ((Round.Reached) followed().followed().round(scheduled)).remark();
    }

    private FeedMark.Kind lastKind() {
        return followed().followed().marks().getLast().kind();
    }

    /** The base, and the listing with which the following of notifications begins. */
    private void begin() throws InterruptedException {
        followed().followed().base();
        assertThat(round(false)).isEmpty();
    }

    @Test
    void everyWayInWhichAMessageComesNamesItsKeys() throws Exception {
        made(false, Duration.ofSeconds(1), Map.of());
        begin();
        var keys = List.of("a b/c+d.txt", "ünï/漢", "sns", "bus", "one", "two");
        for (var key : keys) {
            followed().put(key, "content of " + key);
        }
        send("{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"" + bucket + "\"}");
        send(event(bucket, "a b/c+d.txt"));
        send(event(bucket, "ünï/漢"));
        send("{\"Type\":\"Notification\",\"Message\":" + quoted(event(bucket, "sns")) + "}");
        send(
                "{\"version\":\"0\",\"source\":\"aws.s3\",\"detail-type\":\"Object Created\",\"detail\":{\"bucket\":{\"name\":\""
                        + bucket + "\"},\"object\":{\"key\":\"bus\"}}}");
        send(event(bucket, "two", "one"));
        var moment = followed().moment();
        assertThat(round(false)).isEmpty();

        assertThat(lastKind()).isEqualTo(FeedMark.Kind.CHANGES);
        assertThat(followed().restored(moment)).isEqualTo(followed().content()).containsOnlyKeys(keys);
        assertThat(waiting()).isZero();
        assertThat(followed().followed().position().checked())
                .isBefore(followed().followed().position().reached());
        assertThat(followed()
                        .followed()
                        .history()
                        .windows(Instant.EPOCH)
                        .getLast()
                        .isCertain())
                .isFalse();
    }

    @Test
    void whatNobodyToldTheListingFindsSaysSoAndCorrectsTheSecondsBefore() throws Exception {
        made(false, Duration.ofSeconds(1), Map.of());
        followed().put("vanishes", "x");
        begin();
        followed().put("told", "one");
        followed().put("untold", "one");
        send(event(bucket, "told"));
        var version = buckets.client()
                .listObjectVersions(request -> request.bucket(bucket).prefix("vanishes"))
                .versions()
                .getFirst();
        buckets.client()
                .deleteObject(request -> request.bucket(bucket).key("vanishes").versionId(version.versionId()));
        var moment = followed().moment();
        assertThat(round(false)).isEmpty();
        assertThat(followed().restored(moment)).containsOnlyKeys("told", "vanishes");

        var later = followed().moment();
        assertThat(round(false)).isEmpty();
        assertThat(round(true))
                .hasValueSatisfying(remark -> assertThat(remark)
                        .contains("found 1 new versions and 1 deleted for good, of which no notification had told"));
        assertThat(lastKind()).isEqualTo(FeedMark.Kind.IMAGE);
        assertThat(followed().followed().position().checked())
                .isEqualTo(followed().followed().position().reached());
        // What is gone counts as there until the listing; what was made has its own time.
        assertThat(followed().restored(moment)).containsOnlyKeys("told", "untold", "vanishes");
        assertThat(followed().restored(later)).containsOnlyKeys("told", "untold", "vanishes");
        var after = followed().moment();
        assertThat(round(false)).isPresent();
        assertThat(followed().restored(after)).isEqualTo(followed().content()).containsOnlyKeys("told", "untold");
        assertThat(round(true)).isEmpty();
    }

    @Test
    void messagesThatComeTwiceLateAndOutOfOrderTellTheSame() throws Exception {
        made(false, Duration.ofMinutes(5), Map.of());
        followed().put("z", "z");
        begin();
        followed().put("a", "one");
        var one = followed().moment();
        followed().put("a", "two");
        followed().put("b", "new");
        var two = followed().moment();
        followed().remove("a");
        send(event(bucket, "b"));
        assertThat(round(false)).isEmpty();
        var three = followed().moment();
        assertThat(followed().restored(one)).isEqualTo(Map.of("z", "z"));
        send(event(bucket, "a"));
        send(event(bucket, "b"));
        send(event(bucket, "a"));
        assertThat(round(false)).isEmpty();
        int marks = followed().followed().marks().size();
        send(event(bucket, "a", "b"));
        assertThat(round(false)).isEmpty();

        assertThat(followed().followed().marks()).hasSize(marks);
        assertThat(followed().restored(one)).isEqualTo(Map.of("a", "one", "z", "z"));
        assertThat(followed().restored(two)).isEqualTo(Map.of("a", "two", "b", "new", "z", "z"));
        assertThat(followed().restored(three)).isEqualTo(Map.of("b", "new", "z", "z"));
        assertThat(round(true)).isEmpty();
        assertThat(followed().restored(one)).isEqualTo(Map.of("a", "one", "z", "z"));
        assertThat(followed().restored(two)).isEqualTo(Map.of("a", "two", "b", "new", "z", "z"));
        assertThat(waiting()).isZero();
    }

    @Test
    void aMessageIsDeletedOnlyWhenWhatItToldIsDurableAndAStrangeOneStays() throws Exception {
        made(false, Duration.ofSeconds(1), Map.of());
        begin();
        followed().put("a", "one");
        send(event(bucket, "a"));
        send(event("another-bucket", "a"));
        send("no JSON");
        followed().followed().failBeforeManifest(new IllegalStateException("the lease is lost"));
        assertThatThrownBy(() -> round(false)).hasMessage("the lease is lost");
        assertThat(waiting()).isEqualTo(3);

        // They are hidden now and come again; the listing does not wait for them.
        assertThat(round(true)).isEmpty();
        assertThat(followed().content()).containsOnlyKeys("a");
        assertThat(waiting()).isEqualTo(3);
        send("no JSON either");
        assertThat(round(false)).hasValueSatisfying(remark -> assertThat(remark).startsWith("1 messages in "));
        assertThat(waiting()).isEqualTo(4);
    }

    @Test
    void withoutItsQueueABucketIsListedInEachRoundWhichIsSaid() throws Exception {
        made(false, Duration.ofSeconds(1), Map.of());
        begin();
        sqs.deleteQueue(request -> request.queueUrl(queue));
        followed().put("a", "one");
        var moment = followed().moment();
        assertThat(round(false))
                .hasValueSatisfying(remark -> assertThat(remark)
                        .startsWith("The queue of notifications " + moto.uri() + "/123456789012/changes-of-" + bucket
                                + " cannot be read: SQS answered 400")
                        .endsWith("The bucket is listed in each round until it can."));
        assertThat(followed().followed().position().checked())
                .isEqualTo(followed().followed().position().reached());
        assertThat(followed().restored(moment)).isEqualTo(Map.of("a", "one"));
        queue = sqs.createQueue(request -> request.queueName("changes-of-" + bucket))
                .queueUrl();
        assertThat(round(false)).isEmpty();
    }

    @Test
    void theBucketIsListedAgainAfterATimeAndWhenMessagesNameTooManyKeys() throws Exception {
        made(false, Duration.ofSeconds(1), Map.of("listSeconds", "2"));
        begin();
        followed().put("a", "one");
        assertThat(round(false)).isEmpty();
        assertThat(lastKind()).isEqualTo(FeedMark.Kind.IMAGE);
        made(false, Duration.ofSeconds(1), Map.of());
        begin();
        for (int i = 0; i < 11; i++) {
            followed().put("k" + i, "x");
            send(event(bucket, "k" + i));
        }
        assertThat(round(false)).isEmpty();
        assertThat(lastKind()).isEqualTo(FeedMark.Kind.IMAGE);
        assertThat(waiting()).isZero();
    }
}
