package dev.coffer.repository.session;

import dev.coffer.core.repository.Capture;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.store.BlobStore;
import dev.coffer.repository.chunk.ChunkCoders;
import dev.coffer.repository.chunk.ChunkSink;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FormatParameters;
import dev.coffer.repository.format.VaultFormat;
import dev.coffer.repository.index.ChunkIndex;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.manifest.PointManifest;
import dev.coffer.repository.read.PointReader;
import dev.coffer.repository.tree.ItemSpill;
import dev.coffer.repository.tree.StoredContent;
import dev.coffer.repository.tree.TreeWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Predicate;

/** Runs captures and makes all that they put durable, short of the manifest. For any number of threads. */
public final class PointWriter {
    private static final long ITEMS_IN_MEMORY_BYTES = 16 << 20;

    private final BlobStore store;
    private final VaultKeys keys;
    private final FormatParameters parameters;
    private final SecureRandom random;
    private final ChunkIndex index;
    private final ChunkCoders coders;
    private final int workers;
    private final ThreadFactory threads;
    private final Path scratch;
    private final long[] gear;

    /**
     * @param gear the vault's table of the chunker
     * @param scratch where items may wait, encrypted
     */
    public PointWriter(
            BlobStore store,
            VaultKeys keys,
            FormatParameters parameters,
            SecureRandom random,
            ChunkIndex index,
            ChunkCoders coders,
            int workers,
            ThreadFactory threads,
            Path scratch,
            long[] gear) {
        this.store = store;
        this.keys = keys;
        this.parameters = parameters;
        this.random = random;
        this.index = index;
        this.coders = coders;
        this.workers = workers;
        this.threads = threads;
        this.scratch = scratch;
        this.gear = gear;
    }

    private record Parent(PointReader point) implements WritingSession.ParentPoint {
        @Override
        public Optional<Item> find(ItemPath path) throws InterruptedException {
            return point.find(path);
        }

        @Override
        public boolean isWhole(StoredContent content) throws InterruptedException {
            return point.isWhole(content);
        }

        @Override
        public RecoveryPointReader reader() {
            return point;
        }
    }

    /** Runs the capture; when this returns, its chunks and the index blobs are durable, and the manifest that is returned refers to nothing else. */
    public PointManifest write(SessionId id, PointDescription point, Optional<PointReader> parent, Capture capture)
            throws InterruptedException {
        try (var intake = intake(index::contains);
                var items = new ItemSpill(scratch, random, ITEMS_IN_MEMORY_BYTES)) {
            var session =
                    new WritingSession(intake, items::add, parent.map(Parent::new), gear, keys.treeSeed(), parameters);
            var summary = run(capture, session, intake);
            var tree = new TreeWriter(intake.metadata(), keys.treeSeed());
            items.drainTo(tree);
            var root = tree.finish();
            intake.flush();
            var manifest = new Manifest(
                    VaultFormat.VERSION,
                    id,
                    point,
                    summary,
                    parent.map(reader -> reader.manifest().id()),
                    root.items(),
                    session.logicalBytes(),
                    intake.newBytes(),
                    intake.storedBytes());
            return new PointManifest(manifest, root);
        }
    }

    private ChunkIntake intake(Predicate<Bytes32> known) {
        return new ChunkIntake(store, keys, parameters, random, index, coders, known, workers, threads);
    }

    /** Gives chunks to a sink. */
    @FunctionalInterface
    public interface ChunkFeed {
        void giveTo(ChunkSink sink) throws InterruptedException;
    }

    /**
     * Stores chunks that belong to points already, durable on return with their index.
     *
     * @param known chunks that need not be stored
     * @return how many bytes were stored
     */
    public long store(Predicate<Bytes32> known, ChunkFeed feed) throws InterruptedException {
        try (var intake = intake(known)) {
            feed.giveTo(intake::put);
            intake.flush();
            return intake.storedBytes();
        }
    }

    private static CaptureSummary run(Capture capture, WritingSession session, ChunkIntake intake)
            throws InterruptedException {
        try {
            var summary = capture.fill(session);
            intake.throwFailure();
            return summary;
        } catch (RuntimeException | Error failed) {
            try {
                // What the capture throws may be no more than the echo of what went wrong here.
                intake.throwFailure();
            } catch (RuntimeException | Error cause) {
                if (!cause.equals(failed)) {
                    cause.addSuppressed(failed);
                }
                throw cause;
            } catch (InterruptedException stopped) {
                // A capture that fails in one thread stops its others, and with them what they were storing.
                failed.addSuppressed(stopped);
            }
            throw failed;
        } finally {
            session.end();
        }
    }
}
