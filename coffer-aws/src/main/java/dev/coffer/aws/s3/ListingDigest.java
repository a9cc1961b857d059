package dev.coffer.aws.s3;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What tells two listings of a bucket apart. Used by one thread. */
final class ListingDigest {
    private final MessageDigest digest;

    ListingDigest() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException broken) {
            throw new IllegalStateException(broken);
        }
    }

    void add(Listed listed) {
        text(listed.key());
        text(listed.versionId());
        text(listed.etag());
        text(listed.size() + " " + listed.modified() + " " + listed.latest() + " " + listed.deleteMarker());
    }

    private void text(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
    }

    /** The digest of all that was added; to be asked once. */
    String end() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
