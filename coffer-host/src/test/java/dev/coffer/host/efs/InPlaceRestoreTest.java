package dev.coffer.host.efs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.host.posix.LinuxPosix;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores over the tree that is there. */
final class InPlaceRestoreTest {
    @TempDir
    private Path folder;

    @Test
    void inPlaceSkipsWhatIsThereAndBringsBackWhatIsMissing() throws Exception {
        var fixture = RestoreSamples.sample(folder);
        var before = fixture.tree.listing();
        Files.delete(fixture.tree.root().resolve("sub/b"));
        Files.delete(fixture.tree.root().resolve("link"));
        Files.writeString(fixture.tree.root().resolve("a"), "changed since");

        var result = fixture.restore("a", RestoreSamples.IN_PLACE);

        assertThat(EfsFixture.names(result.notRestored()))
                .containsExactly("/a: there is something else at its path; coffer:conflict is skip");
        assertThat(fixture.tree.text("a")).isEqualTo("changed since");
        assertThat(fixture.tree.listing().get("/sub/b")).isEqualTo(before.get("/sub/b"));
        assertThat(Files.isSymbolicLink(fixture.tree.root().resolve("link"))).isTrue();
        assertThat(fixture.tree.listing().keySet()).isEqualTo(before.keySet());
    }

    @Test
    void inPlaceOverwritesWhenTold() throws Exception {
        var fixture = RestoreSamples.sample(folder);
        var before = fixture.tree.listing();
        var outside = Files.writeString(folder.resolve("outside"), "untouched");
        Files.writeString(fixture.tree.root().resolve("a"), "changed since");
        Files.delete(fixture.tree.root().resolve("sub/b"));
        Files.createSymbolicLink(fixture.tree.root().resolve("sub/b"), outside);
        fixture.tree.mode("sub", 0b111_000_000);
        fixture.tree.file("new", "stays");

        var result = fixture.restore("a", RestoreSamples.with(RestoreSamples.IN_PLACE, "coffer:conflict", "overwrite"));

        assertThat(EfsFixture.names(result.notRestored())).isEmpty();
        assertThat(outside).hasContent("untouched");
        assertThat(fixture.tree.text("new")).isEqualTo("stays");
        Files.delete(fixture.tree.root().resolve("new"));
        fixture.tree.in(Tree.bytes("x"), (fd, _) -> new LinuxPosix().setModified(fd, Tree.LONG_AGO));
        assertThat(fixture.tree.listing()).isEqualTo(before);
    }

    @Test
    void inPlaceNeverReplacesAFolderByAFileOrWritesThroughALinkInItsPlace() throws Exception {
        var fixture = RestoreSamples.sample(folder);
        var outside = Files.createDirectories(folder.resolve("outside"));
        Files.delete(fixture.tree.root().resolve("a"));
        Files.createDirectories(fixture.tree.root().resolve("a/mine"));
        Files.move(fixture.tree.root().resolve("sub"), folder.resolve("away"));
        Files.createSymbolicLink(fixture.tree.root().resolve("sub"), outside);

        var result = fixture.restore("a", RestoreSamples.with(RestoreSamples.IN_PLACE, "coffer:conflict", "overwrite"));

        assertThat(fixture.tree.root().resolve("a/mine")).isDirectory();
        assertThat(outside).isEmptyDirectory();
        assertThat(EfsFixture.names(result.notRestored()))
                .contains("/a: a folder is in the way")
                .anyMatch(reason -> reason.startsWith("/sub: a symbolic link"));
    }

    @Test
    void inPlaceRenamesWhenTold() throws Exception {
        var fixture = RestoreSamples.sample(folder);
        Files.writeString(fixture.tree.root().resolve("a"), "changed since");
        var metadata = RestoreSamples.with(RestoreSamples.IN_PLACE, "coffer:conflict", "rename");

        var first = fixture.restore("a", metadata);
        var second = fixture.restore("a", metadata);

        assertThat(EfsFixture.names(first.notRestored())).isEmpty();
        assertThat(second).isEqualTo(first);
        assertThat(fixture.tree.text("a")).isEqualTo("changed since");
        assertThat(fixture.tree.text("a.restored-20260102T030405Z")).isEqualTo("first");
    }
}
