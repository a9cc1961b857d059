package dev.coffer.aws.s3;

import dev.coffer.core.connector.FollowRequest;
import java.util.Optional;

/**
 * A bucket as one listing shows it.
 *
 * @param versions how many versions and delete markers it has
 */
record BucketState(String digest, long versions) {
    static BucketState of(Calls calls, String bucket) throws InterruptedException {
        var digest = new ListingDigest();
        var count = new long[1];
        new VersionListing(calls, bucket, "").each(listed -> {
            digest.add(listed);
            count[0]++;
            return true;
        });
        return new BucketState(digest.end(), count[0]);
    }

    /** Whether the newest mark is not an image of just this. */
    boolean differs(FollowRequest request) throws InterruptedException {
        return !request.newest()
                .find(BucketCapture.BUCKET)
                .flatMap(item -> item.attributes().text(BucketCapture.LISTING))
                .equals(Optional.of(digest));
    }
}
