package dev.coffer.host.efs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.host.posix.Errno;
import dev.coffer.host.posix.LinuxPosix;
import dev.coffer.host.posix.PosixException;
import dev.coffer.host.posix.Stat;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where restored trees go, and what is told of what could not be restored. */
final class TreeRestoreTest {
    @TempDir
    private Path folder;

    @Test
    void aNewFileSystemHasAnIdOfItsJobAndTheTagsAndThePathOfItsFolder() throws Exception {
        var fixture = RestoreSamples.sample(folder);

        var result = fixture.restore("a", EfsFixture.NEW);

        assertThat(result.resource().resource()).matches("file-system/fs-[0-9a-f]{17}");
        assertThat(result.resource().isIn(EfsFixture.SCOPE)).isTrue();
        var created = result.created().orElseThrow();
        var id = result.resource().resource().substring("file-system/".length());
        assertThat(created.arn()).isEqualTo(result.resource());
        assertThat(created.settings())
                .containsOnly(
                        Map.entry("path", fixture.restoreParent().resolve(id).toString()),
                        Map.entry("restore", fixture.restoreParent().toString()));
        assertThat(created.tags()).containsExactly(Map.entry("team", "a"));
        assertThat(result.bytes()).isEqualTo("first".length() + "second".length() + "third".length());
    }

    @Test
    void anExistingFileSystemGetsARecoveryDirectoryAndKeepsItsOwn() throws Exception {
        var fixture = RestoreSamples.sample(folder);
        var before = fixture.tree.listing();
        Files.writeString(fixture.tree.root().resolve("a"), "changed since");

        var result = fixture.restore("a", EfsFixture.EXISTING);

        assertThat(result.created()).isEmpty();
        assertThat(result.resource()).isEqualTo(fixture.source().arn());
        assertThat(RestoreSamples.below(fixture, EfsFixture.RECOVERY_DIRECTORY).listing())
                .isEqualTo(before);
        assertThat(fixture.tree.text("a")).isEqualTo("changed since");
    }

    @Test
    void itemsKeepTheirPathBelowTheRecoveryDirectory() throws Exception {
        var fixture = RestoreSamples.sample(folder);
        var before = fixture.tree.listing();

        fixture.restore(
                "a",
                RestoreSamples.with(
                        EfsFixture.EXISTING, "itemstorestore", "[\"/sub/deep/\",\"/sub/deep/c\",\"/link\"]"));

        var wanted = new TreeMap<>(before);
        wanted.keySet().removeAll(List.of("/a", "/sub/b"));
        assertThat(RestoreSamples.below(fixture, EfsFixture.RECOVERY_DIRECTORY).listing())
                .isEqualTo(wanted);
    }

    @Test
    void itemsGoToARecoveryDirectoryInANewFileSystemToo() throws Exception {
        var fixture = RestoreSamples.sample(folder);

        var result = fixture.restore("a", RestoreSamples.with(EfsFixture.NEW, "itemstorestore", "[\"/a\"]"));

        var root = Path.of(result.created().orElseThrow().settings().get("path"));
        assertThat(root.resolve(EfsFixture.RECOVERY_DIRECTORY).resolve("a")).hasContent("first");
        assertThat(result.created().orElseThrow().tags()).isEmpty();
        try (var names = Files.list(root)) {
            assertThat(names).hasSize(1);
        }
    }

    @Test
    void anItemThatIsNotInThePointIsNamedAndNoneAtAllFailsTheRestore() throws Exception {
        var fixture = RestoreSamples.sample(folder);

        var result = fixture.restore("a", RestoreSamples.with(EfsFixture.NEW, "itemstorestore", "[\"/a\",\"/A\"]"));

        assertThat(EfsFixture.names(result.notRestored())).containsExactly("/A: is not in the recovery point");
        assertThatThrownBy(() ->
                        fixture.restore("a", RestoreSamples.with(EfsFixture.EXISTING, "itemstorestore", "[\"/A\"]")))
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("/A");
    }

    @Test
    void aHardLinkWithoutItsFirstNameIsAFileAndFurtherOnesLinkToIt() throws Exception {
        var fixture = new EfsFixture(folder);
        fixture.tree
                .folder("x")
                .file("first", "shared")
                .link("first", "x/second")
                .link("first", "x/third");
        fixture.capture("a");

        var result = fixture.restore("a", RestoreSamples.with(EfsFixture.EXISTING, "itemstorestore", "[\"/x\"]"));

        var there = RestoreSamples.below(fixture, EfsFixture.RECOVERY_DIRECTORY);
        assertThat(result.notRestoredItems()).isZero();
        assertThat(there.text("x/second")).isEqualTo("shared");
        assertThat(there.stat("x/second").inode())
                .isEqualTo(there.stat("x/third").inode());
        assertThat(there.stat("x/second").modified()).isEqualTo(Tree.LONG_AGO);
        assertThat(fixture.tree.stat("first").links()).isEqualTo(3);
    }

    @Test
    void aUsersDirectoryIsMadeWhereHeSaysAndAnExistingOneIsRefused() throws Exception {
        var fixture = RestoreSamples.sample(folder);
        var before = fixture.tree.listing();
        var metadata = RestoreSamples.with(EfsFixture.EXISTING, "coffer:directory", "/back/here");

        fixture.restore("a", metadata);

        var listing = RestoreSamples.below(fixture, "back/here").listing();
        listing.keySet().removeIf(path -> path.startsWith("/.coffer-restore-"));
        assertThat(listing).isEqualTo(before);
        Files.createDirectories(fixture.tree.root().resolve("taken"));
        Files.writeString(fixture.tree.root().resolve("taken/file"), "mine");
        assertThatThrownBy(() ->
                        fixture.restore("a", RestoreSamples.with(EfsFixture.EXISTING, "coffer:directory", "taken")))
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("exists already");
        try (var names = Files.list(fixture.tree.root().resolve("taken"))) {
            assertThat(names).hasSize(1);
        }
    }

    @Test
    void anAccessListOfTheTargetIsNotHandedDownToWhatIsRestored() throws Exception {
        var fixture = RestoreSamples.sample(folder);
        var before = fixture.tree.listing();
        var acl = new byte[] {
            2, 0, 0, 0, 1, 0, 7, 0, -1, -1, -1, -1, 4, 0, 7, 0, -1, -1, -1, -1, 32, 0, 7, 0, -1, -1, -1, -1
        };
        try {
            fixture.tree.in(
                    Tree.bytes("x"),
                    (fd, _) -> new LinuxPosix().setAttribute(fd, Tree.bytes("system.posix_acl_default"), acl));
        } catch (PosixException failure) {
            assertThat(failure.errno()).isEqualTo(Errno.EOPNOTSUPP);
        }

        fixture.restore("a", EfsFixture.EXISTING);

        assertThat(RestoreSamples.below(fixture, EfsFixture.RECOVERY_DIRECTORY).listing())
                .isEqualTo(before);
    }

    @Test
    void aFullDiskEndsTheRestoreWithWhatToDo() throws Exception {
        var fixture = RestoreSamples.sample(folder);
        var posix = RestoreSamples.failing("write", Errno.ENOSPC);

        assertThatThrownBy(() -> fixture.restore(posix, "a", EfsFixture.NEW))
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("no space left");

        assertThat(EfsFixture.treeOf(fixture.restore("a", EfsFixture.NEW)).listing())
                .isEqualTo(fixture.tree.listing());
    }

    @Test
    void aMissingPlaceForNewFileSystemsIsNamed() throws Exception {
        var fixture = RestoreSamples.sample(folder);
        Files.delete(fixture.restoreParent());

        assertThatThrownBy(() -> fixture.restore("a", EfsFixture.NEW))
                .isInstanceOf(SourceException.NotFound.class)
                .hasMessageContaining(fixture.restoreParent().toString());
    }

    @Test
    void anUnknownFileSystemIsNamed() throws Exception {
        var fixture = RestoreSamples.sample(folder);

        assertThatThrownBy(
                        () -> fixture.restore("a", Map.of("newfilesystem", "false", "file-system-id", "fs-99999999")))
                .isInstanceOf(SourceException.NotFound.class)
                .hasMessageContaining("fs-99999999");
    }

    @Test
    void aDamagedContentIsNamedAndLeavesNoTornFile() throws Exception {
        var fixture = RestoreSamples.sample(folder);
        var point = damagedAt(fixture.vault.open(new SessionId("a")), ItemPath.of("sub/b"));

        var result = fixture.restore(new LinuxPosix(), point, EfsFixture.NEW);

        assertThat(result.notRestoredItems()).isEqualTo(1);
        assertThat(EfsFixture.names(result.notRestored()))
                .singleElement()
                .asString()
                .startsWith("/sub/b: its content is damaged in the vault");
        var wanted = new TreeMap<>(fixture.tree.listing());
        wanted.remove("/sub/b");
        assertThat(EfsFixture.treeOf(result).listing()).isEqualTo(wanted);
    }

    private static RecoveryPointReader damagedAt(RecoveryPointReader point, ItemPath path) {
        return (RecoveryPointReader) Proxy.newProxyInstance(
                TreeRestoreTest.class.getClassLoader(),
                new Class<?>[] {RecoveryPointReader.class},
                (_, method, arguments) -> {
                    if (method.getName().equals("read")
                            && ((Item) arguments[0]).path().equals(path)) {
                        throw new RepositoryException.Corrupt("a chunk");
                    }
                    try {
                        return method.invoke(point, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }

    @Test
    void aFileWhoseOwnerCannotBeSetLosesItsSetIdBits() throws Exception {
        var fixture = new EfsFixture(folder);
        fixture.tree.file("tool", "x").mode("tool", 0b110_111_101_101);
        fixture.capture("a");
        var posix = HookedPosix.of((call, _, real) -> {
            var result = real.proceed();
            if (call.equals("chown")) {
                throw new PosixException("fchownat", Errno.EPERM);
            }
            return result instanceof Stat stat && call.equals("stat") ? ofAnother(stat) : result;
        });

        var result = fixture.restore(posix, "a", EfsFixture.NEW);

        assertThat(EfsFixture.treeOf(result).stat("tool").permissions()).isEqualTo(0b111_101_101);
        assertThat(EfsFixture.names(result.notRestored()))
                .contains("/tool: the owner could not be set: fchownat: EPERM");
    }

    private static Stat ofAnother(Stat stat) {
        return new Stat(
                stat.mode(),
                stat.uid() + 1,
                stat.gid(),
                stat.links(),
                stat.inode(),
                stat.size(),
                stat.blocks(),
                stat.modified(),
                stat.changed(),
                stat.rdev(),
                stat.device(),
                stat.mount());
    }
}
