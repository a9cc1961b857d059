package dev.coffer.aws.s3;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * How many tags an object has, as far as an answer tells. S3 tells the number only if there are some; an endpoint that never tells it looks the same, so silence counts only from those that are known to tell.
 */
record TagCount(OptionalInt told, boolean silenceMeansNone) {
    static TagCount of(@Nullable Integer count, SdkHttpResponse answer) {
        boolean known = answer.firstMatchingHeader("x-rgw-object-type").isPresent()
                || answer.firstMatchingHeader("Server")
                        .filter(name -> name.startsWith("AmazonS3") || name.startsWith("MinIO"))
                        .isPresent();
        return new TagCount(count == null ? OptionalInt.empty() : OptionalInt.of(count), known);
    }

    /** Whether there is nothing to ask for. */
    boolean none() {
        return told.isPresent() ? told.getAsInt() == 0 : silenceMeansNone;
    }
}
