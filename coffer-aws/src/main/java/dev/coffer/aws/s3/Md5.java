package dev.coffer.aws.s3;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/** The checksum that S3 has had from the beginning: in ETags, and in the header Content-MD5. It finds accidents, not attackers. */
final class Md5 {
    private Md5() {}

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    static byte[] bytes(byte[] bytes, int length) {
        var digest = digest();
        digest.update(bytes, 0, length);
        return digest.digest();
    }

    static String hex(byte[] md5) {
        return HexFormat.of().formatHex(md5);
    }

    /** The value of Content-MD5. */
    static String header(byte[] md5) {
        return Base64.getEncoder().encodeToString(md5);
    }
}
