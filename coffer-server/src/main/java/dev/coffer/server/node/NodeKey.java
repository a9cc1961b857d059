package dev.coffer.server.node;

import dev.coffer.engine.access.SecretSealer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The key of this installation: it seals the secrets in the catalog, and signs page tokens. It wraps no vault, so a vault does not need it. */
public final class NodeKey implements SecretSealer {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int FINGERPRINT_BYTES = 16;
    private static final int TAG_BITS = 128;

    private final byte[] key;
    private final SecureRandom random;

    private NodeKey(byte[] key, SecureRandom random) {
        this.key = key;
        this.random = random;
    }

    /**
     * Reads the key, or makes one if the file is not there.
     *
     * @throws NodeException if the file is there and holds no key
     */
    public static NodeKey open(Path file, SecureRandom random) {
        if (!Files.exists(file)) {
            var fresh = new byte[KEY_BYTES];
            random.nextBytes(fresh);
            SecretFile.write(file, HexFormat.of().formatHex(fresh) + "\n");
        }
        try {
            var key = HexFormat.of()
                    .parseHex(Files.readString(file, StandardCharsets.US_ASCII).strip());
            if (key.length != KEY_BYTES) {
                throw NodeException.ofKey("the node key " + file + " has " + key.length
                        + " bytes and needs 32. Put the right file back; without it no access key can be read.");
            }
            return new NodeKey(key, random);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw NodeException.ofKey("the node key " + file
                    + " cannot be read. Put the right file back; without it no access key can be read.");
        }
    }

    /** Tells this key from others, and nothing more about it. */
    public String fingerprint() {
        return HexFormat.of().formatHex(derive("fingerprint"), 0, FINGERPRINT_BYTES);
    }

    /** A key for one purpose, derived from this one. */
    public byte[] derive(String purpose) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("the JDK lacks HMAC-SHA-256", missing);
        }
    }

    @Override
    public String seal(String secret) {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        var sealed = crypt(Cipher.ENCRYPT_MODE, nonce, secret.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(nonce.length + sealed.length)
                        .put(nonce)
                        .put(sealed)
                        .array());
    }

    @Override
    public String unseal(String sealed) {
        var bytes = ByteBuffer.wrap(Base64.getDecoder().decode(sealed));
        var nonce = new byte[NONCE_BYTES];
        bytes.get(nonce);
        var rest = new byte[bytes.remaining()];
        bytes.get(rest);
        return new String(crypt(Cipher.DECRYPT_MODE, nonce, rest), StandardCharsets.UTF_8);
    }

    private byte[] crypt(int mode, byte[] nonce, byte[] bytes) {
        SecretKey sealing = new SecretKeySpec(derive("seal secrets"), "AES");
        try {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, sealing, new GCMParameterSpec(TAG_BITS, nonce));
            return cipher.doFinal(bytes);
        } catch (GeneralSecurityException failed) {
            throw new NodeException(
                    "a secret in the catalog cannot be read with the node key. The key and the catalog are of different installations.",
                    failed);
        }
    }

    @Override
    public String toString() {
        return "NodeKey";
    }
}
