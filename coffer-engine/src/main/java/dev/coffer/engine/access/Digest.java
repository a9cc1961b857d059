package dev.coffer.engine.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of a session token, so that the catalog does not hold the token itself. */
final class Digest {
    private Digest() {}

    static String of(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    static boolean isOf(String digest, String token) {
        return MessageDigest.isEqual(
                digest.getBytes(StandardCharsets.US_ASCII), of(token).getBytes(StandardCharsets.US_ASCII));
    }
}
