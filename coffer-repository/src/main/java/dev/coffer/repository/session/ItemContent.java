package dev.coffer.repository.session;

import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.ContentWriter;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.repository.tree.ContentListWriter;
import java.nio.ByteBuffer;

/** The content of one item on its way into the vault. Used by one thread. */
final class ItemContent implements ContentWriter {
    private final WritingSession session;
    private final ItemPath path;
    private final ItemKind kind;
    private final ContentListWriter list;
    private final ContentCutter cutter;
    private boolean open = true;

    ItemContent(WritingSession session, ItemPath path, ItemKind kind, ContentListWriter list, ContentCutter cutter) {
        this.session = session;
        this.path = path;
        this.kind = kind;
        this.list = list;
        this.cutter = cutter;
    }

    private void mustBeOpen() throws InterruptedException {
        session.mustRun();
        if (!open) {
            throw new IllegalStateException("the content of " + path + " has ended");
        }
    }

    @Override
    public void write(ByteBuffer bytes) throws InterruptedException {
        mustBeOpen();
        cutter.write(bytes);
    }

    @Override
    public void hole(long length) throws InterruptedException {
        mustBeOpen();
        cutter.hole(length);
    }

    @Override
    public Item finish(Attributes attributes) throws InterruptedException {
        mustBeOpen();
        open = false;
        long size = cutter.finish();
        cutter.close();
        var item = new Item(path, kind, size, attributes, list.finish());
        session.add(item);
        return item;
    }

    @Override
    public void close() {
        open = false;
        cutter.close();
    }
}
