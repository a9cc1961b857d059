package dev.coffer.testkit.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Digests, derived keys and sealed stretches, from the standards' own formulas. */
final class PlainCrypto {
    static final int TAG = 16;

    private PlainCrypto() {}

    static byte[] sha256(byte[]... parts) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            for (var part : parts) {
                sha.update(part);
            }
            return sha.digest();
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (var part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** HKDF of RFC 5869. */
    static byte[] derive(byte[] dataKey, UUID vault, String purpose, byte[] salt, int length) {
        var info = ByteBuffer.allocate(purpose.length() + 10 + 16);
        info.put(("coffer v1 " + purpose).getBytes(StandardCharsets.US_ASCII));
        info.putLong(vault.getMostSignificantBits()).putLong(vault.getLeastSignificantBits());
        var extracted = hmac(salt.length == 0 ? new byte[32] : salt, dataKey);
        var out = new ByteArrayOutputStream();
        var last = new byte[0];
        for (int block = 1; out.size() < length; block++) {
            last = hmac(extracted, last, info.array(), new byte[] {(byte) block});
            out.writeBytes(last);
        }
        return Arrays.copyOf(out.toByteArray(), length);
    }

    static byte[] gcm(byte[] key, byte[] nonce, byte[] aad, byte[] sealed, String what) {
        try {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(8 * TAG, nonce));
            cipher.updateAAD(aad);
            return cipher.doFinal(sealed);
        } catch (AEADBadTagException forged) {
            throw new BrokenVault(what + " is not authentic", forged);
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** Opens the stretch that lies at a place of its blob. */
    static byte[] open(byte[] key, byte[] context, byte[] blob, int at, int sealed, int segmentBytes, String what) {
        if (at < 0 || sealed < TAG || (long) at + sealed > blob.length) {
            throw new BrokenVault(what + " has no such stretch");
        }
        var plain = new ByteArrayOutputStream();
        int segment = 0;
        for (int done = 0; done < sealed; segment++) {
            int part = Math.min(segmentBytes + TAG, sealed - done);
            if (part < TAG || (part == TAG && sealed > TAG)) {
                throw new BrokenVault(what + " has a length that no stretch has");
            }
            boolean last = done + part == sealed;
            var nonce =
                    ByteBuffer.allocate(12).putInt(0).putLong((long) at + done).array();
            var aad = ByteBuffer.allocate(context.length + 13)
                    .put(context)
                    .putLong(at)
                    .putInt(segment)
                    .put((byte) (last ? 1 : 0))
                    .array();
            plain.writeBytes(gcm(key, nonce, aad, Arrays.copyOfRange(blob, at + done, at + done + part), what));
            done += part;
        }
        return plain.toByteArray();
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
