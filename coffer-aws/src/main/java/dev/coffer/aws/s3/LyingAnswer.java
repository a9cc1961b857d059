package dev.coffer.aws.s3;

import java.io.IOException;

/** What came over the connection cannot be the answer to what was asked. */
final class LyingAnswer extends IOException {
    private static final long serialVersionUID = 1;

    LyingAnswer(String message) {
        super(message);
    }
}
