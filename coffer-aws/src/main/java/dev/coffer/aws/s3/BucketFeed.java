package dev.coffer.aws.s3;

import dev.coffer.aws.endpoint.AnswerDate;
import dev.coffer.core.connector.Activity;
import dev.coffer.core.connector.ChangeFeed;
import dev.coffer.core.connector.FeedMark;
import dev.coffer.core.connector.FeedPosition;
import dev.coffer.core.connector.FollowRequest;
import dev.coffer.core.connector.MarkWriter;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.Restored;
import dev.coffer.core.connector.Round;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.resource.Source;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningResponse;

/**
 * Follows a bucket by its listings of versions. Every version carries its own time, so a mark stands for all moments since the mark before it; what is deleted for good between two listings is in the earlier mark. While
 * versions are kept, no listing comes too late: there is no gap.
 */
final class BucketFeed implements ChangeFeed {
    /** How often a bucket is listed, in seconds. */
    static final String EVERY = "followSeconds";

    private static final String USUALLY = "60";
    /** Times in listings may be cut to the second, so the second in which a listing begins is not over. */
    private static final Duration OPEN_SECOND = Duration.ofSeconds(1);

    private final S3Access access;
    private final InstantSource clock;
    private final RangeBuffers rangeBuffers;
    private final S3Connector connector;

    BucketFeed(S3Access access, InstantSource clock, RangeBuffers rangeBuffers, S3Connector connector) {
        this.access = access;
        this.clock = clock;
        this.rangeBuffers = rangeBuffers;
        this.connector = connector;
    }

    @Override
    public Duration interval(Source source) {
        return Duration.ofSeconds(Long.parseLong(source.settings().getOrDefault(EVERY, USUALLY)));
    }

    @Override
    public FeedPosition begin(Source source) throws InterruptedException {
        var bucket = S3Access.bucket(source);
        try (var calls = access.open(source.settings(), bucket)) {
            return new FeedPosition("", now(calls, bucket));
        } catch (S3Failure failure) {
            throw failure.told();
        }
    }

    /** The moment up to which a listing that begins now shows everything, by the clock of the endpoint; refuses a bucket that does not keep its versions. */
    private Instant now(Calls calls, String bucket) throws InterruptedException {
        GetBucketVersioningResponse answer;
        try {
            answer = calls.make("GetBucketVersioning", "", client -> client.getBucketVersioning(r -> r.bucket(bucket)));
        } catch (S3Failure failure) {
            if (failure.isBucketGone() || failure.kind() == S3Failure.Kind.NOT_FOUND) {
                throw S3Connector.gone(bucket);
            }
            throw failure;
        }
        var status = Optional.ofNullable(answer.statusAsString()).orElse("");
        if (!status.equals("Enabled")) {
            throw new SourceException.Impossible("The versioning of bucket " + bucket + " is "
                    + (status.isEmpty() ? "off" : status)
                    + ", and continuous backups need it. Enable it; the next run of the backup plan begins then.");
        }
        return AnswerDate.of(answer).orElseGet(clock::instant).minus(OPEN_SECOND);
    }

    @Override
    public Round follow(FollowRequest request, MarkWriter marks, Activity activity) throws InterruptedException {
        var source = request.source();
        var bucket = S3Access.bucket(source);
        try (var calls = access.open(source.settings(), bucket)) {
            var now = now(calls, bucket);
            // A clock that was set back takes nothing back.
            var to = new FeedPosition(
                    "", now.isBefore(request.from().reached()) ? request.from().reached() : now);
            if (request.scheduled() || changed(calls, bucket, request)) {
                marks.write(
                        to,
                        FeedMark.Kind.IMAGE,
                        session -> new BucketCapture(
                                        calls,
                                        bucket,
                                        BackupOptions.of(source.settings()),
                                        session,
                                        activity,
                                        rangeBuffers,
                                        clock.instant())
                                .follow(request.scheduled()));
            }
            return new Round.Reached(to);
        } catch (S3Failure failure) {
            throw failure.told();
        }
    }

    private static boolean changed(Calls calls, String bucket, FollowRequest request) throws InterruptedException {
        var digest = new ListingDigest();
        new VersionListing(calls, bucket, "").each(listed -> {
            digest.add(listed);
            return true;
        });
        return !request.newest()
                .find(BucketCapture.BUCKET)
                .flatMap(item -> item.attributes().text(BucketCapture.LISTING))
                .equals(Optional.of(digest.end()));
    }

    @Override
    public Restored restoreTo(Instant moment, RestoreRequest request, List<FeedMark> marks, Activity activity)
            throws InterruptedException {
        var point = new PointAt(marks.stream().map(FeedMark::reader).toList(), moment);
        return connector.restore(request, point, activity);
    }
}
