package dev.coffer.repository.format;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 as the format uses it. */
public final class Digests {
    private Digests() {}

    /** A fresh digest. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** The digest of a part of an array. */
    public static Bytes32 sha256(byte[] bytes, int offset, int length) {
        var digest = sha256();
        digest.update(bytes, offset, length);
        return Bytes32.of(digest.digest(), 0);
    }
}
