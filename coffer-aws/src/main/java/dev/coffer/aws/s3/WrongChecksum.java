package dev.coffer.aws.s3;

import java.io.IOException;

/** A content has its length and another checksum than the endpoint says. */
final class WrongChecksum extends IOException {
    private static final long serialVersionUID = 1;

    WrongChecksum(String message) {
        super(message);
    }
}
