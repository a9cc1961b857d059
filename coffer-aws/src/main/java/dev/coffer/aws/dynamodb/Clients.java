package dev.coffer.aws.dynamodb;

import dev.coffer.aws.endpoint.EndpointClients;
import java.time.Duration;
import java.util.Map;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** The clients of one endpoint, for the time of one call of the connector. One request is one attempt: {@link Calls} tries again. */
final class Clients implements AutoCloseable {
    private static final Duration WHOLE_CALL = Duration.ofMinutes(2);

    private final DynamoDbClient tables;
    private final DynamoDbStreamsClient streams;

    private Clients(DynamoDbClient tables, DynamoDbStreamsClient streams) {
        this.tables = tables;
        this.streams = streams;
    }

    static Clients open(EndpointClients endpoints, Map<String, String> settings) {
        return new Clients(
                client(endpoints, DynamoDbClient.builder(), settings),
                client(endpoints, DynamoDbStreamsClient.builder(), settings));
    }

    private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(
            EndpointClients endpoints, B builder, Map<String, String> settings) {
        return endpoints
                .with(builder, settings)
                .overrideConfiguration(override -> override.retryStrategy(retries -> retries.maxAttempts(1))
                        .apiCallTimeout(WHOLE_CALL))
                .build();
    }

    DynamoDbClient tables() {
        return tables;
    }

    DynamoDbStreamsClient streams() {
        return streams;
    }

    @Override
    public void close() {
        tables.close();
        streams.close();
    }
}
