package dev.coffer.aws.dynamodb;

import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.ContentSink;
import dev.coffer.core.repository.ContentWriter;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.WriteSession;
import dev.coffer.core.store.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Predicate;

/** A session whose vault has lost one item of the parent. */
record LossySession(WriteSession session, ItemPath lost) implements WriteSession {
    @Override
    public Optional<Item> inherited(ItemPath path) throws InterruptedException {
        return path.equals(lost) ? Optional.empty() : session.inherited(path);
    }

    @Override
    public Optional<RecoveryPointReader> parent() {
        return session.parent().map(reader -> new Reader(reader, lost));
    }

    @Override
    public void put(ItemPath path, ItemKind kind, Attributes attributes) throws InterruptedException {
        session.put(path, kind, attributes);
    }

    @Override
    public void keep(Item inherited, Attributes attributes) throws InterruptedException {
        session.keep(inherited, attributes);
    }

    @Override
    public ContentWriter open(ItemPath path, ItemKind kind) throws InterruptedException {
        return session.open(path, kind);
    }

    @Override
    public long newBytes() {
        return session.newBytes();
    }

    private record Reader(RecoveryPointReader reader, ItemPath lost) implements RecoveryPointReader {
        @Override
        public Manifest manifest() {
            return reader.manifest();
        }

        @Override
        public Optional<Item> find(ItemPath path) throws InterruptedException {
            return reader.find(path);
        }

        @Override
        public void items(ItemPath under, Predicate<Item> visit) throws InterruptedException {
            reader.items(under, visit);
        }

        @Override
        public void children(ItemPath folder, Predicate<Item> visit) throws InterruptedException {
            reader.children(folder, visit);
        }

        @Override
        public void read(Item item, ContentSink sink) throws IOException, InterruptedException {
            mustBeThere(item);
            reader.read(item, sink);
        }

        @Override
        public InputStream open(Item item, ByteRange range) throws InterruptedException {
            mustBeThere(item);
            return reader.open(item, range);
        }

        private void mustBeThere(Item item) {
            if (item.path().equals(lost)) {
                throw new RepositoryException.Corrupt("a chunk of " + item.path() + " is gone");
            }
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
