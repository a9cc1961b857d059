package dev.coffer.repository.pack;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.vault.VaultId;
import dev.coffer.repository.chunk.Encoding;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Blobs;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FieldReader;
import dev.coffer.repository.format.FieldWriter;
import dev.coffer.repository.format.FormatParameters;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.seal.BlobHeader;
import dev.coffer.repository.seal.SegmentSealer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The bytes of a pack besides its chunks: header, sealed directory, footer. */
public final class PackLayout {
    /** Bytes of the footer. */
    public static final int FOOTER_BYTES = 48;

    /** Bytes of a directory entry. */
    public static final int ENTRY_BYTES = 45;

    /** A pack holds no more chunks, so that a directory is a small thing. */
    public static final int ENTRIES_AT_MOST = 1 << 14;

    private static final byte[] END = "CofferPe".getBytes(StandardCharsets.US_ASCII);
    private static final int DIRECTORY_PURPOSE = 2;

    private PackLayout() {}

    /** Bytes of directory and footer of a pack with so many chunks. */
    static int tailBytes(int entries, int segmentBytes) {
        return SegmentSealer.sealedLength(entries * ENTRY_BYTES, segmentBytes) + FOOTER_BYTES;
    }

    private static byte[] context(VaultId vault, int segmentBytes, Bytes32 salt) {
        return new FieldWriter(80)
                .u8(DIRECTORY_PURPOSE)
                .raw(new BlobHeader(BlobHeader.Kind.PACK, segmentBytes, vault, salt).encode())
                .toBytes();
    }

    /** Writes directory and footer behind the chunks; returns the size of the pack. */
    static int finish(
            byte[] pack,
            int end,
            Bytes32 salt,
            List<PackEntry> entries,
            VaultKeys keys,
            SegmentSealer sealer,
            int segmentBytes) {
        var plain = new FieldWriter(entries.size() * ENTRY_BYTES);
        for (var entry : entries) {
            writeEntry(plain, entry);
        }
        int sealed = sealer.seal(
                keys.packKey(salt),
                context(keys.vault(), segmentBytes, salt),
                end,
                plain.array(),
                0,
                plain.length(),
                pack,
                end);
        var footer = new FieldWriter(FOOTER_BYTES)
                .u32(end)
                .u32(sealed)
                .hash(salt)
                .raw(END)
                .toBytes();
        System.arraycopy(footer, 0, pack, end + sealed, FOOTER_BYTES);
        return end + sealed + FOOTER_BYTES;
    }

    /** Gives ranges of a pack. */
    @FunctionalInterface
    public interface PackBytes {
        byte[] read(long offset, int length) throws InterruptedException;
    }

    /** Reads the directory of a pack from the store, in two small reads. Corrupt if it is not one of this vault. */
    public static PackDirectory read(
            BlobStore store, Bytes32 name, long size, VaultKeys keys, FormatParameters parameters)
            throws InterruptedException {
        var key = BlobNames.pack(name);
        return read((offset, length) -> Blobs.read(store, key, offset, length), name, size, keys, parameters);
    }

    /** Reads the directory of a pack, in two small reads. Corrupt if it is not one of this vault. */
    public static PackDirectory read(
            PackBytes pack, Bytes32 name, long size, VaultKeys keys, FormatParameters parameters)
            throws InterruptedException {
        var what = "pack " + name;
        if (size < BlobHeader.LENGTH + SegmentSealer.TAG_BYTES + FOOTER_BYTES || size > Integer.MAX_VALUE) {
            throw new RepositoryException.Corrupt(what + " has " + size + " bytes");
        }
        var footer = new FieldReader(pack.read(size - FOOTER_BYTES, FOOTER_BYTES), what + ", its footer");
        int at = footer.size32();
        int sealed = footer.size32();
        var salt = footer.hash();
        if (!Arrays.equals(footer.raw(END.length), END)) {
            throw footer.broken("it does not end as it should");
        }
        if (at < BlobHeader.LENGTH || (long) at + sealed + FOOTER_BYTES != size) {
            throw footer.broken("the directory is not where it should be");
        }
        int plainBytes = SegmentSealer.plainLength(sealed, parameters.segmentBytes());
        if (plainBytes < 0 || plainBytes % ENTRY_BYTES != 0 || plainBytes / ENTRY_BYTES > ENTRIES_AT_MOST) {
            throw footer.broken("no directory has this length");
        }
        var plain = new byte[plainBytes];
        boolean authentic = new SegmentSealer(parameters.segmentBytes())
                .open(
                        keys.packKey(salt),
                        context(keys.vault(), parameters.segmentBytes(), salt),
                        at,
                        pack.read(at, sealed),
                        0,
                        sealed,
                        plain,
                        0);
        if (!authentic) {
            throw new RepositoryException.Corrupt("the directory of " + what + " is not authentic");
        }
        return new PackDirectory(name, salt, (int) size, entries(plain, at, parameters, what));
    }

    /**
     * Whether a pack is nothing but a header, chunks and a directory, one behind the other, so that whoever has opened its chunks and its directory knows that every byte of it is authentic.
     *
     * @param pack its bytes, from the start of the array
     * @param directory was read out of it
     */
    public static boolean isGapless(byte[] pack, PackDirectory directory, VaultId vault, int segmentBytes) {
        int end = BlobHeader.LENGTH;
        for (var entry : directory.entries()) {
            if (entry.offset() != end) {
                return false;
            }
            end += entry.sealedBytes();
        }
        var header = new BlobHeader(BlobHeader.Kind.PACK, segmentBytes, vault, directory.salt()).encode();
        return Arrays.equals(pack, 0, header.length, header, 0, header.length)
                && end + tailBytes(directory.entries().size(), segmentBytes) == directory.size();
    }

    private static List<PackEntry> entries(byte[] plain, int end, FormatParameters parameters, String what) {
        var in = new FieldReader(plain, "the directory of " + what);
        var entries = new ArrayList<PackEntry>(plain.length / ENTRY_BYTES);
        while (in.remaining() > 0) {
            entries.add(readEntry(in, end, parameters));
        }
        return entries;
    }

    /** Writes a directory entry. */
    public static void writeEntry(FieldWriter out, PackEntry entry) {
        out.hash(entry.id())
                .u32(entry.offset())
                .u32(entry.sealedBytes())
                .u32(entry.logicalBytes())
                .u8(entry.encoding().code());
    }

    /** Reads a directory entry of a pack whose chunks end at {@code end} at the latest. */
    public static PackEntry readEntry(FieldReader in, int end, FormatParameters parameters) {
        var id = in.hash();
        int offset = in.size32();
        int sealed = in.size32();
        int logical = in.size32();
        int code = in.u8();
        if (!Encoding.isKnown(code)) {
            throw in.broken("encoding " + code + " is unknown");
        }
        if (offset < BlobHeader.LENGTH || (long) offset + sealed > end) {
            throw in.broken("a chunk lies outside of the pack");
        }
        if (logical > parameters.largestChunk()) {
            throw in.broken("a chunk is larger than any");
        }
        return new PackEntry(id, offset, sealed, logical, Encoding.ofCode(code));
    }
}
