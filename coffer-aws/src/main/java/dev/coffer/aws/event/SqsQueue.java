package dev.coffer.aws.event;

import dev.coffer.core.access.Secret;
import dev.coffer.core.event.Event;
import dev.coffer.core.event.EventJson;
import dev.coffer.core.event.Outlet;
import dev.coffer.core.event.TargetSpec;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/** An SQS queue, which gets the JSON of events. In a FIFO queue they keep their order, and one that comes twice is there once. */
public final class SqsQueue implements Outlet<Event> {
    private final SqsClient client;
    private final String url;

    public SqsQueue(TargetSpec.Queue queue, Secret secret) {
        this.client = AwsClients.client(SqsClient.builder(), queue.place(), secret);
        this.url = queue.queueUrl().toString();
    }

    @Override
    public void send(Event event) throws InterruptedException {
        var request = SendMessageRequest.builder().queueUrl(url).messageBody(EventJson.of(event));
        if (url.endsWith(".fifo")) {
            request.messageGroupId(event.scope().toString())
                    .messageDeduplicationId(event.id().toString());
        }
        var sent = request.build();
        AwsClients.call("SQS", () -> client.sendMessage(sent));
    }

    @Override
    public void close() {
        client.close();
    }
}
