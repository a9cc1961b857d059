package dev.coffer.repository.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

final class SegmentSealerTest {
    private static final int SEGMENT = 1024;
    private static final int FULL = SEGMENT + SegmentSealer.TAG_BYTES;
    private static final long AT = 640;
    private static final byte[] CONTEXT = {7, 7, 7};

    private final SegmentSealer sealer = new SegmentSealer(SEGMENT);
    private final Random random = new Random(1);
    private final SecretKey key = key(random);

    private static SecretKey key(Random random) {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return new SecretKeySpec(bytes, "AES");
    }

    private byte[] plain(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] seal(byte[] plain) {
        // A key of its own for each stretch, as each blob has: the cipher refuses a nonce that it has just used.
        return seal(key, CONTEXT, AT, plain);
    }

    private static byte[] seal(SecretKey key, byte[] context, long at, byte[] plain) {
        var sealed = new byte[SegmentSealer.sealedLength(plain.length, SEGMENT)];
        int length = new SegmentSealer(SEGMENT).seal(key, context, at, plain, 0, plain.length, sealed, 0);
        assertThat(length).isEqualTo(sealed.length);
        return sealed;
    }

    private boolean opens(byte[] sealed) {
        return opens(key, CONTEXT, AT, sealed);
    }

    private boolean opens(SecretKey with, byte[] context, long at, byte[] sealed) {
        return sealer.open(with, context, at, sealed, 0, sealed.length, new byte[sealed.length], 0);
    }

    @Test
    void everyLengthAroundTheEdgesOfSegmentsIsOpenedAsItWasSealed() {
        for (int segments = 0; segments <= 3; segments++) {
            for (int around = -20; around <= 20; around++) {
                int length = segments * SEGMENT + around;
                if (length < 0) {
                    continue;
                }
                var plain = plain(length);
                var in = plain(length + 10);
                System.arraycopy(plain, 0, in, 5, length);
                int sealedLength = sealer.sealedLength(length);
                assertThat(sealer.plainLength(sealedLength)).isEqualTo(length);

                var sealed = new byte[sealedLength + 6];
                assertThat(new SegmentSealer(SEGMENT).seal(key, CONTEXT, AT, in, 5, length, sealed, 3))
                        .isEqualTo(sealedLength);
                assertThat(Arrays.copyOf(sealed, 3)).containsOnly(0);
                assertThat(Arrays.copyOfRange(sealed, sealedLength + 3, sealedLength + 6))
                        .containsOnly(0);

                var out = new byte[length + 4];
                assertThat(sealer.open(key, CONTEXT, AT, sealed, 3, sealedLength, out, 2))
                        .isTrue();
                assertThat(Arrays.copyOfRange(out, 2, length + 2)).isEqualTo(plain);
                assertThat(out[0] | out[1] | out[length + 2] | out[length + 3]).isZero();
            }
        }
    }

    @Test
    void lengthsThatNoStretchHasAreKnown() {
        var possible = new HashSet<Integer>();
        for (int length = 0; length <= 3 * SEGMENT; length++) {
            assertThat(possible.add(sealer.sealedLength(length))).isTrue();
            assertThat(sealer.plainLength(sealer.sealedLength(length))).isEqualTo(length);
        }
        for (int sealed = -20; sealed <= 3 * FULL; sealed++) {
            if (!possible.contains(sealed)) {
                assertThat(sealer.plainLength(sealed)).isNegative();
                assertThat(sealer.open(key, CONTEXT, AT, new byte[4 * FULL], 0, sealed, new byte[4 * FULL], 0))
                        .isFalse();
            }
        }
    }

    @Test
    void aChangeOfAnyByteIsNoticed() {
        for (int length : new int[] {0, 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT + 5}) {
            var sealed = seal(plain(length));
            assertThat(opens(sealed)).isTrue();
            for (int i = 0; i < sealed.length; i++) {
                sealed[i] ^= (byte) (1 << i % 8);
                assertThat(opens(sealed)).isFalse();
                sealed[i] ^= (byte) (1 << i % 8);
            }
        }
    }

    @Test
    void everyTruncationIsNoticedAlsoAtTheEdgesOfSegments() {
        var sealed = seal(plain(3 * SEGMENT));
        for (int length = 0; length < sealed.length; length++) {
            assertThat(opens(Arrays.copyOf(sealed, length))).isFalse();
        }
    }

    @Test
    void segmentsCannotBeSwappedRepeatedOrAppended() {
        var sealed = seal(plain(3 * SEGMENT));
        var parts = List.of(
                Arrays.copyOf(sealed, FULL),
                Arrays.copyOfRange(sealed, FULL, 2 * FULL),
                Arrays.copyOfRange(sealed, 2 * FULL, 3 * FULL));
        var forged = new ArrayList<List<Integer>>();
        for (int a = 0; a < 3; a++) {
            forged.add(List.of(a));
            for (int b = 0; b < 3; b++) {
                forged.add(List.of(a, b));
                for (int c = 0; c < 3; c++) {
                    if (a != 0 || b != 1 || c != 2) {
                        forged.add(List.of(a, b, c));
                    }
                    forged.add(List.of(0, 1, 2, c));
                }
            }
        }
        for (var order : forged) {
            var bytes = ByteBuffer.allocate(order.size() * FULL);
            order.forEach(part -> bytes.put(parts.get(part)));
            assertThat(opens(bytes.array())).as("order %s", order).isFalse();
        }
    }

    @Test
    void aStretchOpensOnlyAtItsPlaceInItsContextUnderItsKey() {
        var sealed = seal(plain(2000));
        assertThat(opens(key, CONTEXT, AT + FULL, sealed)).isFalse();
        assertThat(opens(key, CONTEXT, AT - 1, sealed)).isFalse();
        assertThat(opens(key, new byte[] {7, 7}, AT, sealed)).isFalse();
        assertThat(opens(key, new byte[] {7, 7, 8}, AT, sealed)).isFalse();
        assertThat(opens(key(random), CONTEXT, AT, sealed)).isFalse();
        assertThat(opens(sealed)).isTrue();
    }

    @Test
    void aSegmentIsNoStretchOfItsOwnAtItsOwnPlace() {
        var sealed = seal(plain(2 * SEGMENT));
        assertThat(opens(key, CONTEXT, AT + FULL, Arrays.copyOfRange(sealed, FULL, 2 * FULL)))
                .isFalse();
    }

    @Test
    void thePlaceOfASegmentIsItsNonce() throws Exception {
        var plain = plain(2 * SEGMENT + 100);
        var sealed = seal(plain);
        for (int segment = 0; segment < 3; segment++) {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            var nonce = ByteBuffer.allocate(12).putInt(0).putLong(AT + (long) segment * FULL);
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(128, nonce.array()));
            cipher.updateAAD(CONTEXT);
            cipher.updateAAD(ByteBuffer.allocate(13)
                    .putLong(AT)
                    .putInt(segment)
                    .put((byte) (segment == 2 ? 1 : 0))
                    .flip());
            int end = Math.min((segment + 1) * FULL, sealed.length);
            assertThat(cipher.doFinal(sealed, segment * FULL, end - segment * FULL))
                    .isEqualTo(Arrays.copyOfRange(
                            plain, segment * SEGMENT, Math.min((segment + 1) * SEGMENT, plain.length)));
        }
    }

    @Test
    void equalSegmentsLookDifferentAtEveryPlace() {
        var blocks = new HashSet<String>();
        for (long at = 64; at < 64 + 20L * 3 * FULL; at += 3L * FULL) {
            var sealed = seal(key, CONTEXT, at, new byte[3 * SEGMENT]);
            for (int segment = 0; segment < 3; segment++) {
                var block = Arrays.copyOfRange(sealed, segment * FULL, segment * FULL + 16);
                assertThat(blocks.add(Arrays.toString(block))).isTrue();
            }
        }
    }

    @Test
    void sealingAgainAtTheSamePlaceUnderTheSameKeyIsABug() {
        sealer.seal(key, CONTEXT, AT, new byte[10], 0, 10, new byte[26], 0);
        assertThatIllegalStateException()
                .isThrownBy(() -> sealer.seal(key, CONTEXT, AT, new byte[10], 0, 10, new byte[26], 0));
    }

    @Test
    void anOutputThatIsTooSmallIsNotWrittenTo() {
        var sealed = seal(plain(1500));
        var out = new byte[1499];
        assertThat(sealer.open(key, CONTEXT, AT, sealed, 0, sealed.length, out, 0))
                .isFalse();
        assertThat(out).containsOnly(0);
    }
}
