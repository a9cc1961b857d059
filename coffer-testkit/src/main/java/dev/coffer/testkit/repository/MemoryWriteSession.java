package dev.coffer.testkit.repository;

import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.Capture;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.ContentWriter;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.WriteSession;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One capture on its way into the storage. Safe for many threads; each content writer is one thread's. */
final class MemoryWriteSession implements WriteSession {
    /** Equal content is found again by pieces of this size. */
    private static final int BLOCK_BYTES = 64 * 1024;

    private final MemoryStorage storage;
    private final Optional<MemoryStorage.Point> parent;
    /** Guarded by this. */
    private final TreeMap<ItemPath, Item> itemByPath = new TreeMap<>();
    /** Paths whose content is being written. Guarded by this. */
    private final Set<ItemPath> opened = new HashSet<>();
    /** Guarded by this. */
    private long newBytes;
    /** Guarded by this. */
    private boolean over;

    MemoryWriteSession(MemoryStorage storage, Optional<MemoryStorage.Point> parent) {
        this.storage = storage;
        this.parent = parent;
    }

    /** Runs the capture, after which the session takes nothing more. */
    CaptureSummary filledBy(Capture capture) throws InterruptedException {
        try {
            return capture.fill(this);
        } finally {
            end();
        }
    }

    private synchronized void end() {
        over = true;
    }

    synchronized NavigableMap<ItemPath, Item> items() {
        return Collections.unmodifiableNavigableMap(new TreeMap<>(itemByPath));
    }

    @Override
    public Optional<Item> inherited(ItemPath path) {
        return parent.map(point -> point.itemByPath().get(path));
    }

    @Override
    public Optional<RecoveryPointReader> parent() {
        return parent.map(MemoryRepository.Reader::new);
    }

    @Override
    public synchronized void put(ItemPath path, ItemKind kind, Attributes attributes) {
        mustBeFree(path);
        itemByPath.put(path, new Item(path, kind, 0, attributes, MemoryContent.NONE));
    }

    @Override
    public synchronized void keep(Item inherited, Attributes attributes) {
        mustBeFree(inherited.path());
        if (!(inherited.content() instanceof MemoryContent content)
                || !content.blocks().stream().allMatch(storage::holds)) {
            throw new IllegalArgumentException("the item " + inherited.path() + " is not one of this repository");
        }
        itemByPath.put(
                inherited.path(), new Item(inherited.path(), inherited.kind(), inherited.size(), attributes, content));
    }

    @Override
    public synchronized ContentWriter open(ItemPath path, ItemKind kind) {
        mustBeFree(path);
        opened.add(path);
        return new Writer(path, kind);
    }

    @Override
    public synchronized long newBytes() {
        return newBytes;
    }

    private void mustBeFree(ItemPath path) {
        if (over) {
            throw new IllegalStateException("the capture has ended");
        }
        if (itemByPath.containsKey(path) || opened.contains(path)) {
            throw new IllegalStateException("the path " + path + " is there already");
        }
    }

    private synchronized void count(long bytes) {
        newBytes += bytes;
    }

    private synchronized void release(ItemPath path) {
        opened.remove(path);
    }

    private synchronized void add(Item item) {
        opened.remove(item.path());
        mustBeFree(item.path());
        itemByPath.put(item.path(), item);
    }

    private final class Writer implements ContentWriter {
        private final ItemPath path;
        private final ItemKind kind;
        private final List<MemoryContent.Segment> segments = new ArrayList<>();
        private ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
        private boolean ended;

        Writer(ItemPath path, ItemKind kind) {
            this.path = path;
            this.kind = kind;
        }

        @Override
        public void write(ByteBuffer bytes) {
            mustBeOpen();
            while (bytes.hasRemaining()) {
                int count = Math.min(block.remaining(), bytes.remaining());
                block.put(bytes.slice().limit(count));
                bytes.position(bytes.position() + count);
                if (!block.hasRemaining()) {
                    store();
                }
            }
        }

        @Override
        public void hole(long length) {
            mustBeOpen();
            if (length < 0) {
                throw new IllegalArgumentException("a hole is not shorter than nothing");
            }
            store();
            if (length > 0) {
                segments.add(new MemoryContent.Hole(length));
            }
        }

        @Override
        public Item finish(Attributes attributes) {
            mustBeOpen();
            store();
            ended = true;
            var content = new MemoryContent(segments);
            var item = new Item(path, kind, content.size(), attributes, content);
            add(item);
            return item;
        }

        @Override
        public void close() {
            if (!ended) {
                ended = true;
                release(path);
            }
        }

        private void store() {
            block.flip();
            if (block.hasRemaining()) {
                var fixed = ByteBuffer.allocate(block.remaining()).put(block).flip();
                var stored = storage.store(fixed.asReadOnlyBuffer());
                if (stored.isNew()) {
                    count(stored.bytes().remaining());
                }
                segments.add(new MemoryContent.Block(stored.bytes()));
            }
            block = block.clear();
        }

        private void mustBeOpen() {
            if (ended) {
                throw new IllegalStateException("the content of " + path + " has ended");
            }
        }
    }
}
