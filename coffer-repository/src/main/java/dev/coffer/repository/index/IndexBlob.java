package dev.coffer.repository.index;

import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FieldReader;
import dev.coffer.repository.format.FieldWriter;
import dev.coffer.repository.format.FormatParameters;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.pack.PackDirectory;
import dev.coffer.repository.pack.PackEntry;
import dev.coffer.repository.pack.PackLayout;
import dev.coffer.repository.seal.BlobHeader;
import dev.coffer.repository.seal.SealedBlob;
import dev.coffer.repository.seal.SegmentSealer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The directories of several packs in one sealed blob, in the order of the packs' names. It saves reading them from the packs, and holds nothing that they do not. */
public final class IndexBlob {
    /** No index blob is longer. */
    public static final int LONGEST = 256 << 20;

    private static final byte[] NAME = "index".getBytes(StandardCharsets.US_ASCII);

    private IndexBlob() {}

    /** The bytes of the blob. */
    public static byte[] encode(List<PackDirectory> packs, VaultKeys keys, FormatParameters parameters, Bytes32 salt) {
        var sorted = new ArrayList<>(packs);
        sorted.sort(Comparator.comparing(PackDirectory::name));
        var out = new FieldWriter(1 << 16).u32(sorted.size());
        for (var pack : sorted) {
            out.hash(pack.name())
                    .hash(pack.salt())
                    .u32(pack.size())
                    .u32(pack.entries().size());
            for (var entry : pack.entries()) {
                PackLayout.writeEntry(out, entry);
            }
        }
        var header = new BlobHeader(BlobHeader.Kind.INDEX, parameters.segmentBytes(), keys.vault(), salt);
        return SealedBlob.seal(header, keys.indexKey(salt), NAME, out.array(), out.length());
    }

    /** Reads the blob; Corrupt if it is not an authentic one of this vault. */
    public static List<PackDirectory> decode(byte[] blob, VaultKeys keys, FormatParameters parameters, String what) {
        var body = SealedBlob.open(
                blob, BlobHeader.Kind.INDEX, keys.vault(), parameters.segmentBytes(), keys::indexKey, NAME, what);
        var in = new FieldReader(body, what);
        int count = in.size32();
        var packs = new ArrayList<PackDirectory>();
        for (int i = 0; i < count; i++) {
            var name = in.hash();
            var salt = in.hash();
            int size = in.size32();
            int entries = in.size32();
            if (entries > PackLayout.ENTRIES_AT_MOST) {
                throw in.broken("a pack holds too many chunks");
            }
            int end = size - PackLayout.FOOTER_BYTES - SegmentSealer.TAG_BYTES;
            var list = new ArrayList<PackEntry>(Math.min(entries, in.remaining() / PackLayout.ENTRY_BYTES));
            for (int entry = 0; entry < entries; entry++) {
                list.add(PackLayout.readEntry(in, end, parameters));
            }
            packs.add(new PackDirectory(name, salt, size, list));
        }
        in.end();
        return packs;
    }
}
