package dev.coffer.repository.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.task.TaskGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ItemSpillTest {
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");

    @TempDir
    Path folder;

    private final MemoryChunks chunks = new MemoryChunks();
    private final SecureRandom secure = new SecureRandom();

    private TreeRoot sort(List<Item> items, long memoryBytes) throws InterruptedException {
        try (var spill = new ItemSpill(folder, secure, memoryBytes)) {
            items.forEach(spill::add);
            var tree = new TreeWriter(chunks, SampleItems.SEED);
            spill.drainTo(tree);
            return tree.finish();
        }
    }

    /** The open files of this process that are scratch files of this folder. */
    private List<Path> scratchFiles() throws IOException {
        var found = new ArrayList<Path>();
        try (var open = Files.newDirectoryStream(OPEN_FILES)) {
            for (var link : open) {
                if (Files.exists(link) || Files.isSymbolicLink(link)) {
                    addIfScratch(link, found);
                }
            }
        }
        return found;
    }

    private void addIfScratch(Path link, List<Path> found) {
        try {
            if (Files.readSymbolicLink(link).startsWith(folder)) {
                found.add(link);
            }
        } catch (IOException closedMeanwhile) {
            // The stream over the folder lists its own descriptor, too.
        }
    }

    @Test
    void theSameItemsMakeTheSameTreeInAnyOrder() throws InterruptedException {
        var sorted = SampleItems.tree(8000, 1).values();
        var root = SampleItems.write(chunks, sorted);
        for (int i = 0; i < 4; i++) {
            var shuffled = new ArrayList<>(sorted);
            Collections.shuffle(shuffled, new Random(i));
            assertThat(sort(shuffled, i == 0 ? Long.MAX_VALUE : 10_000L << i)).isEqualTo(root);
        }
    }

    @Test
    void itemsMayComeFromManyThreads() throws InterruptedException {
        var items = List.copyOf(SampleItems.tree(8000, 2).values());
        try (var spill = new ItemSpill(folder, secure, 50_000)) {
            try (var threads = new TaskGroup<Boolean>("put")) {
                for (int t = 0; t < 8; t++) {
                    int first = t;
                    threads.fork(() -> {
                        for (int i = first; i < items.size(); i += 8) {
                            spill.add(items.get(i));
                        }
                        return true;
                    });
                }
                threads.join();
            }
            assertThat(spill.items()).isEqualTo(items.size());
            var tree = new TreeWriter(chunks, SampleItems.SEED);
            spill.drainTo(tree);
            assertThat(tree.finish()).isEqualTo(SampleItems.write(chunks, items));
        }
    }

    @Test
    void moreRunsThanAreMergedAtOnceAreMergedInSteps() throws InterruptedException, IOException {
        var items = new ArrayList<>(SampleItems.tree(8000, 3).values());
        Collections.shuffle(items, new Random(3));
        try (var spill = new ItemSpill(folder, secure, 2_000)) {
            for (var item : items) {
                spill.add(item);
            }
            assertThat(scratchFiles()).hasSizeBetween(1, 2 * ItemSpill.FAN_IN);
            var tree = new TreeWriter(chunks, SampleItems.SEED);
            spill.drainTo(tree);
            items.sort((a, b) -> a.path().compareTo(b.path()));
            assertThat(tree.finish()).isEqualTo(SampleItems.write(chunks, items));
        }
        assertThat(scratchFiles()).isEmpty();
    }

    @Test
    void fewItemsNeedNoFile() throws InterruptedException, IOException {
        var absent = folder.resolve("absent");
        try (var spill = new ItemSpill(absent, secure, 1 << 20)) {
            for (var item : SampleItems.tree(100, 4).values()) {
                spill.add(item);
            }
            spill.drainTo(new TreeWriter(chunks, SampleItems.SEED));
            assertThat(absent).doesNotExist();
        }
    }

    @Test
    void scratchFilesHaveNoNamesNoPlaintextAndNoEndBehindClose() throws IOException {
        var marker = "a name that nobody may find";
        try (var spill = new ItemSpill(folder, secure, 20_000)) {
            for (int i = 0; i < 1000; i++) {
                var path = ItemPath.of(marker + i);
                var attributes = Attributes.builder().text("note", marker).build();
                spill.add(new Item(path, ItemKind.FIFO, 0, attributes, StoredContent.NONE));
            }
            try (var named = Files.list(folder)) {
                assertThat(named).isEmpty();
            }
            var files = scratchFiles();
            assertThat(files).hasSizeGreaterThan(3);
            for (var file : files) {
                var bytes = Files.readAllBytes(file);
                assertThat(bytes.length).isGreaterThan(10_000);
                assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain("nobody");
                assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
            }
        }
        assertThat(scratchFiles()).isEmpty();
    }

    @Test
    void aPathThatIsPutTwiceIsNamed() {
        for (long memory : new long[] {Long.MAX_VALUE, 30_000, 2_000}) {
            var items = new ArrayList<>(SampleItems.tree(3000, 5).values());
            items.add(items.get(1500));
            assertThatThrownBy(() -> sort(items, memory))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(items.get(1500).path() + " was put twice");
        }
    }

    @Test
    void afterARunThatFailedNothingComesOfTheRest() {
        var item = SampleItems.folder(ItemPath.of("a"));
        try (var spill = new ItemSpill(folder, secure, 100)) {
            spill.add(item);
            assertThatThrownBy(() -> spill.add(item)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> spill.add(SampleItems.folder(ItemPath.of("b"))))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> spill.drainTo(new TreeWriter(chunks, SampleItems.SEED)))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void anInterruptedThreadWritesItsRunWhole() throws InterruptedException {
        var items = List.copyOf(SampleItems.tree(2000, 6).values());
        try (var spill = new ItemSpill(folder, secure, 20_000)) {
            Thread.currentThread().interrupt();
            items.forEach(spill::add);
            assertThat(Thread.interrupted()).isTrue();
            var tree = new TreeWriter(chunks, SampleItems.SEED);
            spill.drainTo(tree);
            assertThat(tree.finish()).isEqualTo(SampleItems.write(chunks, items));
        }
    }
}
