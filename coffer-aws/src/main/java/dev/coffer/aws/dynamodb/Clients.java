package dev.coffer.aws.dynamodb;

import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** The clients of one endpoint, for the time of one call of the connector. One request is one attempt: {@link Calls} tries again. */
final class Clients implements AutoCloseable {
    private static final Duration TO_CONNECT = Duration.ofSeconds(10);
    private static final Duration TO_ANSWER = Duration.ofSeconds(60);

    private final DynamoDbClient tables;
    private final DynamoDbStreamsClient streams;

    private Clients(DynamoDbClient tables, DynamoDbStreamsClient streams) {
        this.tables = tables;
        this.streams = streams;
    }

    static Clients open(TableSettings settings) {
        return new Clients(
                client(DynamoDbClient.builder(), settings), client(DynamoDbStreamsClient.builder(), settings));
    }

    private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(
            B builder, TableSettings settings) {
        AwsCredentialsProvider credentials = settings.login()
                .<AwsCredentialsProvider>map(login -> StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(login.accessKeyId(), login.secretAccessKey())))
                .orElseGet(() -> DefaultCredentialsProvider.builder().build());
        builder.region(Region.of(settings.region()))
                .credentialsProvider(credentials)
                .overrideConfiguration(override -> override.retryStrategy(retries -> retries.maxAttempts(1))
                        .apiCallTimeout(TO_ANSWER.multipliedBy(2)));
        builder.httpClientBuilder(
                UrlConnectionHttpClient.builder().connectionTimeout(TO_CONNECT).socketTimeout(TO_ANSWER));
        settings.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
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
