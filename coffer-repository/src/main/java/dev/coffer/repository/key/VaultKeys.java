package dev.coffer.repository.key;

import dev.coffer.core.vault.VaultId;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FieldWriter;
import dev.coffer.repository.format.VaultFormat;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of one vault, all derived from its data key by HKDF-SHA-256. The {@code info} of a derivation names its purpose and the vault. Each pack, index blob and manifest has a key of
 * its own, from a random salt in its header, so that a nonce need only be unique inside one blob.
 */
public final class VaultKeys {
    /** How long a data key is. */
    public static final int DATA_KEY_BYTES = 32;

    private static final int GEAR_BYTES = 256 * Long.BYTES;

    private final VaultId vault;
    private final SecretKey dataKey;
    private final SecretKey chunkIdKey;

    public VaultKeys(VaultId vault, byte[] dataKey) {
        if (dataKey.length != DATA_KEY_BYTES) {
            throw new IllegalArgumentException("a data key has " + DATA_KEY_BYTES + " bytes");
        }
        this.vault = vault;
        this.dataKey = new SecretKeySpec(dataKey, "HKDF");
        this.chunkIdKey = new SecretKeySpec(derive("chunk-id", new byte[0], 32), "HmacSHA256");
    }

    public VaultId vault() {
        return vault;
    }

    /** Tells this data key from others; not a secret. */
    public Bytes32 check() {
        return Bytes32.of(derive("key-check", new byte[0], 32), 0);
    }

    /** Seals what tells of sessions and sweeps. */
    public SecretKey controlKey(Bytes32 salt) {
        return aes("control", salt);
    }

    /** Seals what is recorded of locks, lifecycles and legal holds. */
    public SecretKey factKey(Bytes32 salt) {
        return aes("fact", salt);
    }

    /** Names chunks, by HMAC-SHA-256 of their plaintext. */
    public SecretKey chunkIdKey() {
        return chunkIdKey;
    }

    /** Seals one pack. */
    public SecretKey packKey(Bytes32 salt) {
        return aes("pack", salt);
    }

    /** Seals one index blob. */
    public SecretKey indexKey(Bytes32 salt) {
        return aes("index", salt);
    }

    /** Seals one manifest. */
    public SecretKey manifestKey(Bytes32 salt) {
        return aes("manifest", salt);
    }

    /** The 256 eight-byte numbers of the chunker, so that the sizes of chunks tell nothing across vaults. */
    public byte[] gearTable() {
        return derive("gear", new byte[0], GEAR_BYTES);
    }

    /** Decides where nodes of trees and lists end. */
    public long treeSeed() {
        return Bytes32.of(derive("tree", new byte[0], 32), 0).first();
    }

    private SecretKey aes(String purpose, Bytes32 salt) {
        return new SecretKeySpec(derive(purpose, salt.toBytes(), 32), "AES");
    }

    private byte[] derive(String purpose, byte[] salt, int length) {
        var info = new FieldWriter(64).raw(("coffer v1 " + purpose).getBytes(StandardCharsets.US_ASCII));
        VaultFormat.writeVault(info, vault);
        var parameters =
                HKDFParameterSpec.ofExtract().addIKM(dataKey).addSalt(salt).thenExpand(info.toBytes(), length);
        try {
            return KDF.getInstance("HKDF-SHA256").deriveData(parameters);
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    @Override
    public String toString() {
        return "VaultKeys of " + vault;
    }
}
