package dev.coffer.repository.seal;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.vault.VaultId;
import dev.coffer.repository.format.Bytes32;
import java.util.Arrays;
import java.util.function.Function;
import javax.crypto.SecretKey;

/** A blob that is a header and one sealed stretch: an index blob or a manifest. The header and a name are authenticated with it. */
public final class SealedBlob {
    private SealedBlob() {}

    /** Seals the first {@code length} bytes of a body. */
    public static byte[] seal(BlobHeader header, SecretKey key, byte[] name, byte[] body, int length) {
        var head = header.encode();
        int sealed = SegmentSealer.sealedLength(length, header.segmentBytes());
        var blob = Arrays.copyOf(head, BlobHeader.LENGTH + sealed);
        new SegmentSealer(header.segmentBytes())
                .seal(key, context(head, name), BlobHeader.LENGTH, body, 0, length, blob, BlobHeader.LENGTH);
        return blob;
    }

    /** The body of a blob; Corrupt if it is not authentic under the key of its salt and this name. */
    public static byte[] open(
            byte[] blob,
            BlobHeader.Kind kind,
            VaultId vault,
            int segmentBytes,
            Function<Bytes32, SecretKey> keyBySalt,
            byte[] name,
            String what) {
        var header = BlobHeader.decode(blob, kind, vault, segmentBytes, what);
        int sealed = blob.length - BlobHeader.LENGTH;
        int plain = SegmentSealer.plainLength(sealed, segmentBytes);
        if (plain < 0) {
            throw new RepositoryException.Corrupt(what + " has a length that no such blob has");
        }
        var body = new byte[plain];
        boolean authentic = new SegmentSealer(segmentBytes)
                .open(
                        keyBySalt.apply(header.salt()),
                        context(header.encode(), name),
                        BlobHeader.LENGTH,
                        blob,
                        BlobHeader.LENGTH,
                        sealed,
                        body,
                        0);
        if (!authentic) {
            throw new RepositoryException.Corrupt(what + " is not authentic");
        }
        return body;
    }

    private static byte[] context(byte[] header, byte[] name) {
        var context = Arrays.copyOf(header, header.length + name.length);
        System.arraycopy(name, 0, context, header.length, name.length);
        return context;
    }
}
