package dev.coffer.aws.s3;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.resource.Endpoint;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.testkit.connector.ConnectorContract;
import dev.coffer.testkit.s3.CephRgw;
import java.net.URI;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** What tests do with buckets, by a client of their own. */
final class Buckets implements AutoCloseable {
    private final Map<String, String> settings;
    private final S3Client client;

    Buckets(CephRgw rgw) {
        this(Map.of(
                "endpoint",
                rgw.url(),
                "signingRegion",
                "eu-west-1",
                "accessKeyId",
                rgw.accessKeyId(),
                "secretAccessKey",
                rgw.secretAccessKey()));
    }

    /** Buckets behind the endpoint of the settings. */
    Buckets(Map<String, String> settings) {
        this.settings = Map.copyOf(settings);
        client = S3Client.builder()
                .endpointOverride(URI.create(settings.getOrDefault("endpoint", "")))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        settings.getOrDefault("accessKeyId", ""), settings.getOrDefault("secretAccessKey", ""))))
                .forcePathStyle(true)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(service -> service.chunkedEncodingEnabled(false))
                .addPlugin(LegacyMd5Plugin.create())
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    S3Client client() {
        return client;
    }

    Endpoint endpoint() {
        return new Endpoint(ResourceType.S3, ConnectorContract.SCOPE, settings);
    }

    Source source(String bucket) {
        return S3Discovery.source(endpoint(), bucket, Map.of());
    }

    RestoreRequest.Targets targets() {
        return new RestoreRequest.Targets() {
            @Override
            public Optional<Source> existing(String resourceId) {
                return client.listBuckets().buckets().stream()
                        .filter(bucket -> bucket.name().equals(resourceId))
                        .findFirst()
                        .map(bucket -> source(bucket.name()));
            }

            @Override
            public String restoreParent() {
                throw new IllegalStateException("buckets have no parent");
            }

            @Override
            public Endpoint endpoint() {
                return Buckets.this.endpoint();
            }
        };
    }

    void make(String bucket, boolean versioned) {
        make(bucket, versioned, _ -> {});
    }

    void make(String bucket, boolean versioned, Consumer<CreateBucketRequest.Builder> more) {
        var request = CreateBucketRequest.builder().bucket(bucket);
        more.accept(request);
        client.createBucket(request.build());
        if (versioned) {
            client.putBucketVersioning(put ->
                    put.bucket(bucket).versioningConfiguration(state -> state.status(BucketVersioningStatus.ENABLED)));
        }
    }

    void put(String bucket, String key, String content) {
        put(bucket, key, content.getBytes(java.nio.charset.StandardCharsets.UTF_8), _ -> {});
    }

    void put(String bucket, String key, byte[] content, Consumer<PutObjectRequest.Builder> more) {
        var request = PutObjectRequest.builder().bucket(bucket).key(key);
        more.accept(request);
        client.putObject(request.build(), RequestBody.fromBytes(content));
    }

    void delete(String bucket, String key) {
        client.deleteObject(request -> request.bucket(bucket).key(key));
    }

    /** Deletes every version of the key. */
    void purge(String bucket, String key) {
        versions(bucket).stream()
                .filter(version -> version.key().equals(key))
                .forEach(version -> client.deleteObject(
                        request -> request.bucket(bucket).key(key).versionId(version.id())));
    }

    /** Deletes every version of every object. */
    void empty(String bucket) {
        for (var version : versions(bucket)) {
            client.deleteObject(request -> request.bucket(bucket)
                    .key(version.key())
                    .versionId(version.id())
                    .bypassGovernanceRetention(true));
        }
    }

    private record Version(String key, String id, boolean marker, boolean latest, java.time.Instant at) {}

    private List<Version> versions(String bucket) {
        var versions = new ArrayList<Version>();
        client.listObjectVersionsPaginator(request -> request.bucket(bucket).encodingType(EncodingType.URL))
                .forEach(page -> {
                    page.versions()
                            .forEach(v -> versions.add(
                                    new Version(v.key(), v.versionId(), false, v.isLatest(), v.lastModified())));
                    page.deleteMarkers()
                            .forEach(v -> versions.add(
                                    new Version(v.key(), v.versionId(), true, v.isLatest(), v.lastModified())));
                });
        return versions;
    }

    /** All versions of each key with all that a restore brings back, the oldest first. */
    Map<String, List<String>> snapshot(String bucket) {
        var snapshot = new TreeMap<String, List<String>>();
        versions(bucket).stream()
                .sorted(Comparator.comparing(Version::latest).thenComparing(Version::at))
                .forEach(version -> snapshot.computeIfAbsent(version.key(), _ -> new ArrayList<>())
                        .add(version.marker() ? "deleted" : told(bucket, version)));
        return snapshot;
    }

    /** The newest version of each key that is not deleted. */
    Map<String, String> latest(String bucket) {
        var latest = new TreeMap<String, String>();
        snapshot(bucket).forEach((key, versions) -> {
            if (!versions.getLast().equals("deleted")) {
                latest.put(key, versions.getLast());
            }
        });
        return latest;
    }

    private String told(String bucket, Version version) {
        var answer = client.getObjectAsBytes(
                request -> request.bucket(bucket).key(version.key()).versionId(version.id()));
        var head = answer.response();
        var tags = client
                .getObjectTagging(
                        request -> request.bucket(bucket).key(version.key()).versionId(version.id()))
                .tagSet()
                .stream()
                .map(tag -> tag.key() + "=" + tag.value())
                .sorted()
                .toList();
        var bytes = answer.asByteArrayUnsafe();
        return bytes.length + " " + Md5.hex(Md5.bytes(bytes, bytes.length)) + " " + head.contentType() + " "
                + head.contentEncoding() + " " + head.contentLanguage() + " " + head.contentDisposition() + " "
                + head.cacheControl() + " " + head.expiresString() + " " + head.websiteRedirectLocation() + " "
                + new TreeMap<>(head.metadata()) + " " + tags;
    }

    static Arn arn(String bucket) {
        return Arn.ofBucket(bucket);
    }

    @Override
    public void close() {
        client.close();
    }

    /** A whole second after all that was done before and before all that is done afterwards, by the endpoint's clock. */
    Instant moment() {
        var before = date();
        while (date().isBefore(before.plusSeconds(2))) {
            // The endpoint's time passes.
        }
        return before.plusSeconds(1);
    }

    private Instant date() {
        return ZonedDateTime.parse(
                        client().listBuckets()
                                .sdkHttpResponse()
                                .firstMatchingHeader("Date")
                                .orElseThrow(),
                        DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant();
    }
}
