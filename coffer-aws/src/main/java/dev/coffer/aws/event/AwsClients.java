package dev.coffer.aws.event;

import dev.coffer.core.access.Secret;
import dev.coffer.core.event.DeliveryException;
import dev.coffer.core.event.TargetSpec.AwsPlace;
import java.time.Duration;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;

/** How all clients here are made and how their failures are told. One call is one attempt in a bounded time: who calls tries again. */
final class AwsClients {
    private static final Duration WAITING = Duration.ofSeconds(10);

    private AwsClients() {}

    static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(
            B builder, AwsPlace place, Secret secret) {
        builder.region(Region.of(place.region()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(place.accessKeyId(), secret.value())))
                .overrideConfiguration(override -> override.retryStrategy(retries -> retries.maxAttempts(1))
                        .apiCallTimeout(WAITING.multipliedBy(2)));
        builder.httpClientBuilder(
                UrlConnectionHttpClient.builder().connectionTimeout(WAITING).socketTimeout(WAITING));
        place.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    /**
     * Makes the call.
     *
     * @throws DeliveryException that names the service and what it answered, and no credentials
     */
    static <T> T call(String service, Supplier<T> call) throws InterruptedException {
        try {
            return call.get();
        } catch (AbortedException stopped) {
            throw (InterruptedException) new InterruptedException("the call was stopped").initCause(stopped);
        } catch (AwsServiceException refused) {
            var details = refused.awsErrorDetails();
            var said = details == null ? "" : ": " + details.errorCode() + ", " + details.errorMessage();
            throw new DeliveryException(service + " answered " + refused.statusCode() + said, false, refused);
        } catch (ApiCallTimeoutException | ApiCallAttemptTimeoutException late) {
            throw new DeliveryException(service + " did not answer in time", true, late);
        } catch (SdkClientException failed) {
            if (Thread.currentThread().isInterrupted()) {
                throw (InterruptedException) new InterruptedException("the call was stopped").initCause(failed);
            }
            throw new DeliveryException(service + " could not be called: " + failed.getMessage(), true, failed);
        }
    }
}
