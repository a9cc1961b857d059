package dev.coffer.repository.seal;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.vault.VaultId;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FieldReader;
import dev.coffer.repository.format.FieldWriter;
import dev.coffer.repository.format.VaultFormat;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The 64 bytes that begin every sealed blob: magic, version, segment size, vault, salt of the key. */
public record BlobHeader(Kind kind, int segmentBytes, VaultId vault, Bytes32 salt) {
    /** Bytes of a header. */
    public static final int LENGTH = 64;

    /** What a sealed blob is. */
    public enum Kind {
        PACK("CofferPk"),
        INDEX("CofferIx"),
        POINT("CofferPt"),
        CONTROL("CofferCt"),
        FACT("CofferFt");

        private final String magic;

        Kind(String magic) {
            this.magic = magic;
        }

        byte[] magic() {
            return magic.getBytes(StandardCharsets.US_ASCII);
        }
    }

    public byte[] encode() {
        var out = new FieldWriter(LENGTH)
                .raw(kind.magic())
                .u16(VaultFormat.VERSION)
                .u16(0)
                .u32(segmentBytes);
        VaultFormat.writeVault(out, vault);
        return out.hash(salt).toBytes();
    }

    /** Reads a header of the kind that is expected in this vault. */
    public static BlobHeader decode(byte[] bytes, Kind kind, VaultId vault, int segmentBytes, String what) {
        var in = new FieldReader(bytes, 0, Math.min(bytes.length, LENGTH), what);
        if (!Arrays.equals(in.raw(kind.magic().length), kind.magic())) {
            throw in.broken("it does not begin as it should");
        }
        VaultFormat.checkVersion(in.u16(), what);
        if (in.u16() != 0) {
            throw in.broken("a field that is zero is not");
        }
        if (in.i32() != segmentBytes) {
            throw in.broken("the segments have another size than the vault's");
        }
        var found = VaultFormat.readVault(in);
        if (!found.equals(vault)) {
            throw new RepositoryException.Corrupt(what + " belongs to vault " + found + ", not to " + vault);
        }
        return new BlobHeader(kind, segmentBytes, vault, in.hash());
    }
}
