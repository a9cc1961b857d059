package dev.coffer.aws.s3;

import dev.coffer.aws.s3.BucketQueue.Told;
import dev.coffer.core.connector.Activity;
import dev.coffer.core.connector.FeedMark;
import dev.coffer.core.connector.FeedPosition;
import dev.coffer.core.connector.FollowRequest;
import dev.coffer.core.connector.MarkWriter;
import dev.coffer.core.connector.Round;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One round of following a bucket whose notifications a queue has. It looks at the keys that the messages name and writes them as a mark of changes; what it reached by that is told and not certain. From time to time, when messages name more keys than
 * a listing costs, and when the queue cannot be read, the whole bucket is listed, and everything up to then is certain. Messages are deleted when what they told is durable.
 */
final class NotifiedRound {
    /** How often the whole bucket is listed, in seconds. */
    static final String LIST_EVERY = "listSeconds";

    private static final String USUALLY = "3600";
    /** A look at a key costs a request; a listing one for so many versions. */
    private static final long VERSIONS_LISTED_AT_ONCE = 1000;

    private static final int KEYS_ALWAYS = 10;
    private static final long KEYS_AT_MOST = 10_000;
    /** Notifications that come so late are no surprise. */
    static final Duration LATE = Duration.ofMinutes(1);

    private final S3Connector connector;
    private final Calls calls;
    private final BucketQueue queue;
    private final FollowRequest request;
    private final MarkWriter marks;
    private final Activity activity;
    private final Instant reached;
    private final Duration late;
    private final String bucket;

    /**
     * A round.
     *
     * @param late how late notifications may come without a word
     * @param reached the moment up to which a listing that begins now is complete
     */
    NotifiedRound(
            S3Connector connector,
            Calls calls,
            BucketQueue queue,
            FollowRequest request,
            MarkWriter marks,
            Activity activity,
            Duration late,
            Instant reached) {
        this.connector = connector;
        this.calls = calls;
        this.queue = queue;
        this.request = request;
        this.marks = marks;
        this.activity = activity;
        this.late = late;
        this.reached = reached;
        this.bucket = S3Access.bucket(request.source());
    }

    Round run() throws InterruptedException {
        var before = FeedPlace.of(request.from().token());
        var told = Told.NOTHING;
        var trouble = Optional.<String>empty();
        try {
            told = queue.read();
        } catch (QueueFailure broken) {
            trouble = Optional.of("The queue of notifications " + queue.url() + " cannot be read: "
                    + broken.getMessage() + ". The bucket is listed in each round until it can.");
        }
        var place =
                trouble.isPresent() || mustList(before, told) ? list(before, told) : look(before.orElseThrow(), told);
        // What they told is durable now; and a round that finds it once more changes nothing.
        queue.delete(told.handles());
        var strange = told.strange();
        var remark = trouble.or(() -> place.surprise().map(one -> text(place, one)))
                .or(() -> strange == 0
                        ? Optional.empty()
                        : Optional.of(strange + " messages in " + queue.url()
                                + " are about another bucket or cannot be understood; they are left there."));
        return new Round.Reached(position(place), remark);
    }

    private FeedPosition position(FeedPlace place) {
        return new FeedPosition(place.token(), reached, place.listed().isAfter(reached) ? reached : place.listed());
    }

    private static String text(FeedPlace place, FeedPlace.Surprise surprise) {
        return "The listing of " + place.listed() + " found " + surprise.found() + " new versions and "
                + surprise.gone() + " deleted for good, of which no notification had told since " + surprise.since()
                + ". They are recorded now, the new ones with their own times; what was restored before to a moment after "
                + surprise.since()
                + " may lack them, and what is gone counts as there until that listing. Check the notifications of the"
                + " bucket.";
    }

    private boolean mustList(Optional<FeedPlace> before, Told told) {
        if (request.scheduled() || told.more() || before.isEmpty()) {
            return true;
        }
        var every =
                Duration.ofSeconds(Long.parseLong(request.source().settings().getOrDefault(LIST_EVERY, USUALLY)));
        long dear = KEYS_ALWAYS + before.get().versions() / VERSIONS_LISTED_AT_ONCE;
        return !before.get().listed().plus(every).isAfter(reached)
                || told.keys().size() > dear
                || before.get().told() + told.keys().size() > KEYS_AT_MOST;
    }

    private FeedPlace look(FeedPlace before, Told told) throws InterruptedException {
        Map<String, List<Listed>> versionsByKey = new TreeMap<>();
        boolean changed = false;
        long more = 0;
        for (var key : told.keys()) {
            var now = versions(key);
            var known = ToldKeys.known(request.newest(), request.image(), ToldKeys.path(key));
            more += now.size() - known.size();
            changed |= now.size() != known.size()
                    || !now.stream()
                            .allMatch(listed -> known.stream()
                                    .anyMatch(item -> item.path().equals(KeyPath.of(key, listed.versionId()))
                                            && ObjectFacts.same(item, listed)));
            versionsByKey.put(key, now);
        }
        if (!changed) {
            return before;
        }
        var place = before.told(versionsByKey.size(), more);
        marks.write(
                position(place),
                FeedMark.Kind.CHANGES,
                session -> connector
                        .capture(calls, request.source(), session, activity, Optional.of(request.image()))
                        .told(request.newest(), versionsByKey));
        return place;
    }

    private List<Listed> versions(String key) throws InterruptedException {
        var versions = new ArrayList<Listed>();
        // The key itself comes first of all that begin with it.
        new VersionListing(calls, bucket, key).each(listed -> {
            boolean same = listed.key().equals(key);
            if (same) {
                versions.add(listed);
            }
            return same;
        });
        return versions;
    }

    private FeedPlace list(Optional<FeedPlace> before, Told told) throws InterruptedException {
        var state = BucketState.of(calls, bucket);
        var place = FeedPlace.listed(reached, state.versions(), Optional.empty());
        if (!request.scheduled() && !state.differs(request)) {
            return place;
        }
        var check = new Check(before, told);
        var captured = new AtomicReference<Optional<BucketCapture>>(Optional.empty());
        marks.write(position(place), FeedMark.Kind.IMAGE, session -> {
            var capture = connector.capture(calls, request.source(), session, activity, Optional.of(request.newest()));
            captured.set(Optional.of(capture));
            return capture.follow(request.scheduled(), check);
        });
        long unread = captured.get().map(BucketCapture::unread).orElse(0L);
        return FeedPlace.listed(reached, check.listed - unread, check.surprise());
    }

    /** Compares a listing with what was known. Used by one thread. */
    private final class Check implements BucketCapture.Seen {
        private final Optional<FeedPlace> before;
        private final Told told;
        private final Instant listedBefore;
        private final Instant toldBy;
        private long expected;
        private long listed;
        private long known;
        private long found;

        Check(Optional<FeedPlace> before, Told told) throws InterruptedException {
            this.before = before;
            this.told = told;
            this.listedBefore = before.map(FeedPlace::listed).orElse(Instant.MAX);
            this.toldBy = request.from().reached().minus(late);
            this.expected = before.map(FeedPlace::versions).orElse(0L);
            for (var key : told.keys()) {
                expected -= ToldKeys.known(request.newest(), request.image(), ToldKeys.path(key))
                        .size();
            }
        }

        @Override
        public void seen(Listed one, boolean isKnown) {
            listed++;
            if (told.keys().contains(one.key())) {
                return;
            }
            if (isKnown) {
                known++;
            } else if (one.modified().isAfter(listedBefore) && !one.modified().isAfter(toldBy)) {
                found++;
            }
        }

        Optional<FeedPlace.Surprise> surprise() {
            return NotifiedRound.this.surprise(before, found, Math.max(0, expected - known));
        }
    }

    private Optional<FeedPlace.Surprise> surprise(Optional<FeedPlace> before, long found, long gone) {
        if (before.isEmpty() || (found == 0 && gone == 0)) {
            return Optional.empty();
        }
        return Optional.of(new FeedPlace.Surprise(found, gone, before.get().listed()));
    }
}
