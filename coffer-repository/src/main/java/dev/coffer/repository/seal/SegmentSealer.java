package dev.coffer.repository.seal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM over segments. A sealed stretch begins at a place of its blob and consists of segments of plaintext of a fixed size (the last may be shorter, and is empty only if all is), each
 * followed by its tag of 16 bytes. The nonce of a segment is its own place in the blob, which makes it unique under the key of the blob; what is authenticated beside it is the caller's
 * context, the place of the stretch, the number of the segment and whether it is the last. So a segment cannot be moved, dropped or added. Used by one thread at a time.
 */
public final class SegmentSealer {
    /** Bytes of an authentication tag. */
    public static final int TAG_BYTES = 16;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final int segmentBytes;
    private final Cipher cipher;
    private final byte[] nonce = new byte[12];
    private final byte[] place = new byte[13];

    public SegmentSealer(int segmentBytes) {
        this.segmentBytes = segmentBytes;
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** How long a stretch of plaintext is when it is sealed. */
    public static int sealedLength(int plainBytes, int segmentBytes) {
        int segments = Math.max(1, Math.ceilDiv(plainBytes, segmentBytes));
        return Math.addExact(plainBytes, segments * TAG_BYTES);
    }

    /** How long a sealed stretch is when it is opened; negative if no stretch has this length. */
    public static int plainLength(int sealedBytes, int segmentBytes) {
        int full = segmentBytes + TAG_BYTES;
        int rest = sealedBytes % full;
        if (rest == 0) {
            return sealedBytes == 0 ? -1 : sealedBytes / full * segmentBytes;
        }
        if (rest < TAG_BYTES || (rest == TAG_BYTES && sealedBytes > TAG_BYTES)) {
            return -1;
        }
        return sealedBytes / full * segmentBytes + rest - TAG_BYTES;
    }

    public int sealedLength(int plainBytes) {
        return sealedLength(plainBytes, segmentBytes);
    }

    public int plainLength(int sealedBytes) {
        return plainLength(sealedBytes, segmentBytes);
    }

    /** Seals {@code length} bytes into {@code out}; {@code at} is the place of the stretch in its blob. Returns the sealed length. */
    public int seal(SecretKey key, byte[] context, long at, byte[] in, int offset, int length, byte[] out, int outAt) {
        try {
            int done = 0;
            int written = 0;
            int segment = 0;
            do {
                int part = Math.min(segmentBytes, length - done);
                begin(Cipher.ENCRYPT_MODE, key, context, at, at + written, segment, done + part == length);
                written += cipher.doFinal(in, offset + done, part, out, outAt + written);
                done += part;
                segment++;
            } while (done < length);
            return written;
        } catch (GeneralSecurityException bug) {
            throw new IllegalStateException("sealing failed", bug);
        }
    }

    /** Opens a sealed stretch of exactly {@code length} sealed bytes into {@code out}, whose content is void if this fails. Returns whether all of it is authentic. */
    public boolean open(
            SecretKey key, byte[] context, long at, byte[] in, int offset, int length, byte[] out, int outAt) {
        int plain = plainLength(length, segmentBytes);
        if (plain < 0 || plain > out.length - outAt) {
            return false;
        }
        try {
            int done = 0;
            int opened = 0;
            int segment = 0;
            do {
                int part = Math.min(segmentBytes + TAG_BYTES, length - done);
                begin(Cipher.DECRYPT_MODE, key, context, at, at + done, segment, done + part == length);
                opened += cipher.doFinal(in, offset + done, part, out, outAt + opened);
                done += part;
                segment++;
            } while (done < length);
            return true;
        } catch (AEADBadTagException forged) {
            return false;
        } catch (GeneralSecurityException bug) {
            throw new IllegalStateException("opening failed", bug);
        }
    }

    private void begin(int mode, SecretKey key, byte[] context, long stretchAt, long at, int segment, boolean last)
            throws GeneralSecurityException {
        LONG.set(nonce, 4, at);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
        LONG.set(place, 0, stretchAt);
        INT.set(place, 8, segment);
        place[12] = (byte) (last ? 1 : 0);
        cipher.updateAAD(context);
        cipher.updateAAD(place);
    }
}
