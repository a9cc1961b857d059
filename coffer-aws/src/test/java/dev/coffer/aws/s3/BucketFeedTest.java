package dev.coffer.aws.s3;

import static dev.coffer.testkit.connector.ConnectorContract.SCOPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.aws.endpoint.EndpointClients;
import dev.coffer.core.connector.ChangeFeed;
import dev.coffer.core.connector.EndpointPolicy;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.Restored;
import dev.coffer.core.connector.SourceException;
import dev.coffer.testkit.connector.FollowedResource;
import dev.coffer.testkit.s3.CephRgw;
import dev.coffer.testkit.time.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/** Follows a bucket of a real Ceph RGW, whose clock gives the moments. */
@ExtendWith(CephRgw.Extension.class)
final class BucketFeedTest {
    private final Buckets buckets;
    private final TestClock clock = new TestClock(Instant.now());
    private final EndpointClients clients = new EndpointClients(EndpointPolicy.USUAL);
    private final S3Connector connector = new S3Connector(clients, clock, Thread::sleep, new Random(1));
    private final ChangeFeed feed = connector.changeFeed().orElseThrow();
    private final String bucket = "followed-" + UUID.randomUUID();
    private Optional<FollowedResource> followed = Optional.empty();
    private int jobs;

    BucketFeedTest(CephRgw rgw) {
        buckets = new Buckets(rgw);
    }

    @AfterEach
    void close() {
        clients.close();
        buckets.close();
    }

    private FollowedResource followed() {
        if (followed.isEmpty()) {
            followed = Optional.of(new FollowedResource(connector, buckets.source(bucket)));
        }
        return followed.get();
    }

    private void base() throws InterruptedException {
        followed().base();
    }

    private boolean round(boolean scheduled) throws InterruptedException {
        return followed().follow(scheduled);
    }

    private Restored restore(Instant moment, String target, String... metadata) throws InterruptedException {
        var all = new HashMap<>(Map.of("destinationbucketname", target, "newbucket", "true"));
        for (int i = 0; i < metadata.length; i += 2) {
            all.put(metadata[i], metadata[i + 1]);
        }
        var job = "%08X-0000-0000-0000-000000000000".formatted(++jobs);
        return followed()
                .restore(moment, new RestoreRequest(job, Instant.now(), SCOPE, all, Map.of(), buckets.targets()));
    }

    private Map<String, List<String>> restored(Instant moment) throws InterruptedException {
        var target = bucket + "-" + moment.getEpochSecond() % 100_000;
        var made = restore(moment, target, "restorelatestversionsupto", "all");
        assertThat(made.notRestored()).isEmpty();
        return buckets.snapshot(target);
    }

    private ObjectVersion version(String key) {
        return buckets.client()
                .listObjectVersions(request -> request.bucket(bucket).prefix(key))
                .versions()
                .getFirst();
    }

    @Test
    void everyObjectAndVersionIsAsItWasAtThreeInstantsAfterAllVersionsWereDeleted() throws Exception {
        buckets.make(bucket, true);
        var big = new byte[9_000_000];
        new Random(7).nextBytes(big);
        buckets.put(bucket, "big", big, _ -> {});
        for (var key : KeyPathTest.ODD) {
            buckets.put(bucket, key, "one " + key);
        }
        buckets.put(bucket, "a/1", "first");
        buckets.put(bucket, "a/2", "stays");
        buckets.put(bucket, "gone", "soon");
        base();
        var one = buckets.moment();
        var first = buckets.snapshot(bucket);
        assertThat(round(false)).isFalse();

        buckets.put(bucket, "a/1", "second");
        buckets.delete(bucket, "a/2");
        buckets.put(bucket, "new", "new");
        var two = buckets.moment();
        var second = buckets.snapshot(bucket);
        buckets.put(bucket, "a/1", "third");
        buckets.put(bucket, "after", "two");
        assertThat(round(false)).isTrue();
        assertThat(round(false)).isFalse();

        var gone = version("gone");
        buckets.client()
                .deleteObject(request -> request.bucket(bucket).key("gone").versionId(gone.versionId()));
        buckets.delete(bucket, "new");
        buckets.moment();
        assertThat(round(false)).isTrue();
        var three = buckets.moment();
        var third = buckets.snapshot(bucket);
        assertThat(round(false)).isFalse();

        buckets.empty(bucket);
        buckets.moment();
        assertThat(round(false)).isTrue();
        assertThat(buckets.snapshot(bucket)).isEmpty();

        assertThat(first).containsKey("gone");
        assertThat(third).doesNotContainKey("gone");
        assertThat(restored(one)).isEqualTo(first);
        assertThat(restored(two)).isEqualTo(second);
        assertThat(restored(three)).isEqualTo(third);

        restore(two, bucket + "-latest");
        var latest = new TreeMap<String, List<String>>();
        second.forEach((key, versions) -> {
            if (!versions.getLast().equals("deleted")) {
                latest.put(key, List.of(versions.getLast()));
            }
        });
        assertThat(buckets.snapshot(bucket + "-latest")).isEqualTo(latest);
        restore(two, bucket + "-item", "itemstorestore", "[\"a/1\"]");
        assertThat(buckets.snapshot(bucket + "-item")).isEqualTo(Map.of("a/1", latest.get("a/1")));
    }

    @Test
    void whatWasDeletedForGoodBetweenTwoListingsIsThereUntilTheSecond() throws Exception {
        buckets.make(bucket, true);
        buckets.put(bucket, "kept", "1");
        buckets.put(bucket, "gone", "1");
        base();
        var before = buckets.moment();
        buckets.client()
                .deleteObject(request -> request.bucket(bucket)
                        .key("gone")
                        .versionId(version("gone").versionId()));
        buckets.moment();
        assertThat(round(false)).isTrue();
        var seen = followed().marks().getLast().at();

        assertThat(restored(before)).containsOnlyKeys("kept", "gone");
        assertThat(restored(seen)).containsOnlyKeys("kept");
    }

    @Test
    void aScheduledRoundWritesAMarkAndReadsNoObjectAgain() throws Exception {
        buckets.make(bucket, true);
        buckets.put(bucket, "a", "1");
        base();
        assertThat(round(true)).isTrue();
        clock.advance(Duration.ofDays(2));
        assertThat(round(false)).isFalse();
        try (var reader = followed().repository().open(FollowedResource.session(2))) {
            assertThat(reader.manifest().newBytes()).isZero();
        }
    }

    @Test
    void aBucketThatKeepsNoVersionsIsNotFollowed() throws Exception {
        buckets.make(bucket, false);
        assertThatThrownBy(() -> feed.begin(buckets.source(bucket)))
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("The versioning of bucket " + bucket + " is off");
        versioning(BucketVersioningStatus.ENABLED);
        base();
        versioning(BucketVersioningStatus.SUSPENDED);
        assertThatThrownBy(() -> round(false))
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("is Suspended");
        buckets.client().deleteBucket(request -> request.bucket(bucket));
        assertThatThrownBy(() -> round(false))
                .isInstanceOf(SourceException.NotFound.class)
                .hasMessageContaining(bucket);
    }

    private void versioning(BucketVersioningStatus status) {
        buckets.client()
                .putBucketVersioning(put -> put.bucket(bucket).versioningConfiguration(state -> state.status(status)));
    }
}
