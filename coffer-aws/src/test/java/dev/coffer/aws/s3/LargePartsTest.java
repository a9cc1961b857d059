package dev.coffer.aws.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.connector.Findings;
import dev.coffer.core.repository.SessionId;
import dev.coffer.testkit.s3.CephRgw;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Objects so large that their parts do not fit into memory: here, since there may be few parts. */
@ExtendWith(CephRgw.Extension.class)
final class LargePartsTest {
    private final BucketTrip trip;

    LargePartsTest(CephRgw rgw) {
        trip = new BucketTrip(rgw);
    }

    @AfterEach
    void close() {
        trip.close();
    }

    @Test
    void partsThatAreNotHeldArriveWhole() throws InterruptedException {
        trip.buckets.make(trip.bucket, false);
        var content = new byte[30_000_000];
        new Random(1).nextBytes(content);
        trip.buckets.put(trip.bucket, "k", content, _ -> {});
        trip.capture("one", Optional.empty());
        trip.buckets.make(trip.bucket + "-p", false);
        var moved = new AtomicLong();

        try (var point = trip.repository.open(new SessionId("one"));
                var calls = trip.calls(trip.bucket + "-p")) {
            var target = new TargetBucket(calls, trip.bucket + "-p", false, false, false, Optional.empty());
            var order = RestoreOrder.of(Map.of("destinationbucketname", trip.bucket + "-p"));
            var item = point.find(KeyPath.of("k", "null")).orElseThrow();
            new ObjectWriter(target, point, order, 2, new RangeBuffers(1), new Findings(), trip.clock, moved::addAndGet)
                    .put(item, "k");
        }

        assertThat(moved).hasValue(content.length);
        assertThat(trip.buckets.latest(trip.bucket + "-p")).isEqualTo(trip.buckets.latest(trip.bucket));
    }
}
