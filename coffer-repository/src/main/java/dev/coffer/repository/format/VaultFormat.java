package dev.coffer.repository.format;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.vault.VaultId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/** The {@code format} blob: what a vault is, and its wrapped data key. */
public final class VaultFormat {
    /** The format that this version writes, and the newest that it reads. */
    public static final int VERSION = 1;

    /** No format blob is longer. */
    public static final int LONGEST = 64 << 10;

    private static final byte[] MAGIC = "CofferVt".getBytes(StandardCharsets.US_ASCII);

    private final VaultId vault;
    private final FormatParameters parameters;
    private final String keyId;
    private final byte[] wrappedKey;

    public VaultFormat(VaultId vault, FormatParameters parameters, String keyId, byte[] wrappedKey) {
        this.vault = vault;
        this.parameters = parameters;
        this.keyId = keyId;
        this.wrappedKey = wrappedKey.clone();
    }

    public VaultId vault() {
        return vault;
    }

    public FormatParameters parameters() {
        return parameters;
    }

    /** The {@code KeyProvider.keyId} under which the data key is wrapped. */
    public String keyId() {
        return keyId;
    }

    public byte[] wrappedKey() {
        return wrappedKey.clone();
    }

    /** What the wrapping of the data key is bound to: all fields of the blob before the key id. */
    public static byte[] context(VaultId vault, FormatParameters parameters) {
        var out = new FieldWriter(64);
        head(out, vault, parameters);
        return out.toBytes();
    }

    private static void head(FieldWriter out, VaultId vault, FormatParameters parameters) {
        out.raw(MAGIC).u16(VERSION);
        writeVault(out, vault);
        parameters.write(out);
    }

    /** The bytes of the blob. */
    public byte[] encode() {
        var out = new FieldWriter(256);
        head(out, vault, parameters);
        out.text(keyId).sized(wrappedKey);
        return out.hash(Digests.sha256(out.array(), 0, out.length())).toBytes();
    }

    /** Reads the blob; UnknownFormat for one of a later version, Corrupt for anything else that it should not be. */
    public static VaultFormat decode(byte[] bytes) {
        var in = new FieldReader(bytes, "the format file");
        if (!Arrays.equals(in.raw(MAGIC.length), MAGIC)) {
            throw in.broken("this is not the format file of a vault");
        }
        checkVersion(in.u16(), "the vault");
        if (bytes.length < Bytes32.LENGTH
                || !Digests.sha256(bytes, 0, bytes.length - Bytes32.LENGTH)
                        .equals(Bytes32.of(bytes, bytes.length - Bytes32.LENGTH))) {
            throw in.broken("the checksum is another one");
        }
        var vault = readVault(in);
        var parameters = FormatParameters.read(in);
        var keyId = in.text();
        var wrapped = in.sized();
        in.hash();
        in.end();
        return new VaultFormat(vault, parameters, keyId, wrapped);
    }

    /** UnknownFormat unless this version can read the format. */
    public static void checkVersion(int version, String what) {
        if (version != VERSION) {
            throw new RepositoryException.UnknownFormat(what + " is in format " + version
                    + ", and this version reads format " + VERSION + ". It needs a newer Coffer.");
        }
    }

    public static void writeVault(FieldWriter out, VaultId vault) {
        out.i64(vault.value().getMostSignificantBits()).i64(vault.value().getLeastSignificantBits());
    }

    public static VaultId readVault(FieldReader in) {
        return new VaultId(new UUID(in.i64(), in.i64()));
    }
}
