package dev.coffer.repository.index;

import dev.coffer.core.vault.VaultId;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FieldWriter;
import dev.coffer.repository.format.VaultFormat;
import dev.coffer.repository.pack.PackRef;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;

/** Writes one file of the local index: entries come in the order of their ids. It is given its name when it is whole and on the disk. */
final class IndexRunWriter implements AutoCloseable {
    private static final int FLUSH_AT = 1 << 20;

    private final VaultId vault;
    private final Path file;
    private final Path temporary;
    private final FileChannel channel;
    private final FieldWriter buffer = new FieldWriter(FLUSH_AT + 1024);
    private final CRC32C crc = new CRC32C();
    private final int packs;
    private final int indexes;
    private final FieldWriter fences = new FieldWriter(1024);
    private long entries;
    private boolean done;

    /**
     * @param packs in the order of their names
     * @param indexes in their order
     */
    IndexRunWriter(Path file, VaultId vault, List<PackRef> packs, List<Bytes32> indexes) throws IOException {
        this.vault = vault;
        this.file = file;
        this.temporary = file.resolveSibling(file.getFileName() + ".tmp");
        this.packs = packs.size();
        this.indexes = indexes.size();
        this.channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        buffer.raw(new byte[IndexRun.HEADER_BYTES]);
        flush();
        for (var pack : packs) {
            buffer.hash(pack.name()).hash(pack.salt()).u32(pack.size()).u32(0);
            flushTable();
        }
        for (var index : indexes) {
            buffer.hash(index);
            flushTable();
        }
        crc.update(buffer.array(), 0, buffer.length());
        flush();
    }

    private FieldWriter header() {
        var head = new FieldWriter(IndexRun.HEADER_BYTES)
                .i64(IndexRun.MAGIC)
                .u32(IndexRun.VERSION)
                .u32(packs)
                .u32(indexes)
                .u32(0)
                .i64(entries);
        VaultFormat.writeVault(head, vault);
        return head;
    }

    private void flushTable() throws IOException {
        if (buffer.length() >= FLUSH_AT) {
            crc.update(buffer.array(), 0, buffer.length());
            flush();
        }
    }

    private void flush() throws IOException {
        var bytes = ByteBuffer.wrap(buffer.array(), 0, buffer.length());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        buffer.clear();
    }

    void entry(Bytes32 id, int pack, int offset, int sealedBytes, int sizeAndEncoding) throws IOException {
        if (entries % IndexRun.ENTRIES_IN_BLOCK == 0) {
            fences.i64(id.first());
        }
        buffer.hash(id).u32(pack).u32(offset).u32(sealedBytes).u32(sizeAndEncoding);
        entries++;
        if (buffer.length() >= FLUSH_AT) {
            flush();
        }
    }

    /** Makes the file whole and durable and gives it its name. */
    void finish() throws IOException {
        flush();
        buffer.raw(fences.array(), 0, fences.length());
        crc.update(fences.array(), 0, fences.length());
        flush();
        var head = header();
        crc.update(head.array(), 0, head.length());
        head.i64(crc.getValue()).i64(0);
        var bytes = ByteBuffer.wrap(head.array(), 0, IndexRun.HEADER_BYTES);
        int at = 0;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
        channel.force(true);
        channel.close();
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        done = true;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (!done) {
            Files.deleteIfExists(temporary);
        }
    }
}
