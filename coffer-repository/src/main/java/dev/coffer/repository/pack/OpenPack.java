package dev.coffer.repository.pack;

import dev.coffer.repository.chunk.Encoding;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.seal.BlobHeader;
import dev.coffer.repository.seal.SegmentSealer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.SecretKey;

/**
 * A pack that is being filled in memory. A chunk gets its place first, is sealed for it by its thread, and is put there; so threads seal at once. The pack is complete when it has been closed
 * and every place is filled. Its lock is its monitor.
 */
final class OpenPack {
    private final Bytes32 salt;
    private final SecretKey key;
    private final int segmentBytes;
    private final int limit;
    private final List<PackEntry> entries = new ArrayList<>();
    private byte[] bytes;
    private int end = BlobHeader.LENGTH;
    // The pack itself counts until it is closed.
    private int unfinished = 1;

    OpenPack(BlobHeader header, SecretKey key, int limit, byte[] buffer) {
        this.salt = header.salt();
        this.key = key;
        this.segmentBytes = header.segmentBytes();
        this.limit = limit;
        this.bytes = buffer;
        System.arraycopy(header.encode(), 0, bytes, 0, BlobHeader.LENGTH);
    }

    SecretKey key() {
        return key;
    }

    Bytes32 salt() {
        return salt;
    }

    /** A place for a chunk; empty if the pack is full, which one that holds no chunk never is. */
    synchronized Optional<PackEntry> reserve(Bytes32 id, int encodedBytes, int logicalBytes, Encoding encoding) {
        int sealed = SegmentSealer.sealedLength(encodedBytes, segmentBytes);
        int tail = PackLayout.tailBytes(entries.size() + 1, segmentBytes);
        boolean fits = (long) end + sealed + tail <= limit && entries.size() < PackLayout.ENTRIES_AT_MOST;
        if (!fits && !entries.isEmpty()) {
            return Optional.empty();
        }
        var entry = new PackEntry(id, end, sealed, logicalBytes, encoding);
        entries.add(entry);
        end += sealed;
        unfinished++;
        return Optional.of(entry);
    }

    /** Puts a sealed chunk into its place; says whether the pack is complete now. */
    synchronized boolean fill(PackEntry entry, byte[] sealed) {
        room(end + PackLayout.tailBytes(entries.size(), segmentBytes));
        System.arraycopy(sealed, 0, bytes, entry.offset(), entry.sealedBytes());
        return --unfinished == 0;
    }

    /** Nothing more gets a place; says whether the pack is complete now. */
    synchronized boolean close() {
        room(end + PackLayout.tailBytes(entries.size(), segmentBytes));
        return --unfinished == 0;
    }

    private void room(int needed) {
        if (bytes.length < needed) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, Math.min(limit, bytes.length * 8)));
        }
    }

    synchronized boolean isEmpty() {
        return entries.isEmpty();
    }

    synchronized List<PackEntry> entries() {
        return List.copyOf(entries);
    }

    synchronized byte[] bytes() {
        return bytes;
    }

    synchronized int end() {
        return end;
    }
}
