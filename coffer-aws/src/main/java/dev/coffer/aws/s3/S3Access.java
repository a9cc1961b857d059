package dev.coffer.aws.s3;

import dev.coffer.aws.endpoint.EndpointClients;
import dev.coffer.aws.endpoint.Pause;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.resource.Source;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Opens an endpoint for a job. Checksums are sent the way every S3 has known since 2006, as Content-MD5, and nothing newer is asked for, so that no endpoint has to be probed for it.
 */
final class S3Access {
    static final String BUCKET = "bucket";
    private static final String ENDPOINT = "endpoint";
    private static final String PATH_STYLE = "pathStyle";

    private final EndpointClients clients;
    private final Calls.Patience patience;
    private final Pause pause;
    private final RandomGenerator random;

    S3Access(EndpointClients clients, Calls.Patience patience, Pause pause, RandomGenerator random) {
        this.clients = clients;
        this.patience = patience;
        this.pause = pause;
        this.random = random;
    }

    /** Calls for one bucket; the caller closes them. */
    Calls open(Map<String, String> settings, String bucket) {
        boolean own = settings.containsKey(ENDPOINT);
        var client = clients.with(S3Client.builder(), settings)
                .forcePathStyle(Boolean.parseBoolean(settings.getOrDefault(PATH_STYLE, Boolean.toString(own))))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                // One signed body and not a chain of signed chunks, which the endpoints read differently.
                .serviceConfiguration(
                        service -> service.chunkedEncodingEnabled(false).expectContinueEnabled(false))
                .addPlugin(LegacyMd5Plugin.create())
                .overrideConfiguration(override -> override.retryStrategy(retries -> retries.maxAttempts(1))
                        .addExecutionInterceptor(new BoundedAnswers()))
                .build();
        return new Calls(client, bucket, patience, pause, random);
    }

    /** The queue into which the bucket sends its notifications, if the settings name one; the caller closes it. */
    Optional<BucketQueue> queue(Map<String, String> settings, String bucket) {
        return BucketQueue.open(clients, settings, bucket);
    }

    static String bucket(Source source) {
        return Optional.ofNullable(source.settings().get(BUCKET))
                .orElseThrow(() -> new SourceException.Impossible(
                        "The source " + source.arn() + " names no bucket. Let it be found behind its endpoint."));
    }
}
