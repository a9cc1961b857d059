package dev.coffer.aws.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.testkit.s3.CephRgw;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;

/** A run against Ceph RGW, with object lock. */
@ExtendWith(CephRgw.Extension.class)
final class ObjectLockTest {
    private static final byte[] LARGE = new byte[9_000_000];

    private final BucketTrip trip;
    private final Instant until = Instant.now().plus(Duration.ofDays(2)).truncatedTo(ChronoUnit.SECONDS);

    ObjectLockTest(CephRgw rgw) {
        trip = new BucketTrip(rgw);
    }

    @AfterEach
    void close() {
        trip.close();
    }

    private void fill() {
        trip.buckets.make(trip.bucket, true, request -> request.objectLockEnabledForBucket(true));
        trip.buckets.put(
                trip.bucket,
                "kept",
                new byte[] {1},
                request -> request.objectLockMode(ObjectLockMode.COMPLIANCE).objectLockRetainUntilDate(until));
        trip.buckets.put(
                trip.bucket,
                "held",
                new byte[] {2},
                request -> request.objectLockLegalHoldStatus(ObjectLockLegalHoldStatus.ON));
        trip.buckets.put(
                trip.bucket,
                "large",
                LARGE,
                request -> request.objectLockMode(ObjectLockMode.GOVERNANCE).objectLockRetainUntilDate(until));
        trip.buckets.put(trip.bucket, "free", "free");
    }

    private HeadObjectResponse head(String bucket, String key) {
        return trip.buckets
                .client()
                .headObject(request -> request.bucket(bucket).key(key));
    }

    private String locked(String name) {
        var target = trip.bucket + name;
        trip.buckets.make(target, true, request -> request.objectLockEnabledForBucket(true));
        return target;
    }

    @Test
    void retentionAndLegalHoldsComeBackWhereTheBucketHasObjectLock() throws InterruptedException {
        fill();
        trip.capture("one", Optional.empty());
        var target = locked("-l");

        var restored = trip.restore("one", "DestinationBucketName", target);

        assertThat(restored.notRestored()).isEmpty();
        assertThat(head(target, "kept")).satisfies(head -> {
            assertThat(head.objectLockMode()).isEqualTo(ObjectLockMode.COMPLIANCE);
            assertThat(head.objectLockRetainUntilDate()).isEqualTo(until);
            assertThat(head.objectLockLegalHoldStatus()).isNotEqualTo(ObjectLockLegalHoldStatus.ON);
        });
        assertThat(head(target, "large").objectLockRetainUntilDate()).isEqualTo(until);
        assertThat(head(target, "large").objectLockMode()).isEqualTo(ObjectLockMode.GOVERNANCE);
        assertThat(head(target, "held").objectLockLegalHoldStatus()).isEqualTo(ObjectLockLegalHoldStatus.ON);
        assertThat(head(target, "held").objectLockMode()).isNull();
        assertThat(head(target, "free").objectLockMode()).isNull();
    }

    @Test
    void theyAreNamedWhereTheBucketHasNone() throws InterruptedException {
        fill();
        trip.capture("one", Optional.empty());
        var target = trip.bucket + "-n";
        trip.buckets.make(target, true);

        var restored = trip.restore("one", "DestinationBucketName", target);

        assertThat(trip.buckets.latest(target)).containsOnlyKeys("kept", "held", "large", "free");
        assertThat(restored.notRestored()).hasSize(3).anySatisfy(item -> {
            assertThat(item.path().toString()).contains("/kept!");
            assertThat(item.reason())
                    .contains("without its retention (COMPLIANCE until " + until + ")", "no object lock");
        });
        assertThat(restored.notRestored())
                .anySatisfy(item -> assertThat(item.reason()).contains("legal hold"));
    }

    @Test
    void aRetentionThatIsOverIsNotMadeLonger() throws InterruptedException {
        fill();
        trip.capture("one", Optional.empty());
        trip.clock.advance(Duration.ofDays(3));
        var target = locked("-o");

        var restored = trip.restore("one", "DestinationBucketName", target);

        assertThat(restored.notRestored()).isEmpty();
        assertThat(head(target, "kept").objectLockMode()).isNull();
        assertThat(head(target, "held").objectLockLegalHoldStatus()).isEqualTo(ObjectLockLegalHoldStatus.ON);
    }

    @Test
    void theyAreLeftOffOnRequest() throws InterruptedException {
        fill();
        trip.capture("one", Optional.empty());
        var target = locked("-f");

        var restored = trip.restore("one", "DestinationBucketName", target, "coffer:objectLock", "false");

        assertThat(restored.notRestored()).isEmpty();
        assertThat(head(target, "kept").objectLockMode()).isNull();
        assertThat(head(target, "held").objectLockLegalHoldStatus()).isNotEqualTo(ObjectLockLegalHoldStatus.ON);
    }

    @Test
    void aRetentionThatWasGivenAfterTheBackupIsSeenWithinTheDaysOfTheRecheck() throws InterruptedException {
        fill();
        trip.capture("one", Optional.empty());
        trip.buckets
                .client()
                .putObjectRetention(request -> request.bucket(trip.bucket)
                        .key("free")
                        .retention(
                                r -> r.mode(ObjectLockRetentionMode.GOVERNANCE).retainUntilDate(until)));
        var session = trip.capture("two", Optional.of("one"), "recheckDays", "0");
        var target = locked("-r");

        trip.restore("two", "DestinationBucketName", target);

        assertThat(session.read())
                .filteredOn(path -> path.isWithin(KeyPath.OBJECTS))
                .isEmpty();
        assertThat(head(target, "free").objectLockRetainUntilDate()).isEqualTo(until);
    }

    @Test
    void aLockIsReadFromItsHeadersAndNothingElse() {
        var now = Instant.parse("2026-01-01T00:00:00Z");
        var headers = Map.of(ObjectFacts.LOCK_MODE, "GOVERNANCE", ObjectFacts.LOCK_UNTIL, "2026-01-02T00:00:00Z");
        assertThat(ObjectLock.of(headers, now).told()).isEqualTo("retention (GOVERNANCE until 2026-01-02T00:00:00Z)");
        assertThat(ObjectLock.of(headers, now.plus(Duration.ofDays(1)))).isEqualTo(ObjectLock.NONE);
        assertThat(ObjectLock.of(Map.of(ObjectFacts.LEGAL_HOLD, "OFF"), now)).isEqualTo(ObjectLock.NONE);
        assertThat(ObjectLock.of(Map.of(ObjectFacts.LOCK_MODE, "x", ObjectFacts.LOCK_UNTIL, "soon"), now))
                .isEqualTo(ObjectLock.NONE);
        assertThat(ObjectLock.of(Map.of(ObjectFacts.LEGAL_HOLD, "ON"), now).told())
                .isEqualTo("legal hold");
    }
}
