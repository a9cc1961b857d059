package dev.coffer.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.task.TaskGroup;
import dev.coffer.repository.format.FormatParameters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WriteAndReadTest {
    private static void nothing() {}

    @TempDir
    Path folder;

    private static SessionId id(String value) {
        return new SessionId(value);
    }

    private static void write(Repository vault, String id, Optional<SessionId> parent, SampleTree tree)
            throws InterruptedException {
        vault.write(id(id), SampleTree.description(), parent, tree.capture(3), WriteAndReadTest::nothing);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whatWasWrittenIsReadBackByThisProcessAndByTheNext(long seed) throws Exception {
        var installation = new Installation(folder);
        var tree = SampleTree.random(seed, 120, 40_000);
        try (var repositories = installation.start()) {
            var vault = Installation.vault(repositories);
            write(vault, "one", Optional.empty(), tree);
            tree.assertIsIn(vault.open(id("one")));
        }
        try (var repositories = installation.start()) {
            var manifests = new java.util.ArrayList<SessionId>();
            var vault = Installation.vault(repositories);
            vault.points(manifest -> manifests.add(manifest.id()));
            assertThat(manifests).containsExactly(id("one"));
            tree.assertIsIn(vault.open(id("one")));
        }
    }

    @Test
    void largeContentsGoThroughChunksAndPacksOfTheStandardSize() throws Exception {
        try (var repositories = new Installation(folder).start(FormatParameters.STANDARD, UnaryOperator.identity())) {
            var vault = Installation.vault(repositories);
            var bytes = new byte[48 << 20];
            new Random(9).nextBytes(bytes);
            var tree = SampleTree.of("disk", bytes);
            write(vault, "one", Optional.empty(), tree);
            tree.assertIsIn(vault.open(id("one")));
            assertThat(vault.storedBytes()).isBetween(48L << 20, 49L << 20);
        }
    }

    @Test
    void theSameContentIsStoredOnce() throws Exception {
        try (var repositories = new Installation(folder).start()) {
            var vault = Installation.vault(repositories);
            var tree = SampleTree.random(7, 200, 60_000);
            write(vault, "one", Optional.empty(), tree);
            long stored = vault.storedBytes();
            var again = vault.write(
                    id("two"), SampleTree.description(), Optional.empty(), tree.capture(4), WriteAndReadTest::nothing);
            assertThat(again.newBytes()).isZero();
            assertThat(again.storedBytes()).isZero();
            assertThat(vault.storedBytes() - stored).isLessThan(2_000);
            tree.assertIsIn(vault.open(id("two")));
        }
    }

    @Test
    void anInsertionAtTheFrontLeavesMostChunksAsTheyAre() throws Exception {
        try (var repositories = new Installation(folder).start()) {
            var vault = Installation.vault(repositories);
            var bytes = new byte[1 << 20];
            new Random(5).nextBytes(bytes);
            write(vault, "one", Optional.empty(), SampleTree.of("file", bytes));
            var longer = new byte[bytes.length + 7];
            System.arraycopy(bytes, 0, longer, 7, bytes.length);
            var changed = SampleTree.of("file", longer);
            var second = vault.write(
                    id("two"),
                    SampleTree.description(),
                    Optional.empty(),
                    changed.capture(1),
                    WriteAndReadTest::nothing);
            assertThat(second.newBytes()).isLessThan(64 << 10);
            changed.assertIsIn(vault.open(id("two")));
        }
    }

    @Test
    void aHoleCostsNothingAndReadsAsZeros() throws Exception {
        try (var repositories = new Installation(folder).start()) {
            var vault = Installation.vault(repositories);
            var manifest = vault.write(
                    id("one"),
                    SampleTree.description(),
                    Optional.empty(),
                    session -> {
                        try (var content = session.open(ItemPath.of("sparse"), ItemKind.FILE)) {
                            content.hole(1L << 40);
                            content.write(ByteBuffer.wrap(new byte[] {1}));
                            content.hole(5);
                            content.hole(6);
                            content.finish(Attributes.NONE);
                        }
                        return SampleTree.summary();
                    },
                    WriteAndReadTest::nothing);
            assertThat(manifest.logicalBytes()).isEqualTo((1L << 40) + 12);
            assertThat(vault.storedBytes()).isLessThan(4_000);
            var reader = vault.open(id("one"));
            var item = reader.find(ItemPath.of("sparse")).orElseThrow();
            try (var in = reader.open(item, new dev.coffer.core.store.ByteRange((1L << 40) - 2, 5))) {
                assertThat(in.readAllBytes()).containsExactly(0, 0, 1, 0, 0);
            }
        }
    }

    @Test
    void whatIsUnchangedIsKeptFromTheParent() throws Exception {
        try (var repositories = new Installation(folder).start()) {
            var vault = Installation.vault(repositories);
            var tree = SampleTree.random(8, 150, 20_000);
            write(vault, "one", Optional.empty(), tree);
            var kept = new AtomicInteger();
            var second = vault.write(
                    id("two"),
                    SampleTree.description(),
                    Optional.of(id("one")),
                    tree.incremental(kept),
                    WriteAndReadTest::nothing);
            assertThat(kept.get()).isGreaterThan(50);
            assertThat(second.parent()).contains(id("one"));
            assertThat(second.newBytes()).isZero();
            vault.forget(id("one"));
            assertThatThrownBy(() -> vault.open(id("one"))).isInstanceOf(RepositoryException.NotFound.class);
            tree.assertIsIn(vault.open(id("two")));
        }
    }

    @Test
    void aParentThatIsGoneIsNone() throws Exception {
        try (var repositories = new Installation(folder).start()) {
            var vault = Installation.vault(repositories);
            var tree = SampleTree.random(8, 20, 2_000);
            var kept = new AtomicInteger();
            var manifest = vault.write(
                    id("two"),
                    SampleTree.description(),
                    Optional.of(id("one")),
                    tree.incremental(kept),
                    WriteAndReadTest::nothing);
            assertThat(manifest.parent()).isEmpty();
            assertThat(kept.get()).isZero();
            tree.assertIsIn(vault.open(id("two")));
        }
    }

    @Test
    void anIdThatHasCommittedRunsNothing() throws Exception {
        try (var repositories = new Installation(folder).start()) {
            var vault = Installation.vault(repositories);
            var first = vault.write(
                    id("one"),
                    SampleTree.description(),
                    Optional.empty(),
                    SampleTree.random(1, 20, 100).capture(1),
                    WriteAndReadTest::nothing);
            var again = vault.write(
                    id("one"),
                    SampleTree.description(),
                    Optional.empty(),
                    _ -> {
                        throw new AssertionError("the capture ran again");
                    },
                    WriteAndReadTest::nothing);
            assertThat(again).isEqualTo(first);
        }
    }

    @Test
    void anExceptionOfTheCaptureOrBeforeTheCommitLeavesNoPoint() throws Exception {
        try (var repositories = new Installation(folder).start()) {
            var vault = Installation.vault(repositories);
            var tree = SampleTree.random(1, 20, 10_000);
            assertThatThrownBy(() -> vault.write(
                            id("one"),
                            SampleTree.description(),
                            Optional.empty(),
                            session -> {
                                tree.capture(1).fill(session);
                                throw new IllegalStateException("the source broke");
                            },
                            WriteAndReadTest::nothing))
                    .hasMessage("the source broke");
            assertThatThrownBy(() ->
                            vault.write(id("one"), SampleTree.description(), Optional.empty(), tree.capture(1), () -> {
                                throw new IllegalStateException("the lease is lost");
                            }))
                    .hasMessage("the lease is lost");
            assertThatThrownBy(() -> vault.open(id("one"))).isInstanceOf(RepositoryException.NotFound.class);
            write(vault, "one", Optional.empty(), tree);
            tree.assertIsIn(vault.open(id("one")));
        }
    }

    @Test
    void theFailureOfACaptureIsToldAndNotTheInterruptionThatItsOtherThreadsMet() throws Exception {
        try (var repositories = new Installation(folder).start(FormatParameters.STANDARD, UnaryOperator.identity())) {
            var vault = Installation.vault(repositories);
            var stopped = new AtomicBoolean();
            assertThatThrownBy(() -> vault.write(
                            id("one"),
                            SampleTree.description(),
                            Optional.empty(),
                            session -> {
                                var other = new Thread(() -> {
                                    Thread.currentThread().interrupt();
                                    var bytes = new byte[8 << 20];
                                    new Random(3).nextBytes(bytes);
                                    try (var content = session.open(ItemPath.of("large"), ItemKind.FILE)) {
                                        content.write(ByteBuffer.wrap(bytes));
                                    } catch (InterruptedException stop) {
                                        stopped.set(true);
                                    }
                                });
                                other.start();
                                other.join();
                                throw new IllegalStateException("the source broke");
                            },
                            WriteAndReadTest::nothing))
                    .hasMessage("the source broke");
            assertThat(stopped).isTrue();
        }
    }

    @Test
    void aSessionTakesNothingWhenItsCaptureHasEnded() throws Exception {
        try (var repositories = new Installation(folder).start()) {
            var vault = Installation.vault(repositories);
            var leaked = new AtomicReference<Optional<dev.coffer.core.repository.WriteSession>>(Optional.empty());
            vault.write(
                    id("one"),
                    SampleTree.description(),
                    Optional.empty(),
                    session -> {
                        leaked.set(Optional.of(session));
                        return SampleTree.summary();
                    },
                    WriteAndReadTest::nothing);
            assertThatThrownBy(
                            () -> leaked.get().orElseThrow().put(ItemPath.of("late"), ItemKind.FIFO, Attributes.NONE))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void anInterruptionEndsAWriteAndLeavesNoPoint() throws Exception {
        try (var repositories = new Installation(folder).start()) {
            var vault = Installation.vault(repositories);
            var started = new CountDownLatch(1);
            var stopped = new AtomicBoolean();
            var thread = Thread.ofVirtual().start(() -> {
                try {
                    vault.write(
                            id("one"),
                            SampleTree.description(),
                            Optional.empty(),
                            session -> {
                                started.countDown();
                                var random = new Random(1);
                                for (int i = 0; ; i++) {
                                    try (var content = session.open(ItemPath.of("f" + i), ItemKind.FILE)) {
                                        content.write(SampleTree.bytes(random, 10_000));
                                        content.finish(Attributes.NONE);
                                    }
                                }
                            },
                            WriteAndReadTest::nothing);
                } catch (InterruptedException stop) {
                    stopped.set(true);
                }
            });
            started.await();
            thread.interrupt();
            thread.join();
            assertThat(stopped).isTrue();
            assertThatThrownBy(() -> vault.open(id("one"))).isInstanceOf(RepositoryException.NotFound.class);
        }
    }

    @Test
    void sessionsBesideEachOtherEachCommitTheirOwn() throws Exception {
        var installation = new Installation(folder);
        var trees = java.util.stream.LongStream.range(0, 4)
                .mapToObj(seed -> SampleTree.random(seed % 2, 100, 30_000))
                .toList();
        try (var repositories = installation.start()) {
            var vault = Installation.vault(repositories);
            try (var group = new TaskGroup<String>("write")) {
                for (int i = 0; i < trees.size(); i++) {
                    var tree = trees.get(i);
                    var name = "p" + i;
                    group.fork(() -> {
                        write(vault, name, Optional.empty(), tree);
                        return name;
                    });
                }
                group.join();
            }
            for (int i = 0; i < trees.size(); i++) {
                trees.get(i).assertIsIn(vault.open(id("p" + i)));
            }
        }
    }

    @Test
    void twoProcessesOnOneVaultFindEachOthersPointsAndChunks() throws Exception {
        var installation = new Installation(folder);
        try (var one = installation.start();
                var two = installation.start()) {
            var mine = Installation.vault(one);
            var theirs = Installation.vault(two);
            var tree = SampleTree.random(4, 100, 30_000);
            write(mine, "one", Optional.empty(), tree);
            tree.assertIsIn(theirs.open(id("one")));
            var again = theirs.write(
                    id("two"), SampleTree.description(), Optional.empty(), tree.capture(1), WriteAndReadTest::nothing);
            assertThat(again.newBytes()).isZero();
            tree.assertIsIn(mine.open(id("two")));
        }
    }

    @Test
    void manyThreadsMayPutIntoOneSession() throws Exception {
        try (var repositories = new Installation(folder).start()) {
            var vault = Installation.vault(repositories);
            var bytes = new byte[30_000];
            new Random(1).nextBytes(bytes);
            var manifest = vault.write(
                    id("one"),
                    SampleTree.description(),
                    Optional.empty(),
                    session -> {
                        try (var group = new TaskGroup<String>("put")) {
                            for (int i = 0; i < 8; i++) {
                                var name = "f" + i;
                                group.fork(() -> {
                                    try (var content = session.open(ItemPath.of(name), ItemKind.FILE)) {
                                        content.write(ByteBuffer.wrap(bytes));
                                        content.finish(Attributes.NONE);
                                    }
                                    return name;
                                });
                            }
                            group.join();
                        }
                        return SampleTree.summary();
                    },
                    WriteAndReadTest::nothing);
            assertThat(manifest.items()).isEqualTo(8);
            assertThat(manifest.newBytes()).isEqualTo(bytes.length);
            var reader = vault.open(id("one"));
            for (int i = 0; i < 8; i++) {
                var item = reader.find(ItemPath.of("f" + i)).orElseThrow();
                assertThat(SampleTree.content(reader, item)).isEqualTo(bytes);
            }
        }
    }

    @Test
    void anExceptionOfTheSinkPassesThrough() throws Exception {
        try (var repositories = new Installation(folder).start()) {
            var vault = Installation.vault(repositories);
            var bytes = new byte[100_000];
            Arrays.fill(bytes, (byte) 3);
            write(vault, "one", Optional.empty(), SampleTree.of("file", bytes));
            var reader = vault.open(id("one"));
            var item = reader.find(ItemPath.of("file")).orElseThrow();
            assertThatThrownBy(() -> reader.read(item, new dev.coffer.core.repository.ContentSink() {
                        @Override
                        public void data(long offset, ByteBuffer data) throws IOException {
                            throw new IOException("disk full");
                        }

                        @Override
                        public void hole(long offset, long length) {}
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("disk full");
        }
    }
}
