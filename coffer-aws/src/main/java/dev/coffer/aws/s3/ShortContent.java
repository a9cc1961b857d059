package dev.coffer.aws.s3;

import java.io.IOException;

/** A content ended before its length, or went on after it. */
final class ShortContent extends IOException {
    private static final long serialVersionUID = 1;

    ShortContent(String message) {
        super(message);
    }
}
