package dev.coffer.aws.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.coffer.aws.event.FakeAws.Answer;
import dev.coffer.aws.event.FakeAws.Seen;
import dev.coffer.core.access.Secret;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.event.DeliveryException;
import dev.coffer.core.event.Event;
import dev.coffer.core.event.EventJson;
import dev.coffer.core.event.Notice;
import dev.coffer.core.event.TargetSpec;
import dev.coffer.core.event.TargetSpec.AwsPlace;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The calls of the real SDK, seen from the other side. */
final class AwsTargetsTest {
    private static final Secret SECRET = new Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    private static final Arn TOPIC = new Arn("aws", "sns", "eu-west-1", "111122223333", "backups");
    private static final Event EVENT = new Event(
            UUID.fromString("0b8f4f8e-94c2-4a62-9f2f-5fd3f0d8a001"),
            "Backup Job State Change",
            new Scope(new AccountId("111122223333"), new Region("eu-west-1")),
            Instant.parse("2026-03-01T05:14:09Z"),
            List.of(new Arn("aws", "backup", "eu-west-1", "111122223333", "recovery-point:1")),
            Map.of("state", "COMPLETED", "percentDone", 100L, "statusMessage", "größer & <so>"));
    private static final String PUBLISHED =
            "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult><MessageId>1</MessageId></PublishResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishResponse>";

    private static AwsPlace place(URI endpoint) {
        return new AwsPlace("eu-west-1", Optional.of(endpoint), "AKIDEXAMPLE");
    }

    private static Answer published(Seen seen) {
        assertSigned(seen, "sns");
        return new Answer(200, "text/xml", PUBLISHED);
    }

    private static void assertSigned(Seen seen, String service) {
        var authorization = seen.header("Authorization");
        if (!authorization.startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
                || !authorization.contains("/eu-west-1/" + service + "/aws4_request, SignedHeaders=")
                || !authorization.matches(".*Signature=[0-9a-f]{64}")) {
            throw new AssertionError("not signed: " + authorization);
        }
    }

    @Test
    void aNoticeIsPublishedWithItsSubjectAndAttributes() throws Exception {
        try (var aws = new FakeAws(AwsTargetsTest::published);
                var outlet = new SnsTopic(place(aws.url()), SECRET, TOPIC).notices()) {
            outlet.send(new Notice(
                    "Notification from AWS Backup",
                    "An AWS Backup job failed. Resource ARN : x",
                    Map.of("State", "FAILED")));
            var form = aws.only().body();
            assertThat(FakeAws.parameter(form, "Action")).contains("Publish");
            assertThat(FakeAws.parameter(form, "TopicArn")).contains(TOPIC.toString());
            assertThat(FakeAws.parameter(form, "Subject")).contains("Notification from AWS Backup");
            assertThat(FakeAws.parameter(form, "Message")).contains("An AWS Backup job failed. Resource ARN : x");
            assertThat(FakeAws.parameter(form, "MessageAttributes.entry.1.Name"))
                    .contains("State");
            assertThat(FakeAws.parameter(form, "MessageAttributes.entry.1.Value.DataType"))
                    .contains("String");
            assertThat(FakeAws.parameter(form, "MessageAttributes.entry.1.Value.StringValue"))
                    .contains("FAILED");
            assertSigned(aws.only(), "sns");
        }
    }

    @Test
    void anEventIsPublishedAsItsJson() throws Exception {
        try (var aws = new FakeAws(AwsTargetsTest::published);
                var outlet = new SnsTopic(place(aws.url()), SECRET, TOPIC).events()) {
            outlet.send(EVENT);
            assertThat(FakeAws.parameter(aws.only().body(), "Message")).contains(EventJson.of(EVENT));
            assertThat(FakeAws.parameter(aws.only().body(), "MessageGroupId")).isEmpty();
        }
    }

    @Test
    void aQueueGetsTheJsonAndAFifoQueueKeepsOrder() throws Exception {
        try (var aws = new FakeAws(seen -> {
            assertSigned(seen, "sqs");
            return new Answer(
                    200,
                    "application/x-amz-json-1.0",
                    "{\"MessageId\":\"1\",\"MD5OfMessageBody\":\"" + md5(EventJson.of(EVENT)) + "\"}");
        })) {
            var url = aws.url().resolve("/111122223333/queue.fifo");
            try (var outlet = new SqsQueue(new TargetSpec.Queue(place(aws.url()), url), SECRET)) {
                outlet.send(EVENT);
            }
            var seen = aws.only();
            assertThat(seen.header("X-Amz-Target")).isEqualTo("AmazonSQS.SendMessage");
            assertThat(seen.body())
                    .contains(
                            "\"QueueUrl\":\"" + url + "\"",
                            "\"MessageBody\":\"" + EventJson.of(EVENT).replace("\"", "\\\"") + "\"",
                            "\"MessageGroupId\":\"111122223333/eu-west-1\"",
                            "\"MessageDeduplicationId\":\"" + EVENT.id() + "\"");
        }
    }

    @Test
    void aBusGetsTheEventPartByPart() throws Exception {
        try (var aws = new FakeAws(seen -> {
                    assertSigned(seen, "events");
                    return new Answer(
                            200,
                            "application/x-amz-json-1.1",
                            "{\"FailedEntryCount\":0,\"Entries\":[{\"EventId\":\"1\"}]}");
                });
                var outlet = new EventBus(new TargetSpec.Bus(place(aws.url()), "default", "coffer.backup"), SECRET)) {
            outlet.send(EVENT);
            var seen = aws.only();
            assertThat(seen.header("X-Amz-Target")).isEqualTo("AWSEvents.PutEvents");
            assertThat(seen.body())
                    .contains(
                            "\"Source\":\"coffer.backup\"",
                            "\"DetailType\":\"Backup Job State Change\"",
                            "\"Resources\":[\"arn:aws:backup:eu-west-1:111122223333:recovery-point:1\"]",
                            "\"EventBusName\":\"default\"",
                            "\"Detail\":\"" + EventJson.detail(EVENT).replace("\"", "\\\"") + "\"",
                            "\"Time\":1772342049");
        }
    }

    @Test
    void aBusGetsCoffersOwnEventsUnderTheirOwnSource() throws Exception {
        try (var aws = new FakeAws(_ -> new Answer(
                        200,
                        "application/x-amz-json-1.1",
                        "{\"FailedEntryCount\":0,\"Entries\":[{\"EventId\":\"1\"}]}"));
                var outlet = new EventBus(new TargetSpec.Bus(place(aws.url()), "default", "my.backup"), SECRET)) {
            outlet.send(new Event(
                    EVENT.id(),
                    Event.COFFER,
                    "Backup Plan Run Missed",
                    EVENT.scope(),
                    EVENT.at(),
                    List.of(),
                    Map.of("ruleName", "nightly")));
            assertThat(aws.only().body()).contains("\"Source\":\"coffer\"");
        }
    }

    @Test
    void anEntryThatTheBusRefusesIsAFailureThoughTheCallWentWell() throws Exception {
        try (var aws = new FakeAws(
                        _ -> new Answer(
                                200,
                                "application/x-amz-json-1.1",
                                "{\"FailedEntryCount\":1,\"Entries\":[{\"ErrorCode\":\"NotAuthorizedForSourceException\",\"ErrorMessage\":\"no\"}]}"));
                var outlet = new EventBus(new TargetSpec.Bus(place(aws.url()), "default", "aws.backup"), SECRET)) {
            assertThat(catchThrowableOfType(DeliveryException.class, () -> outlet.send(EVENT)))
                    .hasMessage("EventBridge refused the event: NotAuthorizedForSourceException, no");
        }
    }

    @Test
    void aRefusalIsToldOnceAndWithoutTheSecret() throws Exception {
        try (var aws = new FakeAws(
                        _ -> new Answer(
                                403,
                                "text/xml",
                                "<ErrorResponse><Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>not allowed</Message></Error><RequestId>r</RequestId></ErrorResponse>"));
                var outlet = new SnsTopic(place(aws.url()), SECRET, TOPIC).events()) {
            var failure = catchThrowableOfType(DeliveryException.class, () -> outlet.send(EVENT));
            assertThat(failure).hasMessage("SNS answered 403: AuthorizationError, not allowed");
            assertThat(failure.isUnanswered()).isFalse();
            assertThat(aws.count()).as("who calls tries again, not the SDK").isEqualTo(1);

            aws.answerWith(AwsTargetsTest::published);
            outlet.send(EVENT);
            assertThat(aws.count()).isEqualTo(2);
        }
    }

    @Test
    void aServiceThatIsGoneIsAFailure() throws IOException {
        var aws = new FakeAws(AwsTargetsTest::published);
        var url = aws.url();
        aws.close();
        try (var outlet = new SnsTopic(place(url), SECRET, TOPIC).events()) {
            assertThat(catchThrowableOfType(DeliveryException.class, () -> outlet.send(EVENT)))
                    .hasMessageStartingWith("SNS could not be called: ");
        }
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException missing) {
            throw new AssertionError(missing);
        }
    }
}
