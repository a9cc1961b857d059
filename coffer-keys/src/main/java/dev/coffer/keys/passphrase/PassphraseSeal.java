package dev.coffer.keys.passphrase;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Seals short secrets under a passphrase. Sealed bytes describe themselves: version 1 (1 byte), memory in KiB (4), iterations (2), parallelism (1), salt (16), nonce (12), then the AES-256-GCM
 * ciphertext with its tag of 16 bytes. The key is the 32 bytes that Argon2id 1.3 makes of passphrase and salt. The associated data are the 36 bytes before the ciphertext, followed by the
 * context. Numbers are big-endian.
 *
 * <p>Derived keys are remembered, and one salt is used again, so that what one passphrase sealed costs one derivation for each process. May be used by several threads; one derives at a time,
 * which also bounds the memory.
 */
public final class PassphraseSeal {
    private static final byte VERSION = 1;
    private static final int SALT_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final int COST_BYTES = 1 + Integer.BYTES + Short.BYTES + 1;
    private static final int HEAD_BYTES = COST_BYTES + SALT_BYTES + NONCE_BYTES;
    private static final int KEY_BYTES = 32;
    private static final int REMEMBERED = 64;

    private final Passphrase passphrase;
    private final Argon2Cost cost;
    private final SecureRandom random;
    private final KeyDerivation derivations;

    // Both are guarded by this.
    private final Map<Derivation, SecretKeySpec> keyByDerivation = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Derivation, SecretKeySpec> eldest) {
            return size() > REMEMBERED;
        }
    };
    private Optional<Derivation> current = Optional.empty();

    /** Makes 32 bytes of a passphrase. */
    interface KeyDerivation {
        byte[] derive(Argon2Cost cost, byte[] salt, byte[] passphrase);
    }

    /** What a key depends on besides the passphrase. */
    private record Derivation(Argon2Cost cost, ByteBuffer salt) {
        static Derivation of(Argon2Cost cost, byte[] salt) {
            return new Derivation(cost, ByteBuffer.wrap(salt.clone()).asReadOnlyBuffer());
        }

        byte[] saltBytes() {
            var bytes = new byte[SALT_BYTES];
            salt.duplicate().get(bytes);
            return bytes;
        }
    }

    /** Seals with the standard cost. */
    public PassphraseSeal(Passphrase passphrase, SecureRandom random) {
        this(passphrase, Argon2Cost.STANDARD, random);
    }

    /**
     * @param cost of what is sealed from now on; what is opened says its own
     */
    public PassphraseSeal(Passphrase passphrase, Argon2Cost cost, SecureRandom random) {
        this(passphrase, cost, random, PassphraseSeal::argon2id);
    }

    PassphraseSeal(Passphrase passphrase, Argon2Cost cost, SecureRandom random, KeyDerivation derivations) {
        this.passphrase = passphrase;
        this.cost = cost;
        this.random = random;
        this.derivations = derivations;
    }

    /** Seals a secret, bound to the context, which is authenticated and not stored. */
    public byte[] seal(byte[] secret, byte[] context) {
        Derivation derivation;
        SecretKeySpec key;
        synchronized (this) {
            derivation = current.orElseGet(this::fresh);
            key = remembered(derivation).orElseGet(() -> derive(derivation));
            keep(derivation, key);
        }
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        var head = ByteBuffer.allocate(HEAD_BYTES)
                .put(VERSION)
                .putInt(derivation.cost().memoryKiB())
                .putShort((short) derivation.cost().iterations())
                .put((byte) derivation.cost().parallelism())
                .put(derivation.saltBytes())
                .put(nonce)
                .array();
        try {
            var ciphertext = cipher(Cipher.ENCRYPT_MODE, key, head, context).doFinal(secret);
            return ByteBuffer.allocate(HEAD_BYTES + ciphertext.length)
                    .put(head)
                    .put(ciphertext)
                    .array();
        } catch (GeneralSecurityException bug) {
            throw new IllegalStateException("sealing failed", bug);
        }
    }

    /** Opens what {@link #seal} made, with the cost that it names. Refuses before it takes memory what no seal of Coffer asks for. */
    public byte[] open(byte[] sealed, byte[] context) throws DoesNotOpen {
        if (sealed.length < HEAD_BYTES + TAG_BYTES || sealed[0] != VERSION) {
            throw new DoesNotOpen(DoesNotOpen.Why.MALFORMED);
        }
        var in = ByteBuffer.wrap(sealed).position(1);
        long memoryKiB = Integer.toUnsignedLong(in.getInt());
        int iterations = Short.toUnsignedInt(in.getShort());
        int parallelism = Byte.toUnsignedInt(in.get());
        if (!Argon2Cost.isBearable(memoryKiB, iterations, parallelism)) {
            throw new DoesNotOpen(DoesNotOpen.Why.MALFORMED);
        }
        var salt = new byte[SALT_BYTES];
        in.get(salt);
        var derivation = Derivation.of(new Argon2Cost((int) memoryKiB, iterations, parallelism), salt);
        SecretKeySpec key;
        synchronized (this) {
            key = remembered(derivation).orElseGet(() -> derive(derivation));
        }
        var head = Arrays.copyOf(sealed, HEAD_BYTES);
        try {
            var secret = cipher(Cipher.DECRYPT_MODE, key, head, context)
                    .doFinal(sealed, HEAD_BYTES, sealed.length - HEAD_BYTES);
            synchronized (this) {
                // Only a salt that has proved to be ours is kept: others could push ours out.
                keep(derivation, key);
            }
            return secret;
        } catch (AEADBadTagException forged) {
            throw new DoesNotOpen(DoesNotOpen.Why.ANOTHER_KEY);
        } catch (GeneralSecurityException bug) {
            throw new IllegalStateException("opening failed", bug);
        }
    }

    private Derivation fresh() {
        var salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return Derivation.of(cost, salt);
    }

    private Optional<SecretKeySpec> remembered(Derivation derivation) {
        return Optional.ofNullable(keyByDerivation.get(derivation));
    }

    private void keep(Derivation derivation, SecretKeySpec key) {
        keyByDerivation.put(derivation, key);
        if (current.isEmpty() && derivation.cost().equals(cost)) {
            current = Optional.of(derivation);
        }
    }

    private SecretKeySpec derive(Derivation derivation) {
        var bytes = passphrase.bytes();
        try {
            return new SecretKeySpec(derivations.derive(derivation.cost(), derivation.saltBytes(), bytes), "AES");
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    static byte[] argon2id(Argon2Cost cost, byte[] salt, byte[] passphrase) {
        var generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(cost.memoryKiB())
                .withIterations(cost.iterations())
                .withParallelism(cost.parallelism())
                .withSalt(salt)
                .build());
        var key = new byte[KEY_BYTES];
        generator.generateBytes(passphrase, key);
        return key;
    }

    private static Cipher cipher(int mode, SecretKeySpec key, byte[] head, byte[] context)
            throws GeneralSecurityException {
        var nonce = Arrays.copyOfRange(head, HEAD_BYTES - NONCE_BYTES, HEAD_BYTES);
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
        // The head has one length, so that head and context cannot be mistaken for another pair.
        cipher.updateAAD(head);
        cipher.updateAAD(context);
        return cipher;
    }

    /** Says where the passphrase came from, and does not show it. */
    @Override
    public String toString() {
        return "PassphraseSeal of " + passphrase;
    }
}
