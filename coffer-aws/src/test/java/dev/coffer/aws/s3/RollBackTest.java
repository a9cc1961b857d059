package dev.coffer.aws.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.connector.SourceException;
import dev.coffer.core.problem.Refused;
import dev.coffer.testkit.s3.CephRgw;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Buckets that go back to a recovery point themselves. */
@ExtendWith(CephRgw.Extension.class)
final class RollBackTest {
    private final BucketTrip trip;

    RollBackTest(CephRgw rgw) {
        trip = new BucketTrip(rgw);
    }

    @AfterEach
    void close() {
        trip.close();
    }

    private void put(String key, String content) {
        trip.buckets.put(
                trip.bucket,
                key,
                content.getBytes(StandardCharsets.UTF_8),
                request -> request.metadata(Map.of("of", "test")).tagging("t=" + content.length()));
    }

    private void rollBack(String... more) throws InterruptedException {
        var metadata = new ArrayList<>(List.of("DestinationBucketName", trip.bucket, "coffer:inPlace", "true"));
        metadata.addAll(List.of(more));
        assertThat(trip.restore("one", metadata.toArray(String[]::new)).notRestored())
                .isEmpty();
    }

    @Test
    void whatDiffersIsPutAsNewVersionsWhatIsNewIsMarkedAndNoVersionIsLost() throws InterruptedException {
        trip.buckets.make(trip.bucket, true);
        KeyPathTest.ODD.forEach(key -> put(key, "content of " + key));
        put("same", "same");
        put("changed", "before");
        put("deleted", "deleted");
        put("purged", "purged");
        put("gone before", "x");
        trip.buckets.delete(trip.bucket, "gone before");
        trip.capture("one", Optional.empty());
        var before = trip.buckets.latest(trip.bucket);

        put("changed", "after!");
        put(KeyPathTest.ODD.getFirst(), "other");
        put("new", "new");
        put("gone before", "back");
        trip.buckets.delete(trip.bucket, "deleted");
        trip.buckets.purge(trip.bucket, "purged");
        var mixed = trip.buckets.snapshot(trip.bucket);

        rollBack();

        assertThat(trip.buckets.latest(trip.bucket)).isEqualTo(before);
        var after = trip.buckets.snapshot(trip.bucket);
        mixed.forEach(
                (key, versions) -> assertThat(after.get(key)).as(key).startsWith(versions.toArray(String[]::new)));
        assertThat(after.get("same")).isEqualTo(mixed.get("same"));
        assertThat(after.get("new")).hasSize(2).last().isEqualTo("deleted");
        assertThat(after.get("changed")).hasSize(3);

        rollBack();
        assertThat(trip.buckets.snapshot(trip.bucket))
                .as("a repeat changes nothing")
                .isEqualTo(after);
    }

    @Test
    void onlyThePrefixGoesBack() throws InterruptedException {
        trip.buckets.make(trip.bucket, true);
        put("a/1", "before");
        put("b/1", "before");
        trip.capture("one", Optional.empty());
        put("a/1", "after");
        put("a/2", "after");
        put("b/1", "after");
        put("b/2", "after");

        rollBack("coffer:prefix", "a/");

        assertThat(trip.buckets.latest(trip.bucket)).containsOnlyKeys("a/1", "b/1", "b/2");
        assertThat(trip.buckets.latest(trip.bucket).get("a/1")).startsWith("6 ");
        assertThat(trip.buckets.latest(trip.bucket).get("b/1")).startsWith("5 ");
    }

    @Test
    void aBucketWithoutVersionsIsNotChanged() throws InterruptedException {
        trip.buckets.make(trip.bucket, false);
        put("k", "before");
        trip.capture("one", Optional.empty());
        put("k", "after");
        var there = trip.buckets.latest(trip.bucket);

        assertThatThrownBy(this::rollBack)
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("keeps no versions");
        assertThat(trip.buckets.latest(trip.bucket)).isEqualTo(there);
    }

    @Test
    void anotherBucketIsNoPlaceForIt() {
        assertThatThrownBy(() -> trip.safetyPoint("DestinationBucketName", "other", "coffer:inPlace", "true"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("Name it as DestinationBucketName");
        assertThat(trip.safetyPoint("DestinationBucketName", trip.bucket)).isEmpty();
        assertThat(trip.safetyPoint("DestinationBucketName", trip.bucket, "coffer:inPlace", "true"))
                .contains(Map.of());
        assertThat(trip.safetyPoint(
                        "DestinationBucketName", trip.bucket, "coffer:inPlace", "true", "RestoreACLs", "true"))
                .contains(Map.of("BackupACLs", "enabled"));
        for (var word : List.of("NewBucket", "coffer:conflict", "coffer:targetPrefix", "RestoreLatestVersionsUpTo")) {
            assertThatThrownBy(() -> RestoreOrder.of(BucketTrip.folded(
                            "DestinationBucketName",
                            trip.bucket,
                            "coffer:inPlace",
                            "true",
                            word,
                            word.equals("NewBucket") ? "true" : word.equals("coffer:conflict") ? "skip" : "1")))
                    .as(word)
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining(word);
        }
    }
}
