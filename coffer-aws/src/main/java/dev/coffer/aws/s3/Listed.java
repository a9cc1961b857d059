package dev.coffer.aws.s3;

import java.time.Instant;

/**
 * One version of an object, or a delete marker, as a listing shows it.
 *
 * @param latest whether it is what a read without a version finds
 * @param rank 0 for the newest version of its key, 1 for the one before, and so on
 * @param etag without quotes; empty for a delete marker
 */
record Listed(
        String key,
        String versionId,
        boolean latest,
        boolean deleteMarker,
        int rank,
        String etag,
        long size,
        Instant modified,
        String storageClass) {
    /** The id of the only version in a bucket that has no versions. */
    static final String NULL_VERSION = "null";

    /** Whether a read has to name the version. An unversioned object is read without, since some endpoints do not know the name. */
    boolean needsVersion() {
        return !(latest && versionId.equals(NULL_VERSION));
    }

    /** Whether the content behind this version id can be replaced. */
    boolean replaceable() {
        return versionId.equals(NULL_VERSION);
    }

    static String bare(String etag) {
        return etag.startsWith("\"") && etag.endsWith("\"") && etag.length() > 1
                ? etag.substring(1, etag.length() - 1)
                : etag;
    }
}
