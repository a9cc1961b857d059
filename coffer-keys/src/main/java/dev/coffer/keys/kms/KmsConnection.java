package dev.coffer.keys.kms;

import dev.coffer.core.key.KeyServiceException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;

/** A connection to one key service, for any number of its keys. Nothing is asked before a key is used. Safe for several threads. */
public final class KmsConnection implements AutoCloseable {
    private static final int ATTEMPTS = 3;

    private final KmsClient client;
    private final String place;

    private KmsConnection(KmsClient client, String place) {
        this.client = client;
        this.place = place;
    }

    /**
     * Ready to use keys.
     *
     * @param endpoint of a service that is not AWS's own in that Region; see {@link KmsSettings#objectionTo}
     * @param waiting how long one connection attempt and one silent answer may take; a call is tried three times
     */
    public static KmsConnection open(
            String region, Optional<URI> endpoint, KmsCredentials credentials, Duration waiting) {
        var builder = KmsClient.builder()
                .region(Region.of(region))
                .credentialsProvider(credentials(credentials))
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(waiting)
                        .socketTimeout(waiting))
                .overrideConfiguration(override -> override.retryStrategy(
                                AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                        .maxAttempts(ATTEMPTS)
                                        .build())
                        .apiCallAttemptTimeout(waiting.multipliedBy(2))
                        .apiCallTimeout(waiting.multipliedBy(2L * ATTEMPTS).plus(Duration.ofSeconds(5))));
        endpoint.ifPresent(builder::endpointOverride);
        return new KmsConnection(
                builder.build(), endpoint.map(Object::toString).orElseGet(() -> "AWS region " + region));
    }

    private static AwsCredentialsProvider credentials(KmsCredentials credentials) {
        return switch (credentials) {
            case KmsCredentials.Standard() ->
                new NamedAbsence(DefaultCredentialsProvider.builder().build());
            case KmsCredentials.AccessKey(var id, var secret) -> {
                var text = secret.characters();
                try {
                    yield StaticCredentialsProvider.create(AwsBasicCredentials.create(id, new String(text)));
                } finally {
                    Arrays.fill(text, '\0');
                }
            }
        };
    }

    /** The standard chain, whose failure is told apart from that of a call. */
    private record NamedAbsence(AwsCredentialsProvider chain) implements AwsCredentialsProvider {
        @Override
        public AwsCredentials resolveCredentials() {
            try {
                return chain.resolveCredentials();
            } catch (SdkClientException none) {
                throw new KeyServiceException(
                        "KMS cannot be called: no AWS credentials were found (" + none.getMessage()
                                + "). Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, for the server.",
                        false,
                        none);
            }
        }
    }

    /** The key of the ARN, as long as this is open. */
    public AwsKmsKey key(String arn) {
        return new AwsKmsKey(this, arn);
    }

    KmsClient client() {
        return client;
    }

    /** Where the service is, for messages. */
    String place() {
        return place;
    }

    @Override
    public void close() {
        client.close();
    }
}
