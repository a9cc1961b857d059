package dev.coffer.repository.format;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.vault.VaultId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * The {@code format} blob: what a vault is.
 *
 * @param keyCheck is derived from the data key, so that another key is not taken for it
 */
public record VaultFormat(VaultId vault, FormatParameters parameters, Bytes32 keyCheck) {
    /** The format that this version writes, and the only one that it reads. */
    public static final int VERSION = 1;

    /** No format blob is longer. */
    public static final int LONGEST = 64 << 10;

    private static final byte[] MAGIC = "CofferVt".getBytes(StandardCharsets.US_ASCII);

    /** What the wrapping of the data key is bound to: all fields of the blob before the key check. */
    public static byte[] context(VaultId vault, FormatParameters parameters) {
        var out = new FieldWriter(64);
        head(out, vault, parameters);
        return out.toBytes();
    }

    /** What the wrapping of this vault's data key is bound to. */
    public byte[] context() {
        return context(vault, parameters);
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
        out.hash(keyCheck);
        return out.hash(Digests.sha256(out.array(), 0, out.length())).toBytes();
    }

    /** Reads the blob; UnknownFormat for one of a later version, Corrupt for anything else that it should not be. */
    public static VaultFormat decode(byte[] bytes) {
        var in = new FieldReader(bytes, "the format file");
        if (!Arrays.equals(in.raw(MAGIC.length), MAGIC)) {
            throw in.broken("this is not the format file of a vault");
        }
        checkVersion(in.u16(), "the vault");
        checkDigest(bytes, in);
        var format = new VaultFormat(readVault(in), FormatParameters.read(in), in.hash());
        in.hash();
        in.end();
        return format;
    }

    /** Corrupt unless the last 32 bytes are the digest of all before them. */
    static void checkDigest(byte[] bytes, FieldReader in) {
        int end = bytes.length - Bytes32.LENGTH;
        if (end < 0 || !Digests.sha256(bytes, 0, end).equals(Bytes32.of(bytes, end))) {
            throw in.broken("the checksum is another one");
        }
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
