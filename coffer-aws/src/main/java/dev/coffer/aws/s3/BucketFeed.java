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
 * versions are kept, no listing comes too late: there is no gap. Where a queue has the bucket's notifications, most rounds look only at the keys that it names, see {@link NotifiedRound}.
 */
final class BucketFeed implements ChangeFeed {
    /** How often a bucket is listed, in seconds. */
    static final String EVERY = "followSeconds";

    private static final String USUALLY = "60";
    /** Times in listings may be cut to the second, so the second in which a listing begins is not over. */
    private static final Duration OPEN_SECOND = Duration.ofSeconds(1);

    private final S3Access access;
    private final InstantSource clock;
    private final S3Connector connector;
    private final Duration late;

    BucketFeed(S3Access access, InstantSource clock, S3Connector connector, Duration late) {
        this.access = access;
        this.clock = clock;
        this.late = late;
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
            var before = request.from().reached();
            // A clock that was set back takes nothing back.
            var reached = now.isBefore(before) ? before : now;
            var queue = access.queue(source.settings(), bucket);
            if (queue.isPresent()) {
                try (var open = queue.get()) {
                    return new NotifiedRound(connector, calls, open, request, marks, activity, late, reached).run();
                }
            }
            var to = new FeedPosition("", reached);
            if (request.scheduled() || BucketState.of(calls, bucket).differs(request)) {
                marks.write(
                        to,
                        FeedMark.Kind.IMAGE,
                        session -> connector
                                .capture(calls, source, session, activity, Optional.of(request.newest()))
                                .follow(request.scheduled()));
            }
            return new Round.Reached(to);
        } catch (S3Failure failure) {
            throw failure.told();
        }
    }

    @Override
    public Restored restoreTo(Instant moment, RestoreRequest request, List<FeedMark> marks, Activity activity)
            throws InterruptedException {
        return connector.restore(request, new PointAt(marks, moment), activity);
    }
}
