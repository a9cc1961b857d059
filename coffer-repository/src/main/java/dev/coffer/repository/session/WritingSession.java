package dev.coffer.repository.session;

import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.ContentWriter;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.WriteSession;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FormatParameters;
import dev.coffer.repository.tree.ContentListWriter;
import dev.coffer.repository.tree.StoredContent;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One capture's door into the vault: contents go to the intake, items to the collector. For any number of threads. */
final class WritingSession implements WriteSession {
    private static final Logger LOG = LoggerFactory.getLogger(WritingSession.class);

    private final ChunkIntake intake;
    private final ItemCollector items;
    private final Optional<ParentPoint> parent;
    private final long[] gear;
    private final long treeSeed;
    private final FormatParameters parameters;
    private final ContentCutter.Buffers buffers = new ContentCutter.Buffers();
    private final AtomicLong logicalBytes = new AtomicLong();
    private volatile boolean ended;

    /** Receives the items of a session, in any order and from any number of threads. */
    @FunctionalInterface
    interface ItemCollector {
        void add(Item item) throws InterruptedException;
    }

    /** The point that a session compares with. */
    interface ParentPoint {
        Optional<Item> find(ItemPath path) throws InterruptedException;

        /** Whether the vault has all chunks of the item, as far as is known. */
        boolean isWhole(StoredContent content) throws InterruptedException;

        /** The point, to be read by the capture. */
        RecoveryPointReader reader();
    }

    WritingSession(
            ChunkIntake intake,
            ItemCollector items,
            Optional<ParentPoint> parent,
            long[] gear,
            long treeSeed,
            FormatParameters parameters) {
        this.intake = intake;
        this.items = items;
        this.parent = parent;
        this.gear = gear;
        this.treeSeed = treeSeed;
        this.parameters = parameters;
    }

    void mustRun() throws InterruptedException {
        if (ended) {
            throw new IllegalStateException("the session has ended");
        }
        intake.throwFailure();
    }

    /** From here on nothing is taken. */
    void end() {
        ended = true;
    }

    /** Sizes of all items so far. */
    long logicalBytes() {
        return logicalBytes.get();
    }

    void add(Item item) throws InterruptedException {
        mustRun();
        items.add(item);
        logicalBytes.addAndGet(item.size());
    }

    @Override
    public Optional<Item> inherited(ItemPath path) throws InterruptedException {
        mustRun();
        if (parent.isEmpty()) {
            return Optional.empty();
        }
        try {
            var found = parent.get().find(path);
            if (found.isPresent() && !parent.get().isWhole(StoredContent.of(found.get()))) {
                // Read from the resource again, it becomes whole in the new point.
                return Optional.empty();
            }
            return found;
        } catch (RepositoryException.Corrupt damaged) {
            LOG.atWarn()
                    .addKeyValue("path", path)
                    .setCause(damaged)
                    .log("the parent point is damaged here, the resource is read instead");
            return Optional.empty();
        }
    }

    @Override
    public Optional<RecoveryPointReader> parent() {
        return parent.map(ParentPoint::reader);
    }

    @Override
    public void put(ItemPath path, ItemKind kind, Attributes attributes) throws InterruptedException {
        add(new Item(path, kind, 0, attributes, StoredContent.NONE));
    }

    @Override
    public void keep(Item inherited, Attributes attributes) throws InterruptedException {
        var content = StoredContent.of(inherited);
        if (parent.isEmpty()) {
            throw new IllegalStateException("a session without a parent keeps nothing");
        }
        add(new Item(inherited.path(), inherited.kind(), inherited.size(), attributes, content));
    }

    @Override
    public ContentWriter open(ItemPath path, ItemKind kind) throws InterruptedException {
        mustRun();
        var list = new ContentListWriter(intake.metadata(), treeSeed);
        var cutter = new ContentCutter(
                gear,
                parameters,
                intake,
                new ContentCutter.Extents() {
                    @Override
                    public void chunk(Bytes32 id, int length) throws InterruptedException {
                        list.add(id, length);
                    }

                    @Override
                    public void hole(long length) {
                        list.hole(length);
                    }
                },
                buffers);
        return new ItemContent(this, path, kind, list, cutter);
    }

    @Override
    public long newBytes() {
        return intake.newBytes();
    }
}
