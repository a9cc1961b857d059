package dev.coffer.wire;

import dev.coffer.wire.route.Operation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backupsearch.BackupSearchClient;

/** The real SDK clients, whose signed HTTP requests end in a function instead of a socket. */
public final class SdkLoopback implements AutoCloseable {
    public static final String ACCESS_KEY = "AKIDEXAMPLE";
    public static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    public static final String REGION = "eu-central-1";

    private final List<WireRequest> seen = new ArrayList<>();
    private final BackupClient backup;
    private final BackupSearchClient search;

    public SdkLoopback(Function<WireRequest, WireResponse> server) {
        this(server, AwsBasicCredentials.create(ACCESS_KEY, SECRET));
    }

    public SdkLoopback(Function<WireRequest, WireResponse> server, AwsCredentials credentials) {
        var http = new FunctionHttpClient(request -> {
            seen.add(request);
            return server.apply(request);
        });
        backup = BackupClient.builder()
                .httpClient(http)
                .region(Region.of(REGION))
                .endpointOverride(URI.create("https://coffer.test:8443"))
                .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(1)))
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .build();
        search = BackupSearchClient.builder()
                .httpClient(http)
                .region(Region.of(REGION))
                .endpointOverride(URI.create("https://coffer.test:8443"))
                .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(1)))
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .build();
    }

    /** Calls the operation on the SDK client and throws what the client throws. */
    public AwsResponse call(Operation operation, AwsRequest request) {
        Object client = switch (operation.service()) {
            case BACKUP -> backup;
            case BACKUP_SEARCH -> search;
        };
        Class<?> api = switch (operation.service()) {
            case BACKUP -> BackupClient.class;
            case BACKUP_SEARCH -> BackupSearchClient.class;
        };
        String name = operation.name().substring(0, 1).toLowerCase(Locale.ROOT)
                + operation.name().substring(1);
        try {
            return operation
                    .responseType()
                    .cast(api.getMethod(name, operation.requestType()).invoke(client, request));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    public WireRequest last() {
        return seen.getLast();
    }

    @Override
    public void close() {
        backup.close();
        search.close();
    }

    private record FunctionHttpClient(Function<WireRequest, WireResponse> server) implements SdkHttpClient {
        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest execute) {
            return new ExecutableHttpRequest() {
                @Override
                public HttpExecuteResponse call() {
                    WireResponse response = server.apply(wire(execute));
                    var http = SdkHttpResponse.builder().statusCode(response.status());
                    response.headers().forEach(http::putHeader);
                    return HttpExecuteResponse.builder()
                            .response(http.build())
                            .responseBody(AbortableInputStream.create(new ByteArrayInputStream(response.body())))
                            .build();
                }

                @Override
                public void abort() {}
            };
        }

        @Override
        public String clientName() {
            return "loopback";
        }

        @Override
        public void close() {}

        private static WireRequest wire(HttpExecuteRequest execute) {
            SdkHttpRequest http = execute.httpRequest();
            URI uri = http.getUri();
            byte[] body = execute.contentStreamProvider()
                    .map(provider -> {
                        try (var in = provider.newStream()) {
                            return in.readAllBytes();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .orElseGet(() -> new byte[0]);
            return new WireRequest(
                    http.method().name(),
                    uri.getRawPath(),
                    Optional.ofNullable(uri.getRawQuery()),
                    WireHeaders.of(http.headers()),
                    body);
        }
    }
}
