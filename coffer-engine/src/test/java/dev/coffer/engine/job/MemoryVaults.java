package dev.coffer.engine.job;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.repository.Capture;
import dev.coffer.core.repository.ContentSink;
import dev.coffer.core.repository.Differences;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.SweepReport;
import dev.coffer.core.repository.VaultFacts;
import dev.coffer.core.repository.VerifyReport;
import dev.coffer.core.repository.VerifyRequest;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import dev.coffer.testkit.repository.MemoryRepositories;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Vaults that live in memory and outlive the "processes" of a test. Tells each step of a write, so that a test can end the process or hold it there. */
final class MemoryVaults implements Repositories {
    /** A place in a write. */
    enum Step {
        OPENED,
        CAPTURED,
        FENCED,
        STORED
    }

    /** Is told of a step; may throw, and may block. */
    interface Watch {
        void at(Step step) throws InterruptedException;
    }

    private final MemoryRepositories vaults = new MemoryRepositories();
    volatile Watch watch = _ -> {};
    /** Whose content was read, by path, from any vault. */
    final Queue<String> read = new ConcurrentLinkedQueue<>();

    @Override
    public void create(Scope scope, VaultName name, VaultId id) {
        vaults.create(scope, name, id);
    }

    @Override
    public Repository open(Scope scope, VaultName name, VaultId id) {
        return new Watched(vaults.open(scope, name, id));
    }

    @Override
    public boolean rewrap(Scope scope, VaultName name, VaultId id) {
        return vaults.rewrap(scope, name, id);
    }

    @Override
    public void destroy(Scope scope, VaultName name, VaultId id) {
        vaults.destroy(scope, name, id);
    }

    /** Nothing: what is stored outlives the process that closes this. */
    @Override
    public void close() {}

    private final class Watched implements Repository {
        private final Repository vault;

        Watched(Repository vault) {
            this.vault = vault;
        }

        private void fenced(Runnable beforeCommit) {
            beforeCommit.run();
            try {
                watch.at(Step.FENCED);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("stopped at the fence", stop);
            }
        }

        @Override
        public Manifest write(
                SessionId id,
                PointDescription description,
                Optional<SessionId> parent,
                Capture capture,
                Runnable beforeCommit)
                throws InterruptedException {
            var ran = new boolean[1];
            var manifest = vault.write(
                    id,
                    description,
                    parent,
                    session -> {
                        ran[0] = true;
                        watch.at(Step.OPENED);
                        var summary = capture.fill(session);
                        watch.at(Step.CAPTURED);
                        return summary;
                    },
                    () -> fenced(beforeCommit));
            if (ran[0]) {
                watch.at(Step.STORED);
            }
            return manifest;
        }

        @Override
        public RecoveryPointReader open(SessionId id) throws InterruptedException {
            return new WatchedReader(vault.open(id), read);
        }

        @Override
        public void points(Consumer<Manifest> visit) throws InterruptedException {
            vault.points(visit);
        }

        @Override
        public void forget(SessionId id) throws InterruptedException {
            vault.forget(id);
        }

        @Override
        public SweepReport sweep() throws InterruptedException {
            return vault.sweep();
        }

        @Override
        public VerifyReport verify(VerifyRequest request) throws InterruptedException {
            return vault.verify(request);
        }

        @Override
        public void compare(SessionId earlier, SessionId later, Differences differences) throws InterruptedException {
            vault.compare(earlier, later, differences);
        }

        @Override
        public void retain(SessionId id, Instant until) throws InterruptedException {
            vault.retain(id, until);
        }

        @Override
        public boolean chill(List<SessionId> ids) throws InterruptedException {
            return vault.chill(ids);
        }

        @Override
        public List<SessionId> cold() throws InterruptedException {
            return vault.cold();
        }

        @Override
        public VaultFacts facts() {
            return vault.facts();
        }

        @Override
        public long storedBytes() throws InterruptedException {
            return vault.storedBytes();
        }

        @Override
        public void close() {}
    }

    private record WatchedReader(RecoveryPointReader point, Queue<String> read) implements RecoveryPointReader {
        @Override
        public Manifest manifest() {
            return point.manifest();
        }

        @Override
        public Optional<Item> find(ItemPath path) throws InterruptedException {
            return point.find(path);
        }

        @Override
        public void items(ItemPath under, Predicate<Item> visit) throws InterruptedException {
            point.items(under, visit);
        }

        @Override
        public void children(ItemPath folder, Predicate<Item> visit) throws InterruptedException {
            point.children(folder, visit);
        }

        @Override
        public void read(Item item, ContentSink sink) throws IOException, InterruptedException {
            read.add(item.path().toString());
            point.read(item, sink);
        }

        @Override
        public InputStream open(Item item, ByteRange range) throws InterruptedException {
            read.add(item.path().toString());
            return point.open(item, range);
        }

        @Override
        public void close() {
            point.close();
        }
    }
}
