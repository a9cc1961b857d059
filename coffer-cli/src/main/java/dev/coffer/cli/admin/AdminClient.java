package dev.coffer.cli.admin;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.profiles.ProfileFile;

/** Signed requests to the paths of administrators, and the options by which the server is found. */
public final class AdminClient {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern MESSAGE = Pattern.compile("\"[Mm]essage\":\"((?:[^\"\\\\]|\\\\.)*)\"");

    @Option(
            names = "--endpoint-url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8480",
            description = "Where the server is. Default: ${DEFAULT-VALUE}")
    private URI endpoint;

    @Option(
            names = "--credentials",
            paramLabel = "FILE",
            description = "A file of AWS credentials: that of the data folder is DIR/credentials. Default: what the AWS"
                    + " tools use (environment, ~/.aws).")
    private @Nullable Path credentials;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            defaultValue = "coffer",
            description = "The profile in the file. Default: ${DEFAULT-VALUE}")
    private String profile;

    @Option(
            names = "--region",
            paramLabel = "REGION",
            defaultValue = "eu-west-1",
            description = "The Region. Default: ${DEFAULT-VALUE}")
    private String region;

    /** An answer. */
    public record Answer(int status, String body) {}

    /** Sends a request that should succeed; AdminException with the server's reason if it does not. */
    public String ask(String method, String path, Optional<String> body) throws InterruptedException {
        var answer = send(method, path, body);
        if (answer.status() >= 300) {
            throw refused(answer);
        }
        return answer.body();
    }

    /** What tells that the server refused, and why. */
    public static AdminException refused(Answer answer) {
        var match = MESSAGE.matcher(answer.body());
        return new AdminException("the server refused (" + answer.status() + "): "
                + (match.find() ? match.group(1).replace("\\\"", "\"") : answer.body()));
    }

    private AwsCredentialsProvider provider() {
        if (credentials == null) {
            return DefaultCredentialsProvider.builder().build();
        }
        var file = credentials;
        if (!Files.isReadable(file)) {
            throw new AdminException("the credentials file " + file + " cannot be read. Check --credentials.");
        }
        Supplier<ProfileFile> profiles = () -> ProfileFile.builder()
                .content(file)
                .type(ProfileFile.Type.CREDENTIALS)
                .build();
        return ProfileCredentialsProvider.builder()
                .profileFile(profiles)
                .profileName(profile)
                .build();
    }

    /** Sends a request; AdminException if the server cannot be reached. */
    public Answer send(String method, String path, Optional<String> body) throws InterruptedException {
        var payload = body.orElse("").getBytes(StandardCharsets.UTF_8);
        var plain = SdkHttpRequest.builder()
                .method(SdkHttpMethod.fromValue(method))
                .uri(endpoint.resolve(path))
                .putHeader("Content-Type", "application/json")
                .build();
        var identity = provider().resolveCredentials();
        var signed = AwsV4HttpSigner.create()
                .sign(request -> request.identity(identity)
                        .request(plain)
                        .payload(ContentStreamProvider.fromByteArray(payload))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "backup")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region));
        var request = HttpRequest.newBuilder(endpoint.resolve(path))
                .timeout(PATIENCE)
                .method(method, HttpRequest.BodyPublishers.ofByteArray(payload));
        signed.request().headers().forEach((name, values) -> {
            // The client sets these itself, as they were signed.
            if (!name.equalsIgnoreCase("host") && !name.equalsIgnoreCase("content-length")) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body());
        } catch (IOException unreachable) {
            throw new AdminException("the server at " + endpoint + " cannot be reached (" + unreachable
                    + "). Is it running? Check --endpoint-url.");
        }
    }
}
