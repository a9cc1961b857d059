package dev.coffer.aws.s3;

import static dev.coffer.testkit.connector.ConnectorContract.SCOPE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.resource.Source;
import dev.coffer.testkit.connector.ChangeFeedContract.Changing;
import dev.coffer.testkit.connector.FollowedResource;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** A followed bucket, whose objects are names and texts. */
class FollowedBucket implements Changing {
    private final Buckets buckets;
    private final String bucket;
    private final FollowedResource followed;
    private int jobs;

    FollowedBucket(S3Connector connector, Buckets buckets, String bucket, Source source) {
        this.buckets = buckets;
        this.bucket = bucket;
        this.followed = new FollowedResource(connector, source);
    }

    @Override
    public FollowedResource followed() {
        return followed;
    }

    @Override
    public void put(String name, String text) {
        buckets.put(bucket, name, text);
    }

    @Override
    public void remove(String name) {
        buckets.delete(bucket, name);
    }

    @Override
    public Map<String, String> content() {
        return content(bucket);
    }

    private Map<String, String> content(String of) {
        var content = new TreeMap<String, String>();
        buckets.client()
                .listObjectsV2(request -> request.bucket(of))
                .contents()
                .forEach(object -> content.put(
                        object.key(),
                        buckets.client()
                                .getObjectAsBytes(request -> request.bucket(of).key(object.key()))
                                .asUtf8String()));
        return content;
    }

    @Override
    public Instant moment() {
        return buckets.moment();
    }

    @Override
    public Map<String, String> restored(Instant moment) throws InterruptedException {
        var job = "%08X-0000-0000-0000-000000000000".formatted(++jobs);
        var target = bucket + "-" + jobs;
        var made = followed.restore(
                moment,
                new RestoreRequest(
                        job,
                        Instant.now(),
                        SCOPE,
                        Map.of("destinationbucketname", target, "newbucket", "true"),
                        Map.of(),
                        buckets.targets()));
        assertThat(made.notRestored()).isEmpty();
        return content(target);
    }
}
