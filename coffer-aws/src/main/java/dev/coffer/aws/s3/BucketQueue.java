package dev.coffer.aws.s3;

import dev.coffer.aws.endpoint.EndpointClients;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;

/** The SQS queue into which a bucket sends its notifications. What was read and not deleted comes again after a while. */
final class BucketQueue implements AutoCloseable {
    /** The setting with the address of the queue, which has {@link #PLACE} in it. */
    static final String URL = "queueUrl";

    /** Where the name of the bucket stands in the address; its dots are underscores there, since queues have none. */
    static final String PLACE = "{bucket}";

    private static final int MESSAGES_AT_ONCE = 10;
    private static final int MESSAGES_AT_MOST = 5_000;
    private static final int WAIT_SECONDS = 1;
    private static final int HIDDEN_SECONDS = 300;
    private static final Duration CALL_AT_MOST = Duration.ofSeconds(30);

    private final SqsClient client;
    private final String url;
    private final String bucket;

    private BucketQueue(SqsClient client, String url, String bucket) {
        this.client = client;
        this.url = url;
        this.bucket = bucket;
    }

    /** The queue of the bucket; empty if the settings name none. */
    static Optional<BucketQueue> open(EndpointClients clients, Map<String, String> settings, String bucket) {
        return Optional.ofNullable(settings.get(URL)).map(form -> {
            var url = form.replace(PLACE, bucket.replace('.', '_'));
            var place = URI.create(url);
            var own = new HashMap<>(settings);
            own.put("endpoint", place.getScheme() + "://" + place.getRawAuthority());
            var client = clients.with(SqsClient.builder(), own)
                    .overrideConfiguration(override -> override.retryStrategy(retries -> retries.maxAttempts(2))
                            .apiCallTimeout(CALL_AT_MOST)
                            .addExecutionInterceptor(new BoundedAnswers()))
                    .build();
            return new BucketQueue(client, url, bucket);
        });
    }

    /**
     * What the queue told.
     *
     * @param handles of the messages that were understood, by which they are deleted
     * @param strange how many messages are about another bucket or cannot be understood; they stay in the queue
     * @param more whether there may be more than was read
     */
    record Told(Set<String> keys, List<String> handles, int strange, boolean more) {
        static final Told NOTHING = new Told(Set.of(), List.of(), 0, false);
    }

    String url() {
        return url;
    }

    /**
     * Reads what is in the queue now.
     *
     * @throws QueueFailure if it cannot be read
     */
    Told read() throws InterruptedException {
        var keys = new LinkedHashSet<String>();
        var handles = new ArrayList<String>();
        var seen = new HashSet<String>();
        int strange = 0;
        while (seen.size() < MESSAGES_AT_MOST) {
            int before = seen.size();
            for (var message : receive()) {
                if (!seen.add(message.messageId())) {
                    continue;
                }
                switch (Notification.read(message.body(), bucket)) {
                    case Notification.Told.Keys(var named) -> {
                        keys.addAll(named);
                        handles.add(message.receiptHandle());
                    }
                    case Notification.Told.Unknown() -> strange++;
                }
            }
            if (seen.size() == before) {
                return new Told(keys, handles, strange, false);
            }
        }
        return new Told(keys, handles, strange, true);
    }

    private List<Message> receive() throws InterruptedException {
        try {
            return client.receiveMessage(request -> request.queueUrl(url)
                            .maxNumberOfMessages(MESSAGES_AT_ONCE)
                            .waitTimeSeconds(WAIT_SECONDS)
                            .visibilityTimeout(HIDDEN_SECONDS))
                    .messages();
        } catch (SdkException failed) {
            throw told(failed);
        }
    }

    /** Deletes messages. Those for which that fails come again, which does no harm. */
    void delete(List<String> handles) throws InterruptedException {
        for (int from = 0; from < handles.size(); from += MESSAGES_AT_ONCE) {
            var entries = new ArrayList<DeleteMessageBatchRequestEntry>();
            for (var handle : handles.subList(from, Math.min(handles.size(), from + MESSAGES_AT_ONCE))) {
                entries.add(DeleteMessageBatchRequestEntry.builder()
                        .id(Integer.toString(entries.size()))
                        .receiptHandle(handle)
                        .build());
            }
            try {
                client.deleteMessageBatch(request -> request.queueUrl(url).entries(entries));
            } catch (SdkException failed) {
                var _ = told(failed);
                return;
            }
        }
    }

    private QueueFailure told(SdkException failed) throws InterruptedException {
        if (failed instanceof AbortedException || Thread.interrupted()) {
            throw (InterruptedException) new InterruptedException("the call was stopped").initCause(failed);
        }
        return switch (failed) {
            case AwsServiceException answer -> {
                var details = Optional.ofNullable(answer.awsErrorDetails());
                yield new QueueFailure(
                        "SQS answered " + answer.statusCode()
                                + details.map(one -> ", " + one.errorCode() + ": " + one.errorMessage())
                                        .orElse(""),
                        failed);
            }
            case SdkClientException unreachable ->
                new QueueFailure("it could not be called: " + unreachable.getMessage(), failed);
            default -> new QueueFailure(String.valueOf(failed.getMessage()), failed);
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
