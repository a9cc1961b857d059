package dev.coffer.aws.endpoint;

import dev.coffer.core.connector.EndpointPolicy;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Makes clients for the settings of an endpoint: {@code endpoint}, {@code signingRegion}, {@code accessKeyId}, {@code secretAccessKey}, and {@code roleArn} with {@code stsEndpoint} for an assumed role. All share one pool of
 * connections. The addresses that a name has are judged where they are connected to. The SDK makes one attempt; who calls tries again. Safe for many threads.
 */
public final class EndpointClients implements AutoCloseable {
    // More than all jobs at once have calls under way: waiting for a connection would look like an endpoint that does
    // not answer.
    private static final int CONNECTIONS = 512;
    private static final Duration CONNECTING = Duration.ofSeconds(10);
    private static final Duration WAITING = Duration.ofSeconds(60);
    private static final Duration IDLE = Duration.ofSeconds(20);

    private final SdkHttpClient http;

    public EndpointClients(EndpointPolicy policy) {
        this(policy, SystemDefaultDnsResolver.INSTANCE);
    }

    EndpointClients(EndpointPolicy policy, DnsResolver names) {
        http = Apache5HttpClient.builder()
                .maxConnections(CONNECTIONS)
                .connectionTimeout(CONNECTING)
                .socketTimeout(WAITING)
                .connectionMaxIdleTime(IDLE)
                .connectionAcquisitionTimeout(WAITING)
                // A request that waits to be asked for its body costs a round trip, and a small body costs less.
                .expectContinueEnabled(false)
                .dnsResolver(new JudgedNames(policy, names))
                // A proxy would connect to addresses that nobody here has judged.
                .proxyConfiguration(ProxyConfiguration.builder()
                        .useSystemPropertyValues(false)
                        .useEnvironmentVariableValues(false)
                        .build())
                .build();
    }

    /** Sets what all clients have in common; the caller adds what is its service's own, builds and closes. */
    public <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B with(
            B builder, Map<String, String> settings) {
        builder.httpClient(http).region(region(settings)).credentialsProvider(credentials(settings));
        text(settings, "endpoint").map(URI::create).ifPresent(builder::endpointOverride);
        return builder;
    }

    private AwsCredentialsProvider credentials(Map<String, String> settings) {
        var own = StaticCredentialsProvider.create(AwsBasicCredentials.create(
                text(settings, "accessKeyId").orElse(""),
                text(settings, "secretAccessKey").orElse("")));
        var role = text(settings, "roleArn");
        if (role.isEmpty()) {
            return own;
        }
        var sts = StsClient.builder().httpClient(http).region(region(settings)).credentialsProvider(own);
        text(settings, "stsEndpoint").map(URI::create).ifPresent(sts::endpointOverride);
        var client = sts.build();
        return new AssumedRole(
                StsAssumeRoleCredentialsProvider.builder()
                        .stsClient(client)
                        .refreshRequest(request -> request.roleArn(role.get()).roleSessionName("coffer"))
                        .build(),
                client);
    }

    private static Region region(Map<String, String> settings) {
        return Region.of(text(settings, "signingRegion").orElse("us-east-1"));
    }

    private static Optional<String> text(Map<String, String> settings, String key) {
        return Optional.ofNullable(settings.get(key)).filter(value -> !value.isEmpty());
    }

    @Override
    public void close() {
        http.close();
    }

    /** Credentials of a role, with the client that gets them: who closes the one closes the other, which the SDK does not. */
    private record AssumedRole(StsAssumeRoleCredentialsProvider role, StsClient client)
            implements AwsCredentialsProvider, SdkAutoCloseable {
        @Override
        public AwsCredentials resolveCredentials() {
            return role.resolveCredentials();
        }

        @Override
        public void close() {
            role.close();
            client.close();
        }
    }

    /** Resolves names and refuses those of addresses that nobody may call. */
    private record JudgedNames(EndpointPolicy policy, DnsResolver names) implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            var addresses = names.resolve(host);
            for (var address : addresses) {
                var objection = policy.objectionTo(host, address);
                if (objection.isPresent()) {
                    throw new UnknownHostException(objection.get());
                }
            }
            return addresses;
        }

        @Override
        public String resolveCanonicalHostname(String host) throws UnknownHostException {
            return names.resolveCanonicalHostname(host);
        }
    }
}
