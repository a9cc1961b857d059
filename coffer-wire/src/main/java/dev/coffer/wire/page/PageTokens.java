package dev.coffer.wire.page;

import dev.coffer.wire.error.WireError;
import dev.coffer.wire.error.WireException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes and reads pagination tokens. A token is URL-safe text that hides and authenticates a cursor, holds in one
 * {@link PageScope} only, and for {@link #LIFETIME}. Servers that share the key read each other's tokens. A token may be
 * used again until it expires.
 *
 * <p>Form: {@code base64url(version || nonce || AES-256-GCM(expiry || cursor))} with the scope as associated data. The
 * nonce is the keyed hash of scope and content, so that no randomness is needed and a nonce repeats only with its
 * content. Safe for use by many threads.
 */
public final class PageTokens {
    public static final Duration LIFETIME = Duration.ofHours(24);

    private static final int TOKEN_CHARACTERS_AT_MOST = 4_096;
    private static final int CURSOR_BYTES_AT_MOST = 2_048;
    private static final int KEY_BYTES_AT_LEAST = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final byte VERSION = 1;

    private final SecretKeySpec sealingKey;
    private final SecretKeySpec nonceKey;
    private final InstantSource clock;

    /** @param key at least 32 secret bytes, used for nothing else; not kept */
    public PageTokens(byte[] key, InstantSource clock) {
        if (key.length < KEY_BYTES_AT_LEAST) {
            throw new IllegalArgumentException("a page token key has at least " + KEY_BYTES_AT_LEAST + " bytes");
        }
        this.sealingKey = new SecretKeySpec(hmac(key, "page token sealing".getBytes(StandardCharsets.UTF_8)), "AES");
        this.nonceKey = new SecretKeySpec(hmac(key, "page token nonce".getBytes(StandardCharsets.UTF_8)), "HmacSHA256");
        this.clock = clock;
    }

    /** A token for this cursor, of at most 2048 bytes in UTF-8. */
    public String issue(PageScope scope, String cursor) {
        byte[] cursorBytes = cursor.getBytes(StandardCharsets.UTF_8);
        if (cursorBytes.length > CURSOR_BYTES_AT_MOST) {
            throw new IllegalArgumentException("a cursor has at most " + CURSOR_BYTES_AT_MOST + " bytes");
        }
        byte[] plain = ByteBuffer.allocate(Long.BYTES + cursorBytes.length)
                .putLong(clock.instant().plus(LIFETIME).getEpochSecond())
                .put(cursorBytes)
                .array();
        byte[] data = associated(scope);
        byte[] nonce = Arrays.copyOf(hmac(nonceKey.getEncoded(), data, plain), NONCE_BYTES);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, data).doFinal(plain);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
                            .put(VERSION)
                            .put(nonce)
                            .put(sealed)
                            .array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }

    /**
     * The cursor of a token that this key made for this scope.
     *
     * @throws WireException with InvalidParameterValueException (ValidationException for search) for every other text;
     *     it does not tell why
     */
    public String cursor(PageScope scope, String token) {
        if (token.length() > TOKEN_CHARACTERS_AT_MOST) {
            throw notValidHere(scope);
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException notBase64) {
            throw notValidHere(scope);
        }
        // Base64 has several spellings of the same bytes; only the one that was issued counts.
        if (!Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(token)) {
            throw notValidHere(scope);
        }
        if (bytes.length < 1 + NONCE_BYTES + TAG_BITS / Byte.SIZE + Long.BYTES || bytes[0] != VERSION) {
            throw notValidHere(scope);
        }
        byte[] nonce = Arrays.copyOfRange(bytes, 1, 1 + NONCE_BYTES);
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, nonce, associated(scope));
            ByteBuffer plain = ByteBuffer.wrap(cipher.doFinal(bytes, 1 + NONCE_BYTES, bytes.length - 1 - NONCE_BYTES));
            if (clock.instant().isAfter(Instant.ofEpochSecond(plain.getLong()))) {
                throw notValidHere(scope);
            }
            return StandardCharsets.UTF_8.decode(plain).toString();
        } catch (AEADBadTagException changedOrForeign) {
            throw notValidHere(scope);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, byte[] data) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, sealingKey, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(data);
        return cipher;
    }

    private static byte[] associated(PageScope scope) {
        var data = new ByteArrayOutputStream();
        data.write(VERSION);
        for (String part : new String[] {
            scope.service().signingName(), scope.account(), scope.region(), scope.operation(), scope.filterDigest()
        }) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            data.writeBytes(
                    ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
            data.writeBytes(bytes);
        }
        return data.toByteArray();
    }

    private static WireException notValidHere(PageScope scope) {
        return new WireException(WireError.invalidValue(scope.service(), "The pagination token is not valid here."));
    }

    private static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
