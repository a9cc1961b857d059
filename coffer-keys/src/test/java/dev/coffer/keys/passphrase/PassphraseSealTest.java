package dev.coffer.keys.passphrase;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.coffer.keys.secret.Secret;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PassphraseSealTest {
    private static final Argon2Cost SMALL = new Argon2Cost(1024, 1, 1);
    private static final byte[] CONTEXT = "vault one".getBytes(US_ASCII);
    private static final Passphrase PASSPHRASE =
            new Passphrase(Secret.of("the test", "correct horse battery staple".toCharArray()));

    private final SecureRandom random = new SecureRandom();
    private final AtomicInteger derivations = new AtomicInteger();

    private PassphraseSeal seal(Argon2Cost cost) {
        return new PassphraseSeal(PASSPHRASE, cost, random, (each, salt, passphrase) -> {
            derivations.incrementAndGet();
            return PassphraseSeal.argon2id(each, salt, passphrase);
        });
    }

    private static byte[] counting() {
        var bytes = new byte[32];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private static byte[] salt(byte[] sealed) {
        return Arrays.copyOfRange(sealed, 8, 24);
    }

    /** Sealed by other implementations of Argon2id (the reference library, by argon2-cffi) and AES-GCM (OpenSSL). A change here is another format. */
    @Test
    void whatOtherImplementationsSealedByTheSamePageOpens() throws DoesNotOpen {
        var sealed = HexFormat.of()
                .parseHex(
                        "0100010000000301000102030405060708090a0b0c0d0e0f6465666768696a6b6c6d6e6f"
                                + "6a5a2a7937d0862b61b728a1078c6267a4a786380b85c1a1c26bf5281d8fe53427d23c5d985e76f755ae88129238b347");
        assertThat(new PassphraseSeal(PASSPHRASE, random).open(sealed, CONTEXT)).isEqualTo(counting());
    }

    @Test
    void theDerivationIsThatOfTheReferenceLibrary() {
        var hex = HexFormat.of();
        assertThat(hex.formatHex(PassphraseSeal.argon2id(
                        new Argon2Cost(65536, 2, 1), "somesalt".getBytes(US_ASCII), "password".getBytes(US_ASCII))))
                .isEqualTo("09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7");
        assertThat(hex.formatHex(PassphraseSeal.argon2id(
                        new Argon2Cost(2048, 2, 2),
                        Arrays.copyOf(counting(), 16),
                        "Schlüssel für heute".getBytes(UTF_8))))
                .isEqualTo("0f3f058bbe2ab9afa4f4ef314949c6a75e0a84a01680e5818fbf4f2c17ed4b15");
    }

    @Test
    void theCostOfASealIsTheStandardAndIsStoredInIt() {
        var sealed = ByteBuffer.wrap(new PassphraseSeal(PASSPHRASE, random).seal(counting(), CONTEXT));
        assertThat(sealed.remaining()).isEqualTo(84);
        assertThat(sealed.get()).isEqualTo((byte) 1);
        assertThat(sealed.getInt()).isEqualTo(64 * 1024);
        assertThat(sealed.getShort()).isEqualTo((short) 3);
        assertThat(sealed.get()).isEqualTo((byte) 1);
    }

    @Test
    void manySealsOfOnePassphraseCostOneDerivation() throws DoesNotOpen {
        var seal = seal(SMALL);
        var first = seal.seal(counting(), CONTEXT);
        for (int i = 0; i < 20; i++) {
            var context = ("vault " + i).getBytes(US_ASCII);
            assertThat(seal.open(seal.seal(counting(), context), context)).isEqualTo(counting());
        }
        assertThat(seal.open(first, CONTEXT)).isEqualTo(counting());
        assertThat(derivations).hasValue(1);
    }

    @Test
    void anotherProcessGoesOnWithTheSaltThatItFinds() throws DoesNotOpen {
        var former = seal(SMALL).seal(counting(), CONTEXT);
        derivations.set(0);
        var seal = seal(SMALL);
        assertThat(seal.open(former, CONTEXT)).isEqualTo(counting());
        assertThat(salt(seal.seal(counting(), CONTEXT))).isEqualTo(salt(former));
        assertThat(derivations).hasValue(1);
    }

    @Test
    void aSaltOfAnotherCostIsReadAndNotUsedAgain() throws DoesNotOpen {
        var cheap = seal(SMALL).seal(counting(), CONTEXT);
        var seal = seal(new Argon2Cost(2048, 1, 1));
        assertThat(seal.open(cheap, CONTEXT)).isEqualTo(counting());
        var sealed = seal.seal(counting(), CONTEXT);
        assertThat(salt(sealed)).isNotEqualTo(salt(cheap));
        assertThat(ByteBuffer.wrap(sealed).getInt(1)).isEqualTo(2048);
    }

    @Test
    void saltsThatSomebodyMadeUpAreNeitherKeptNorUsed() throws DoesNotOpen {
        var seal = seal(SMALL);
        var forged = new byte[84];
        ByteBuffer.wrap(forged).put((byte) 1).putInt(1024).putShort((short) 1).put((byte) 1);
        assertThatExceptionOfType(DoesNotOpen.class).isThrownBy(() -> seal.open(forged, CONTEXT));
        assertThat(salt(seal.seal(counting(), CONTEXT))).isNotEqualTo(salt(forged));
        var good = seal.seal(counting(), CONTEXT);
        for (int i = 0; i < 100; i++) {
            forged[8] = (byte) i;
            assertThatExceptionOfType(DoesNotOpen.class).isThrownBy(() -> seal.open(forged, CONTEXT));
        }
        derivations.set(0);
        assertThat(seal.open(good, CONTEXT)).isEqualTo(counting());
        assertThat(derivations).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({
        "2147483647, 3, 1",
        "-1, 3, 1",
        "262145, 1, 1",
        "1023, 1, 1",
        "0, 1, 1",
        "65536, 0, 1",
        "65536, 17, 1",
        "65536, -1, 1",
        "65536, 3, 0",
        "65536, 3, 9",
        "65536, 3, 255"
    })
    void numbersOutsideOfTheBoundsAreRefusedBeforeAnythingIsDerived(int memoryKiB, int iterations, int parallelism) {
        var hostile = ByteBuffer.wrap(new byte[84])
                .put((byte) 1)
                .putInt(memoryKiB)
                .putShort((short) iterations)
                .put((byte) parallelism)
                .array();
        assertThatExceptionOfType(DoesNotOpen.class)
                .isThrownBy(() -> seal(SMALL).open(hostile, CONTEXT))
                .satisfies(closed -> assertThat(closed.why()).isEqualTo(DoesNotOpen.Why.MALFORMED));
        assertThat(derivations).hasValue(0);
        assertThatIllegalArgumentException().isThrownBy(() -> new Argon2Cost(memoryKiB, iterations, parallelism));
    }

    @Test
    void anotherPassphraseDoesNotOpen() {
        var sealed = seal(SMALL).seal(counting(), CONTEXT);
        var other = new PassphraseSeal(
                new Passphrase(Secret.of("the test", "correct horse battery staplE".toCharArray())), SMALL, random);
        assertThatExceptionOfType(DoesNotOpen.class)
                .isThrownBy(() -> other.open(sealed, CONTEXT))
                .satisfies(closed -> assertThat(closed.why()).isEqualTo(DoesNotOpen.Why.ANOTHER_KEY));
    }

    @Test
    void severalThreadsShareOneDerivation() throws Exception {
        var seal = seal(SMALL);
        try (var threads = Executors.newFixedThreadPool(4)) {
            var sealed = threads.invokeAll(IntStream.range(0, 32)
                    .mapToObj(_ -> (Callable<byte[]>) () -> seal.open(seal.seal(counting(), CONTEXT), CONTEXT))
                    .toList());
            for (var each : sealed) {
                assertThat(each.get()).isEqualTo(counting());
            }
        }
        assertThat(derivations).hasValue(1);
    }
}
