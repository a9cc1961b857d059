package dev.coffer.repository.seal;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.vault.VaultId;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.Digests;
import java.util.Arrays;
import java.util.function.Function;
import javax.crypto.SecretKey;

/**
 * A blob that is a header, one sealed stretch, and the digest of both: an index blob, a manifest, a control blob. The header and a name are authenticated with the stretch; the digest lets
 * anybody see damage without a key.
 */
public final class SealedBlob {
    private SealedBlob() {}

    /** Seals the first {@code length} bytes of a body. */
    public static byte[] seal(BlobHeader header, SecretKey key, byte[] name, byte[] body, int length) {
        var head = header.encode();
        int sealed = SegmentSealer.sealedLength(length, header.segmentBytes());
        int end = BlobHeader.LENGTH + sealed;
        var blob = Arrays.copyOf(head, end + Bytes32.LENGTH);
        new SegmentSealer(header.segmentBytes())
                .seal(key, context(head, name), BlobHeader.LENGTH, body, 0, length, blob, BlobHeader.LENGTH);
        System.arraycopy(Digests.sha256(blob, 0, end).toBytes(), 0, blob, end, Bytes32.LENGTH);
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
        if (!isWhole(blob)) {
            throw new RepositoryException.Corrupt(what + " is not whole: its digest is another one");
        }
        int sealed = blob.length - BlobHeader.LENGTH - Bytes32.LENGTH;
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

    /** How long a blob is whose body has so many bytes. */
    public static int length(int bodyBytes, int segmentBytes) {
        return BlobHeader.LENGTH + SegmentSealer.sealedLength(bodyBytes, segmentBytes) + Bytes32.LENGTH;
    }

    /** Whether the digest at the end is that of all before it. */
    public static boolean isWhole(byte[] blob) {
        int end = blob.length - Bytes32.LENGTH;
        return end >= BlobHeader.LENGTH && Digests.sha256(blob, 0, end).equals(Bytes32.of(blob, end));
    }

    private static byte[] context(byte[] header, byte[] name) {
        var context = Arrays.copyOf(header, header.length + name.length);
        System.arraycopy(name, 0, context, header.length, name.length);
        return context;
    }
}
