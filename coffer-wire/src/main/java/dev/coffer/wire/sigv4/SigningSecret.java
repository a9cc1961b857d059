package dev.coffer.wire.sigv4;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A secret access key. Its text is never printed, and comparison takes the same time for every wrong secret. */
public final class SigningSecret {
    private final byte[] bytes;

    public SigningSecret(String secretAccessKey) {
        this.bytes = secretAccessKey.getBytes(StandardCharsets.UTF_8);
    }

    /** The first key of the derivation, {@code "AWS4" + secret}. */
    byte[] seed() {
        byte[] prefix = "AWS4".getBytes(StandardCharsets.US_ASCII);
        var seed = new byte[prefix.length + bytes.length];
        System.arraycopy(prefix, 0, seed, 0, prefix.length);
        System.arraycopy(bytes, 0, seed, prefix.length, bytes.length);
        return seed;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SigningSecret secret && MessageDigest.isEqual(bytes, secret.bytes);
    }

    /** The same for all secrets: a hash would tell something about the text. */
    @Override
    public int hashCode() {
        return 1;
    }

    @Override
    public String toString() {
        return "SigningSecret[hidden]";
    }
}
