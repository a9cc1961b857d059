package dev.coffer.testkit.connector;

import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.ContentWriter;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.WriteSession;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** A session that remembers which contents were read and which were carried over. */
public final class ObservedSession implements WriteSession {
    private final WriteSession session;
    private final Set<ItemPath> read = new ConcurrentSkipListSet<>();
    private final Set<ItemPath> kept = new ConcurrentSkipListSet<>();

    public ObservedSession(WriteSession session) {
        this.session = session;
    }

    /** Paths whose content the connector has begun to read. */
    public Set<ItemPath> read() {
        return Set.copyOf(read);
    }

    /** Paths whose content came from the parent. */
    public Set<ItemPath> kept() {
        return Set.copyOf(kept);
    }

    @Override
    public Optional<Item> inherited(ItemPath path) throws InterruptedException {
        return session.inherited(path);
    }

    @Override
    public Optional<RecoveryPointReader> parent() {
        return session.parent();
    }

    @Override
    public void put(ItemPath path, ItemKind kind, Attributes attributes) throws InterruptedException {
        session.put(path, kind, attributes);
    }

    @Override
    public void keep(Item inherited, Attributes attributes) throws InterruptedException {
        kept.add(inherited.path());
        session.keep(inherited, attributes);
    }

    @Override
    public ContentWriter open(ItemPath path, ItemKind kind) throws InterruptedException {
        read.add(path);
        return session.open(path, kind);
    }

    @Override
    public long newBytes() {
        return session.newBytes();
    }
}
