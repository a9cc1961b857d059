package dev.coffer.host.efs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.connector.Restored;
import dev.coffer.host.posix.Posix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores that end at any call, and are made again. */
final class RepeatedRestoreTest {
    @TempDir
    private Path folder;

    @Test
    void aRestoreIntoANewFileSystemMayEndAtAnyCallAndBeRepeated() throws Exception {
        assertRepeatable(EfsFixture.NEW, _ -> {}, this::newFileSystem);
    }

    @Test
    void aRestoreIntoARecoveryDirectoryMayEndAtAnyCallAndBeRepeated() throws Exception {
        assertRepeatable(EfsFixture.EXISTING, _ -> {}, fixture -> fixture.tree);
    }

    @Test
    void aRestoreIntoAUsersDirectoryMayEndAtAnyCallAndBeRepeated() throws Exception {
        assertRepeatable(
                RestoreSamples.with(EfsFixture.EXISTING, "coffer:directory", "back/here"),
                _ -> {},
                fixture -> fixture.tree);
    }

    @Test
    void anInPlaceRestoreMayEndAtAnyCallAndBeRepeated() throws Exception {
        for (var conflict : List.of("skip", "overwrite", "rename")) {
            assertRepeatable(
                    RestoreSamples.with(RestoreSamples.IN_PLACE, "coffer:conflict", conflict),
                    fixture -> {
                        Files.writeString(fixture.tree.root().resolve("a"), "changed since");
                        Files.delete(fixture.tree.root().resolve("sub/b"));
                        fixture.tree.mode("sub/deep", 0b111_000_000);
                        Files.delete(fixture.tree.root().resolve("sub/deep/c"));
                        Files.delete(fixture.tree.root().resolve("sub/deep"));
                    },
                    fixture -> fixture.tree);
        }
    }

    /** What happens to the tree between its capture and its restore. */
    private interface Accident {
        void befall(EfsFixture fixture) throws Exception;
    }

    /** Ends the process, as far as the kernel can see, before the first, second, third ... call that changes something, and repeats the job each time. */
    private void assertRepeatable(Map<String, String> metadata, Accident accident, Function<EfsFixture, Tree> result)
            throws Exception {
        var calls = new AtomicInteger();
        var whole = RestoreSamples.linked(folder, "whole" + metadata.hashCode());
        accident.befall(whole);
        var expected = whole.restore(endingAt(calls, Integer.MAX_VALUE), "a", metadata);
        var expectedTree = steady(result.apply(whole).listing());
        assertThat(calls.get()).isGreaterThan(10);
        for (int end = 0; end < calls.get(); end++) {
            var fixture = RestoreSamples.linked(folder, "end" + end + "-" + metadata.hashCode());
            accident.befall(fixture);
            var posix = endingAt(new AtomicInteger(), end);
            assertThatThrownBy(() -> fixture.restore(posix, "a", metadata)).hasStackTraceContaining("killed");

            var repeated = fixture.restore("a", metadata);

            assertThat(comparable(repeated)).as("ended at call " + end).isEqualTo(comparable(expected));
            assertThat(steady(result.apply(fixture).listing()))
                    .as("ended at call " + end)
                    .isEqualTo(expectedTree);
        }
        // A job whose end was not recorded comes again, too.
        assertThat(comparable(whole.restore("a", metadata))).isEqualTo(comparable(expected));
        assertThat(steady(result.apply(whole).listing())).isEqualTo(expectedTree);
    }

    private static Posix endingAt(AtomicInteger calls, int end) {
        return HookedPosix.of((call, _, real) -> {
            boolean changes = switch (call) {
                case "create",
                        "makeFolder",
                        "makeSymlink",
                        "makeNode",
                        "link",
                        "rename",
                        "unlink",
                        "chmod",
                        "chown",
                        "setModified",
                        "setAttribute",
                        "write",
                        "truncate",
                        "syncFileSystem" -> true;
                default -> false;
            };
            if (changes && calls.getAndIncrement() >= end) {
                throw new IllegalStateException("killed");
            }
            return real.proceed();
        });
    }

    private static List<Object> comparable(Restored restored) {
        return List.of(
                restored.resource(),
                restored.bytes(),
                restored.notRestoredItems(),
                EfsFixture.names(restored.notRestored()));
    }

    /** A listing without the times that the test itself has changed, and those of what stays of a restore besides the tree. */
    private static SortedMap<String, String> steady(SortedMap<String, String> listing) {
        var moving = List.of(".", "/a", "/sub", "/back");
        listing.replaceAll((path, entry) -> moving.contains(path) || path.contains("/.coffer-restore-")
                ? entry.replaceAll("Time\\[.*?]", "")
                : entry);
        return listing;
    }

    private Tree newFileSystem(EfsFixture fixture) {
        try (var names = Files.list(fixture.restoreParent())) {
            return new Tree(names.findFirst().orElseThrow());
        } catch (java.io.IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}
