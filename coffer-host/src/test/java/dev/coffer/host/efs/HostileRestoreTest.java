package dev.coffer.host.efs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.WriteSession;
import dev.coffer.host.posix.LinuxPosix;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links and names that would lead a restore out of its target. */
final class HostileRestoreTest {
    @TempDir
    private Path folder;

    @Test
    void aLinkInPlaceOfTheRecoveryDirectoryIsNotFollowed() throws Exception {
        var fixture = RestoreSamples.sample(folder);
        var outside = Files.createDirectories(folder.resolve("outside"));
        Files.createSymbolicLink(fixture.tree.root().resolve(EfsFixture.RECOVERY_DIRECTORY), outside);

        assertThatThrownBy(() -> fixture.restore("a", EfsFixture.EXISTING))
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("not a folder");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void linksPlantedDuringARestoreAreNeitherFollowedNorReplaced() throws Exception {
        var fixture = RestoreSamples.sample(folder);
        var outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("victim"), "untouched");
        var target = fixture.tree.root().resolve(EfsFixture.RECOVERY_DIRECTORY);
        var posix = HookedPosix.of((call, arguments, real) -> {
            if (call.equals("makeFolder") && HookedPosix.isNamed(arguments, "sub")) {
                Files.createSymbolicLink(target.resolve("sub"), outside);
            }
            if (call.equals("create") && HookedPosix.isNamed(arguments, "a")) {
                Files.deleteIfExists(target.resolve("a"));
                Files.createSymbolicLink(target.resolve("a"), outside.resolve("victim"));
            }
            return real.proceed();
        });

        var result = fixture.restore(posix, "a", EfsFixture.EXISTING);

        assertThat(outside.resolve("victim")).hasContent("untouched");
        try (var names = Files.list(outside)) {
            assertThat(names).hasSize(1);
        }
        assertThat(result.notRestoredItems()).isEqualTo(5);
        assertThat(EfsFixture.names(result.notRestored()))
                .anyMatch(reason -> reason.startsWith("/a: a symbolic link is in the way"))
                .anyMatch(reason -> reason.startsWith("/sub: a symbolic link, or something else"))
                .anyMatch(reason -> reason.startsWith("/sub/deep/c: the folder that it belongs into"));
        assertThat(Files.isSymbolicLink(target.resolve("link"))).isTrue();
    }

    @Test
    void aPointThatHoldsAFileBelowALinkLeadsNowhere() throws Exception {
        var fixture = new EfsFixture(folder);
        var outside = Files.createDirectories(folder.resolve("outside"));
        var items = new ArrayList<Odd>();
        add(items, "", ItemKind.DIRECTORY, plain().number("mode", 0b111_101_101).build());
        add(
                items,
                "a",
                ItemKind.SYMLINK,
                plain().bytes("target", Tree.bytes(outside.toString())).build());
        add(items, "a/passwd", ItemKind.FILE, plain().build());
        add(
                items,
                "b",
                ItemKind.HARD_LINK,
                Attributes.builder()
                        .bytes("link", Tree.bytes("../outside/secret"))
                        .build());
        add(
                items,
                "c",
                ItemKind.HARD_LINK,
                Attributes.builder().bytes("link", Tree.bytes("a/secret")).build());
        add(items, "d/e", ItemKind.FILE, plain().build());
        add(items, "f", ItemKind.FILE, Attributes.NONE);
        Files.writeString(outside.resolve("secret"), "s");
        fixture.vault.write(
                new SessionId("a"),
                new PointDescription("p", "r", "EFS", "n", Instant.EPOCH, Map.of(), Map.of()),
                Optional.empty(),
                session -> {
                    for (var item : items) {
                        item.addTo(session);
                    }
                    return new CaptureSummary(Instant.EPOCH, 0, List.of());
                },
                () -> {});

        var result = fixture.restore("a", EfsFixture.NEW);

        try (var names = Files.list(outside)) {
            assertThat(names).hasSize(1);
        }
        assertThat(Files.getAttribute(outside.resolve("secret"), "unix:nlink")).isEqualTo(1);
        assertThat(result.notRestored().stream()
                        .map(item -> item.path().toString())
                        .collect(Collectors.toSet()))
                .contains("/a/passwd", "/b", "/c", "/f");
        assertThat(EfsFixture.treeOf(result).text("d/e")).isEqualTo("x");
    }

    private static Attributes.Builder plain() {
        return Attributes.builder()
                .number("mode", 0b110_100_100)
                .number("uid", new LinuxPosix().effectiveUser())
                .number("gid", 0)
                .number("mtime", 1);
    }

    /** An item that no connector would write there. */
    private record Odd(ItemPath path, ItemKind kind, Attributes attributes) {
        void addTo(WriteSession session) throws InterruptedException {
            if (kind != ItemKind.FILE) {
                session.put(path, kind, attributes);
                return;
            }
            try (var content = session.open(path, kind)) {
                content.write(ByteBuffer.wrap(Tree.bytes("x")));
                content.finish(attributes);
            }
        }
    }

    private static void add(List<Odd> items, String path, ItemKind kind, Attributes attributes) {
        items.add(new Odd(ItemPath.of(path), kind, attributes));
    }
}
