package dev.coffer.testkit.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.Capture;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.ContentSink;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.WriteSession;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The words that the promises of a repository are written in. */
abstract class RepositoryBench {
    static final Scope SCOPE = new Scope(new AccountId("111122223333"), new Region("eu-central-1"));
    static final VaultName NAME = new VaultName("daily");
    static final VaultId ID = new VaultId(new UUID(1, 1));
    static final VaultId OTHER = new VaultId(new UUID(2, 2));
    static final SessionId FIRST = new SessionId("first");
    static final SessionId SECOND = new SessionId("second");
    static final Attributes MODE = Attributes.builder().number("mode", 0644).build();
    static final CaptureSummary SUMMARY = new CaptureSummary(Instant.parse("2026-03-01T05:00:00Z"), 0, List.of());
    static final PointDescription POINT = new PointDescription(
            "arn:aws:backup:eu-central-1:111122223333:recovery-point:1",
            "arn:aws:elasticfilesystem:eu-central-1:111122223333:file-system/fs-1",
            "EFS",
            "home",
            Instant.parse("2026-03-01T04:00:00Z"),
            Map.of("file-system-id", "fs-1"),
            Map.of("team", "blue"));

    Repositories repositories = new MemoryRepositories();

    /** Repositories without any vault. The contract closes them. */
    protected abstract Repositories fresh() throws Exception;

    @BeforeEach
    void openFresh() throws Exception {
        repositories = fresh();
    }

    @AfterEach
    void closeIt() {
        repositories.close();
    }

    /** Work of one of several threads. */
    @FunctionalInterface
    interface Part {
        void run(int number) throws IOException, InterruptedException;
    }

    static void inParallel(int threads, Part part) throws InterruptedException {
        var start = new CyclicBarrier(threads);
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var parts = new ArrayList<Future<?>>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                Callable<Boolean> task = () -> {
                    start.await();
                    part.run(number);
                    return true;
                };
                parts.add(pool.submit(task));
            }
            for (var future : parts) {
                try {
                    future.get();
                } catch (ExecutionException failed) {
                    throw new AssertionError("a thread failed", failed.getCause());
                }
            }
        }
    }

    /** Collects a content and checks that it comes from front to back. */
    static final class Seen implements ContentSink {
        byte[] bytes = {};
        long holes;

        @Override
        public void data(long offset, ByteBuffer data) {
            assertThat(offset).isEqualTo(bytes.length);
            int count = data.remaining();
            bytes = Arrays.copyOf(bytes, bytes.length + count);
            data.get(bytes, bytes.length - count, count);
        }

        @Override
        public void hole(long offset, long length) {
            assertThat(offset).isEqualTo(bytes.length);
            bytes = Arrays.copyOf(bytes, Math.toIntExact(bytes.length + length));
            holes += length;
        }
    }

    Repository vault() throws InterruptedException {
        repositories.create(SCOPE, NAME, ID);
        return repositories.open(SCOPE, NAME, ID);
    }

    static Manifest write(Repository repository, SessionId id, Optional<SessionId> parent, Capture capture)
            throws InterruptedException {
        return repository.write(id, POINT, parent, capture, () -> {});
    }

    static Manifest commit(Repository repository, SessionId id, String path, String text) throws InterruptedException {
        return write(repository, id, Optional.empty(), capture(path, text));
    }

    static Capture capture(String path, String text) {
        return content(path, text.getBytes(StandardCharsets.UTF_8));
    }

    static void put(WriteSession session, String path, byte[] bytes) throws InterruptedException {
        try (var writer = session.open(ItemPath.of(path), ItemKind.FILE)) {
            writer.write(ByteBuffer.wrap(bytes));
            writer.finish(MODE);
        }
    }

    static Capture content(String path, byte[] bytes) {
        return session -> {
            file(session, path, bytes);
            return SUMMARY;
        };
    }

    static Item file(WriteSession session, String path, String text) throws InterruptedException {
        return file(session, path, text.getBytes(StandardCharsets.UTF_8));
    }

    static Item file(WriteSession session, String path, byte[] bytes) throws InterruptedException {
        try (var writer = session.open(ItemPath.of(path), ItemKind.FILE)) {
            writer.write(ByteBuffer.wrap(bytes));
            return writer.finish(MODE);
        }
    }

    static byte[] bytes(long seed, int count) {
        var bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static Seen read(Repository repository, SessionId id, String path) throws IOException, InterruptedException {
        try (var reader = repository.open(id)) {
            var seen = new Seen();
            reader.read(reader.find(ItemPath.of(path)).orElseThrow(), seen);
            return seen;
        }
    }

    static String text(Repository repository, SessionId id, String path) throws IOException, InterruptedException {
        return new String(read(repository, id, path).bytes, StandardCharsets.UTF_8);
    }

    static List<Manifest> manifests(Repository repository) throws InterruptedException {
        var manifests = new ArrayList<Manifest>();
        repository.points(manifests::add);
        return manifests;
    }

    static List<ItemPath> paths(Repository repository, SessionId id, ItemPath under) throws InterruptedException {
        var paths = new ArrayList<ItemPath>();
        try (var reader = repository.open(id)) {
            reader.items(under, item -> paths.add(item.path()));
        }
        return paths;
    }
}
