package dev.coffer.repository.format;

import dev.coffer.core.vault.VaultId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A blob that holds the data key of a vault, wrapped under one key. A vault has one or more of them, and each opens it. */
public final class KeyBlob {
    /** No key blob is longer. */
    public static final int LONGEST = 64 << 10;

    private static final byte[] MAGIC = "CofferVk".getBytes(StandardCharsets.US_ASCII);

    private final VaultId vault;
    private final String keyId;
    private final byte[] wrappedKey;

    public KeyBlob(VaultId vault, String keyId, byte[] wrappedKey) {
        this.vault = vault;
        this.keyId = keyId;
        this.wrappedKey = wrappedKey.clone();
    }

    public VaultId vault() {
        return vault;
    }

    /** The {@code KeyProvider.keyId} under which the data key is wrapped. */
    public String keyId() {
        return keyId;
    }

    public byte[] wrappedKey() {
        return wrappedKey.clone();
    }

    /** The bytes of the blob. */
    public byte[] encode() {
        var out = new FieldWriter(256).raw(MAGIC).u16(VaultFormat.VERSION);
        VaultFormat.writeVault(out, vault);
        out.text(keyId).sized(wrappedKey);
        return out.hash(Digests.sha256(out.array(), 0, out.length())).toBytes();
    }

    /** Reads the blob; UnknownFormat for one of a later version, Corrupt for anything else that it should not be. */
    public static KeyBlob decode(byte[] bytes, String what) {
        var in = new FieldReader(bytes, what);
        if (!Arrays.equals(in.raw(MAGIC.length), MAGIC)) {
            throw in.broken("this is not a key blob");
        }
        VaultFormat.checkVersion(in.u16(), what);
        VaultFormat.checkDigest(bytes, in);
        var vault = VaultFormat.readVault(in);
        var blob = new KeyBlob(vault, in.text(), in.sized());
        in.hash();
        in.end();
        return blob;
    }
}
