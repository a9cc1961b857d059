package dev.coffer.testkit.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.ContentSink;
import dev.coffer.core.repository.Differences;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.store.ByteRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link Repositories} and its repositories promises. An implementation runs it by extending it and giving fresh repositories. */
public abstract class RepositoryContract extends RepositoryWritingContract {
    /** A contract to be extended. */
    protected RepositoryContract() {}

    // Content

    @Test
    void contentComesInAnyPiecesAndTheBufferMayBeUsedAgain() throws Exception {
        var repository = vault();
        var bytes = bytes(5, 150_001);
        write(repository, FIRST, Optional.empty(), session -> {
            try (var writer = session.open(ItemPath.of("a"), ItemKind.FILE)) {
                var buffer = ByteBuffer.allocate(977);
                for (int at = 0; at < bytes.length; ) {
                    int count = Math.min(buffer.capacity(), bytes.length - at);
                    buffer.clear().put(bytes, at, count).flip();
                    writer.write(buffer);
                    assertThat(buffer.hasRemaining()).isFalse();
                    Arrays.fill(buffer.array(), (byte) 0x55);
                    at += count;
                }
                writer.finish(MODE);
            }
            return SUMMARY;
        });

        assertThat(read(repository, FIRST, "a").bytes).isEqualTo(bytes);
    }

    @Test
    void finishReturnsTheItemThatThePointHas() throws Exception {
        var repository = vault();
        var finished = new ArrayList<Item>();
        write(repository, FIRST, Optional.empty(), session -> {
            finished.add(file(session, "a", "bytes"));
            return SUMMARY;
        });

        try (var reader = repository.open(FIRST)) {
            var found = reader.find(ItemPath.of("a")).orElseThrow();
            assertThat(finished.getFirst().path()).isEqualTo(found.path());
            assertThat(finished.getFirst().kind()).isEqualTo(found.kind());
            assertThat(finished.getFirst().size()).isEqualTo(found.size()).isEqualTo(5);
            assertThat(finished.getFirst().attributes()).isEqualTo(found.attributes());
        }
    }

    @Test
    void anEmptyFileIsAnItem() throws Exception {
        var repository = vault();
        commit(repository, FIRST, "empty", "");

        assertThat(read(repository, FIRST, "empty").bytes).isEmpty();
    }

    @Test
    void aHoleReadsAsZerosIsToldAsAHoleAndTakesNoPlace() throws Exception {
        var repository = vault();
        long hole = 1L << 24;
        var manifest = write(repository, FIRST, Optional.empty(), session -> {
            try (var writer = session.open(ItemPath.of("sparse"), ItemKind.FILE)) {
                writer.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
                writer.hole(hole);
                writer.write(ByteBuffer.wrap(new byte[] {4}));
                writer.finish(MODE);
            }
            return SUMMARY;
        });

        assertThat(manifest.logicalBytes()).isEqualTo(hole + 4);
        assertThat(manifest.newBytes()).isEqualTo(4);
        var seen = read(repository, FIRST, "sparse");
        assertThat(seen.holes).isEqualTo(hole);
        assertThat(seen.bytes).hasSize((int) hole + 4).startsWith(1, 2, 3, 0).endsWith(0, 4);
        try (var reader = repository.open(FIRST)) {
            var item = reader.find(ItemPath.of("sparse")).orElseThrow();
            assertThat(item.size()).isEqualTo(hole + 4);
            try (var stream = reader.open(item, new ByteRange(2, 3))) {
                assertThat(stream.readAllBytes()).containsExactly(3, 0, 0);
            }
            try (var stream = reader.open(item, new ByteRange(hole + 2, 2))) {
                assertThat(stream.readAllBytes()).containsExactly(0, 4);
            }
        }
    }

    @Test
    void aContentThatIsNotFinishedIsNotAddedAndItsPathMayBeOpenedAgain() throws Exception {
        var repository = vault();
        var manifest = write(repository, FIRST, Optional.empty(), session -> {
            try (var dropped = session.open(ItemPath.of("a"), ItemKind.FILE)) {
                dropped.write(ByteBuffer.wrap(new byte[10]));
            }
            try (var dropped = session.open(ItemPath.of("never"), ItemKind.FILE)) {
                dropped.write(ByteBuffer.wrap(new byte[10]));
            }
            file(session, "a", "second try");
            return SUMMARY;
        });

        assertThat(manifest.items()).isEqualTo(1);
        assertThat(text(repository, FIRST, "a")).isEqualTo("second try");
    }

    @Test
    void closingAfterFinishChangesNothing() throws Exception {
        var repository = vault();
        write(repository, FIRST, Optional.empty(), session -> {
            var writer = session.open(ItemPath.of("a"), ItemKind.FILE);
            writer.write(ByteBuffer.wrap(new byte[] {9}));
            writer.finish(MODE);
            writer.close();
            writer.close();
            return SUMMARY;
        });

        assertThat(read(repository, FIRST, "a").bytes).containsExactly(9);
    }

    // Parents

    @Test
    void anItemOfTheParentIsInheritedAndKeptUnderFreshAttributes() throws Exception {
        var repository = vault();
        var bytes = bytes(2, 100_000);
        write(repository, FIRST, Optional.empty(), content("folder/a", bytes));
        var fresh = Attributes.builder().number("mode", 0600).build();

        var manifest = write(repository, SECOND, Optional.of(FIRST), session -> {
            assertThat(session.inherited(ItemPath.of("folder/b"))).isEmpty();
            var inherited = session.inherited(ItemPath.of("folder/a")).orElseThrow();
            assertThat(inherited.attributes()).isEqualTo(MODE);
            assertThat(inherited.size()).isEqualTo(100_000);
            session.keep(inherited, fresh);
            return SUMMARY;
        });

        assertThat(manifest.parent()).contains(FIRST);
        assertThat(manifest.newBytes()).isZero();
        assertThat(manifest.logicalBytes()).isEqualTo(100_000);
        try (var reader = repository.open(SECOND)) {
            assertThat(reader.find(ItemPath.of("folder/a")).orElseThrow().attributes())
                    .isEqualTo(fresh);
        }
        assertThat(read(repository, SECOND, "folder/a").bytes).isEqualTo(bytes);
    }

    @Test
    void withoutAParentNothingIsInherited() throws Exception {
        var repository = vault();
        commit(repository, FIRST, "a", "bytes");

        write(repository, SECOND, Optional.empty(), session -> {
            assertThat(session.inherited(ItemPath.of("a"))).isEmpty();
            return SUMMARY;
        });

        assertThat(manifests(repository)).hasSize(2);
    }

    @Test
    void theParentCanBeReadWhileItsSuccessorIsWritten() throws Exception {
        var repository = vault();
        var bytes = bytes(3, 300_000);
        write(repository, FIRST, Optional.empty(), session -> {
            assertThat(session.parent()).isEmpty();
            return content("folder/a", bytes).fill(session);
        });

        write(repository, SECOND, Optional.of(FIRST), session -> {
            var parent = session.parent().orElseThrow();
            var shown = new ArrayList<ItemPath>();
            parent.items(ItemPath.of("folder"), item -> shown.add(item.path()));
            assertThat(shown).containsExactly(ItemPath.of("folder/a"));
            var item = parent.find(ItemPath.of("folder/a")).orElseThrow();
            try (var in = parent.open(item, new ByteRange(1000, 299_000));
                    var copy = session.open(ItemPath.of("copy"), ItemKind.FILE)) {
                copy.write(ByteBuffer.wrap(in.readAllBytes()));
                copy.finish(MODE);
            } catch (IOException impossible) {
                throw new java.io.UncheckedIOException(impossible);
            }
            parent.close();
            session.keep(session.inherited(item.path()).orElseThrow(), MODE);
            return SUMMARY;
        });

        assertThat(read(repository, SECOND, "copy").bytes).isEqualTo(Arrays.copyOfRange(bytes, 1000, 300_000));
        assertThat(read(repository, SECOND, "folder/a").bytes).isEqualTo(bytes);
    }

    @Test
    void whatIsNotKeptIsNotInTheNewPoint() throws Exception {
        var repository = vault();
        commit(repository, FIRST, "a", "bytes");

        write(repository, SECOND, Optional.of(FIRST), capture("b", "others"));

        assertThat(paths(repository, SECOND, ItemPath.ROOT)).containsExactly(ItemPath.of("b"));
    }

    @Test
    void aPointIsRestoredWithoutItsParent() throws Exception {
        var repository = vault();
        var bytes = bytes(4, 200_000);
        write(repository, FIRST, Optional.empty(), content("a", bytes));
        write(repository, SECOND, Optional.of(FIRST), session -> {
            session.keep(session.inherited(ItemPath.of("a")).orElseThrow(), MODE);
            return SUMMARY;
        });

        repository.forget(FIRST);

        assertThat(read(repository, SECOND, "a").bytes).isEqualTo(bytes);
    }

    // Reading

    @Test
    void openingAnUnknownPointIsNotFound() throws Exception {
        var repository = vault();

        assertThatThrownBy(() -> repository.open(FIRST)).isInstanceOf(RepositoryException.NotFound.class);
    }

    @Test
    void findTellsWhatIsNotThere() throws Exception {
        var repository = vault();
        commit(repository, FIRST, "folder/a", "bytes");

        try (var reader = repository.open(FIRST)) {
            assertThat(reader.find(ItemPath.of("folder/a"))).isPresent();
            assertThat(reader.find(ItemPath.of("folder/b"))).isEmpty();
            assertThat(reader.find(ItemPath.of("folder"))).isEmpty();
        }
    }

    @Test
    void itemsShowsThePathItselfAndAllBelowItAndNothingElse() throws Exception {
        var repository = vault();
        write(repository, FIRST, Optional.empty(), session -> {
            for (var name : List.of("a", "a/b", "a/b/c", "a-b", "ab", "b")) {
                session.put(ItemPath.of(name), ItemKind.DIRECTORY, MODE);
            }
            return SUMMARY;
        });

        assertThat(paths(repository, FIRST, ItemPath.of("a")))
                .containsExactly(ItemPath.of("a"), ItemPath.of("a/b"), ItemPath.of("a/b/c"));
        assertThat(paths(repository, FIRST, ItemPath.of("nothing"))).isEmpty();
    }

    @Test
    void itemsStopsWhenTheVisitorHasEnough() throws Exception {
        var repository = vault();
        write(repository, FIRST, Optional.empty(), session -> {
            for (int i = 0; i < 10; i++) {
                session.put(ItemPath.of("f" + i), ItemKind.FIFO, MODE);
            }
            return SUMMARY;
        });
        var shown = new ArrayList<ItemPath>();

        try (var reader = repository.open(FIRST)) {
            reader.items(ItemPath.ROOT, item -> {
                shown.add(item.path());
                return shown.size() < 3;
            });
        }

        assertThat(shown).containsExactly(ItemPath.of("f0"), ItemPath.of("f1"), ItemPath.of("f2"));
    }

    @Test
    void childrenAreTheItemsRightBelowAFolder() throws Exception {
        var repository = vault();
        write(repository, FIRST, Optional.empty(), session -> {
            session.put(ItemPath.ROOT, ItemKind.DIRECTORY, MODE);
            for (var path : List.of("a", "a/b", "a/b/c", "a/d", "a-b", "a-b/c", "x/y/z")) {
                session.put(ItemPath.of(path), ItemKind.DIRECTORY, MODE);
            }
            return SUMMARY;
        });
        try (var reader = repository.open(FIRST)) {
            var shown = new ArrayList<String>();
            for (var folder : List.of("", "a", "a-b", "a/d", "x", "x/y", "nothing")) {
                reader.children(
                        ItemPath.of(folder), item -> shown.add(item.path().toString()));
                shown.add("");
            }
            assertThat(shown)
                    .containsExactly("/a", "/a-b", "", "/a/b", "/a/d", "", "/a-b/c", "", "", "", "/x/y/z", "", "");
            shown.clear();
            reader.children(ItemPath.ROOT, item -> {
                shown.add(item.path().toString());
                return false;
            });
            assertThat(shown).containsExactly("/a");
        }
    }

    @Test
    void aRangeGivesExactlyItsBytesAndEndsWithTheContent() throws Exception {
        var repository = vault();
        var bytes = bytes(6, 200_000);
        write(repository, FIRST, Optional.empty(), content("a", bytes));

        try (var reader = repository.open(FIRST)) {
            var item = reader.find(ItemPath.of("a")).orElseThrow();
            for (var range : List.of(
                    new ByteRange(0, 0), new ByteRange(0, 1), new ByteRange(65_530, 20), new ByteRange(0, 200_000))) {
                try (var stream = reader.open(item, range)) {
                    assertThat(stream.readAllBytes())
                            .isEqualTo(Arrays.copyOfRange(bytes, (int) range.offset(), (int) range.end()));
                    assertThat(stream.read()).isEqualTo(-1);
                }
            }
        }
    }

    @Test
    void anExceptionOfTheSinkPassesThrough() throws Exception {
        var repository = vault();
        commit(repository, FIRST, "a", "bytes");

        try (var reader = repository.open(FIRST)) {
            var item = reader.find(ItemPath.of("a")).orElseThrow();
            assertThatThrownBy(() -> reader.read(item, new ContentSink() {
                        @Override
                        public void data(long offset, ByteBuffer bytes) throws IOException {
                            throw new IOException("the disk is full");
                        }

                        @Override
                        public void hole(long offset, long length) {}
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the disk is full");
        }
    }

    @Test
    void pointsAreShownInTheOrderOfTheirIds() throws Exception {
        var repository = vault();
        for (var id : List.of("m", "b", "z", "a1", "a")) {
            commit(repository, new SessionId(id), "f", id);
        }

        assertThat(manifests(repository).stream().map(manifest -> manifest.id().value()))
                .containsExactly("a", "a1", "b", "m", "z");
    }

    @Test
    void aForgottenPointCannotBeReachedAndOthersStay() throws Exception {
        var repository = vault();
        commit(repository, FIRST, "a", "the same");
        var kept = commit(repository, SECOND, "a", "the same");

        repository.forget(FIRST);

        assertThatThrownBy(() -> repository.open(FIRST)).isInstanceOf(RepositoryException.NotFound.class);
        assertThat(manifests(repository)).containsExactly(kept);
        assertThat(text(repository, SECOND, "a")).isEqualTo("the same");
    }

    @Test
    void forgettingIsForGoodAndCountsAsDoneWhenRepeated() throws Exception {
        var repository = vault();
        repository.forget(FIRST);
        commit(repository, SECOND, "a", "bytes");
        repository.forget(SECOND);
        repository.forget(SECOND);

        assertThat(manifests(repository)).isEmpty();
        assertThatThrownBy(() -> commit(repository, FIRST, "a", "bytes"))
                .isInstanceOf(RepositoryException.Forgotten.class);
        assertThatThrownBy(() -> commit(repository, SECOND, "a", "bytes"))
                .isInstanceOf(RepositoryException.Forgotten.class);
    }

    @Test
    void aPointThatIsForgottenWhileItIsWrittenDoesNotAppear() throws Exception {
        var repository = vault();

        assertThatThrownBy(() ->
                        repository.write(FIRST, POINT, Optional.empty(), content("a", bytes(3, 10_000)), () -> {
                            try {
                                repository.forget(FIRST);
                            } catch (InterruptedException stop) {
                                throw new IllegalStateException(stop);
                            }
                        }))
                .isInstanceOf(RepositoryException.Forgotten.class);
        assertThat(manifests(repository)).isEmpty();
    }

    @Test
    void comparingTwoPointsShowsWhatWasAddedRemovedAndChangedInTheOrderOfPaths() throws Exception {
        var repository = vault();
        write(repository, FIRST, Optional.empty(), session -> {
            for (int i = 0; i < 500; i++) {
                put(session, "d/%03d".formatted(i), bytes(i, 100));
            }
            return SUMMARY;
        });
        write(repository, SECOND, Optional.of(FIRST), session -> {
            for (int i = 1; i < 500; i++) {
                put(session, "d/%03d".formatted(i), bytes(i == 250 ? 9999 : i, 100));
            }
            put(session, "e", bytes(1, 5));
            return SUMMARY;
        });
        var seen = new ArrayList<String>();
        repository.compare(FIRST, SECOND, new Differences() {
            @Override
            public void added(Item item) {
                seen.add("+" + item.path());
            }

            @Override
            public void removed(Item item) {
                seen.add("-" + item.path());
            }

            @Override
            public void changed(Item before, Item after) {
                seen.add("~" + after.path());
            }
        });
        assertThat(seen).containsExactly("-/d/000", "~/d/250", "+/e");
    }

    @Test
    void storedBytesGrowWithWhatIsNew() throws Exception {
        var repository = vault();
        long before = repository.storedBytes();

        write(repository, FIRST, Optional.empty(), content("a", bytes(8, 400_000)));

        assertThat(repository.storedBytes() - before).isGreaterThan(390_000);
    }

    @Test
    void aPointInColdStorageReadsTheSameAndIsNamed() throws Exception {
        var repository = vault();
        write(repository, FIRST, Optional.empty(), content("a", bytes(8, 400_000)));
        write(repository, SECOND, Optional.empty(), content("a", bytes(9, 400_000)));
        assertThat(repository.cold()).isEmpty();

        assertThat(repository.chill(List.of(FIRST, new SessionId("gone")))).isTrue();
        assertThat(repository.chill(List.of(FIRST))).isTrue();

        assertThat(repository.cold()).containsExactly(FIRST);
        assertThat(read(repository, FIRST, "a").bytes).isEqualTo(bytes(8, 400_000));
        assertThat(read(repository, SECOND, "a").bytes).isEqualTo(bytes(9, 400_000));
        repository.forget(FIRST);
        assertThat(repository.cold()).isEmpty();
        assertThat(read(repository, SECOND, "a").bytes).isEqualTo(bytes(9, 400_000));
    }

    // Threads

    @Test
    void manyThreadsFillOneSession() throws Exception {
        var repository = vault();
        int threads = 8;
        int files = 25;

        var manifest = write(repository, FIRST, Optional.empty(), session -> {
            inParallel(threads, number -> {
                for (int i = 0; i < files; i++) {
                    file(session, number + "/" + i, bytes(number * 1000L + i, 10_000 + i));
                    session.put(ItemPath.of(number + "/d" + i), ItemKind.DIRECTORY, MODE);
                }
            });
            return SUMMARY;
        });

        assertThat(manifest.items()).isEqualTo(2L * threads * files);
        for (int number = 0; number < threads; number++) {
            for (int i = 0; i < files; i++) {
                assertThat(read(repository, FIRST, number + "/" + i).bytes)
                        .isEqualTo(bytes(number * 1000L + i, 10_000 + i));
            }
        }
    }

    @Test
    void severalContentsMayBeOpenAtOnce() throws Exception {
        var repository = vault();
        write(repository, FIRST, Optional.empty(), session -> {
            try (var a = session.open(ItemPath.of("a"), ItemKind.FILE);
                    var b = session.open(ItemPath.of("b"), ItemKind.FILE)) {
                for (int i = 0; i < 100; i++) {
                    a.write(ByteBuffer.wrap(new byte[] {1}));
                    b.write(ByteBuffer.wrap(new byte[] {2, 2}));
                }
                b.finish(MODE);
                a.finish(MODE);
            }
            return SUMMARY;
        });

        assertThat(read(repository, FIRST, "a").bytes).hasSize(100).containsOnly(1);
        assertThat(read(repository, FIRST, "b").bytes).hasSize(200).containsOnly(2);
    }

    @Test
    void manySessionsOfOneVaultRunAtOnceAndKeepApart() throws Exception {
        var repository = vault();
        var common = bytes(99, 50_000);
        int sessions = 6;

        inParallel(
                sessions,
                number -> write(repository, new SessionId("s" + number), Optional.empty(), session -> {
                    file(session, "common", common);
                    file(session, "own", bytes(number, 30_000));
                    return SUMMARY;
                }));

        assertThat(manifests(repository)).hasSize(sessions);
        for (int number = 0; number < sessions; number++) {
            var id = new SessionId("s" + number);
            assertThat(read(repository, id, "common").bytes).isEqualTo(common);
            assertThat(read(repository, id, "own").bytes).isEqualTo(bytes(number, 30_000));
        }
    }

    @Test
    void manyThreadsReadOnePoint() throws Exception {
        var repository = vault();
        var bytes = bytes(12, 200_000);
        write(repository, FIRST, Optional.empty(), content("a", bytes));

        try (var reader = repository.open(FIRST)) {
            inParallel(8, _ -> {
                var item = reader.find(ItemPath.of("a")).orElseThrow();
                var seen = new Seen();
                reader.read(item, seen);
                assertThat(seen.bytes).isEqualTo(bytes);
            });
        }
    }
}
