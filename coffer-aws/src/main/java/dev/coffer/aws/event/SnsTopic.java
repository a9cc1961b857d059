package dev.coffer.aws.event;

import dev.coffer.core.access.Secret;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.event.Event;
import dev.coffer.core.event.EventJson;
import dev.coffer.core.event.Notice;
import dev.coffer.core.event.Outlet;
import dev.coffer.core.event.TargetSpec.AwsPlace;
import java.util.HashMap;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishRequest;

/** An SNS topic. */
public final class SnsTopic implements AutoCloseable {
    private final SnsClient client;
    private final String topic;

    public SnsTopic(AwsPlace place, Secret secret, Arn topic) {
        this.client = AwsClients.client(SnsClient.builder(), place, secret);
        this.topic = topic.toString();
    }

    /** Publishes the JSON of events. */
    public Outlet<Event> events() {
        return new Outlet<>() {
            @Override
            public void send(Event event) throws InterruptedException {
                var request = PublishRequest.builder().topicArn(topic).message(EventJson.of(event));
                if (topic.endsWith(".fifo")) {
                    request.messageGroupId(event.scope().toString())
                            .messageDeduplicationId(event.id().toString());
                }
                publish(request.build());
            }

            @Override
            public void close() {
                SnsTopic.this.close();
            }
        };
    }

    /** Publishes texts with their attributes. */
    public Outlet<Notice> notices() {
        return new Outlet<>() {
            @Override
            public void send(Notice notice) throws InterruptedException {
                var attributes = new HashMap<String, MessageAttributeValue>();
                notice.attributes()
                        .forEach((name, value) -> attributes.put(
                                name,
                                MessageAttributeValue.builder()
                                        .dataType("String")
                                        .stringValue(value)
                                        .build()));
                publish(PublishRequest.builder()
                        .topicArn(topic)
                        .subject(notice.subject())
                        .message(notice.message())
                        .messageAttributes(attributes)
                        .build());
            }

            @Override
            public void close() {
                SnsTopic.this.close();
            }
        };
    }

    private void publish(PublishRequest request) throws InterruptedException {
        AwsClients.call("SNS", () -> client.publish(request));
    }

    @Override
    public void close() {
        client.close();
    }
}
