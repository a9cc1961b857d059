package dev.coffer.aws.s3;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the following of a bucket by notifications stands; the token of a position.
 *
 * @param listed the moment up to which the last listing was complete
 * @param versions how many versions and delete markers are known
 * @param told of how many keys there was a notification since then
 * @param surprise what that listing found and no notification had told
 */
record FeedPlace(Instant listed, long versions, long told, Optional<Surprise> surprise) {
    private static final Pattern FORM = Pattern.compile(
            "listed=(-?\\d{1,18}) versions=(\\d{1,18}) told=(\\d{1,18})( new=(\\d{1,18}) gone=(\\d{1,18}) since=(-?\\d{1,18}))?");

    /**
     * What a listing found and no notification had told of.
     *
     * @param found versions and delete markers
     * @param gone versions that were deleted for good
     * @param since the listing before
     */
    record Surprise(long found, long gone, Instant since) {}

    /** After a listing. */
    static FeedPlace listed(Instant at, long versions, Optional<Surprise> surprise) {
        return new FeedPlace(at, versions, 0, surprise);
    }

    /** Further on by notifications of so many keys, which have changed the number of versions by so many. */
    FeedPlace told(int keys, long more) {
        return new FeedPlace(listed, Math.max(0, versions + more), told + keys, surprise);
    }

    String token() {
        return "listed=" + listed.toEpochMilli() + " versions=" + versions + " told=" + told
                + surprise.map(one -> " new=" + one.found() + " gone=" + one.gone() + " since="
                                + one.since().toEpochMilli())
                        .orElse("");
    }

    /** Reads what {@link #token} has written; empty for another, after which the bucket has to be listed. */
    static Optional<FeedPlace> of(String token) {
        var match = FORM.matcher(token);
        if (!match.matches()) {
            return Optional.empty();
        }
        var surprise = Optional.ofNullable(match.group(4))
                .map(_ -> new Surprise(
                        Long.parseLong(match.group(5)),
                        Long.parseLong(match.group(6)),
                        Instant.ofEpochMilli(Long.parseLong(match.group(7)))));
        return Optional.of(new FeedPlace(
                Instant.ofEpochMilli(Long.parseLong(match.group(1))),
                Long.parseLong(match.group(2)),
                Long.parseLong(match.group(3)),
                surprise));
    }
}
