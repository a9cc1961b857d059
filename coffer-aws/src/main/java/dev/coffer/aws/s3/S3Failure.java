package dev.coffer.aws.s3;

import dev.coffer.core.connector.SourceException;

/** A call that failed for good, after all attempts. Does not leave the package: what ends a job is told as a {@link SourceException}. */
final class S3Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What the failure means. */
    enum Kind {
        /** The bucket, key or version is not there. */
        NOT_FOUND,
        /** The credentials may not do this. */
        DENIED,
        /** The KMS key of the object, or the one that a restore names, cannot be used. */
        KEY_DENIED,
        /** The object is in a storage class that cannot be read without a restore there. */
        ARCHIVED,
        /** The object is not what it was when it was listed. */
        CHANGED,
        /** The endpoint does not have this call or setting. */
        LACKING,
        /** The endpoint asks for less, again and again. */
        THROTTLED,
        /** The endpoint answers faults, or not at all. */
        UNREACHABLE,
        /** The content ended before its announced length, again and again. */
        TRUNCATED,
        /** The content is not what its checksum says. */
        DAMAGED,
        /** What the endpoint answered cannot be true. */
        LYING,
        /** The request cannot be carried out as it is. */
        REFUSED
    }

    private final Kind kind;
    private final String code;

    S3Failure(Kind kind, String message) {
        super(message);
        this.kind = kind;
        this.code = "";
    }

    S3Failure(Kind kind, String message, Throwable cause) {
        this(kind, "", message, cause);
    }

    S3Failure(Kind kind, String code, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.code = code;
    }

    /** The code that the endpoint answered; empty if it answered none. */
    String code() {
        return code;
    }

    /** Whether it is the bucket that is not there. */
    boolean isBucketGone() {
        return code.equals("NoSuchBucket");
    }

    Kind kind() {
        return kind;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    /** What the job's user reads. */
    SourceException told() {
        return switch (kind) {
            case NOT_FOUND -> new SourceException.NotFound(text());
            case THROTTLED, UNREACHABLE -> new SourceException.Unavailable(text(), this);
            case DENIED, KEY_DENIED, ARCHIVED, CHANGED, LACKING, TRUNCATED, DAMAGED, LYING, REFUSED ->
                new SourceException.Impossible(text(), this);
        };
    }
}
