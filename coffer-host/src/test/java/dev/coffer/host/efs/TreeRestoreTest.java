package dev.coffer.host.efs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.connector.Restored;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.host.posix.Errno;
import dev.coffer.host.posix.LinuxPosix;
import dev.coffer.host.posix.Posix;
import dev.coffer.host.posix.PosixException;
import dev.coffer.host.posix.Stat;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TreeRestoreTest {
    private static final Map<String, String> IN_PLACE = with(EfsFixture.EXISTING, "coffer:inplace", "true");

    @TempDir
    private Path folder;

    @Test
    void aNewFileSystemHasAnIdOfItsJobAndTheTagsAndThePathOfItsFolder() throws Exception {
        var fixture = sample();

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
        var fixture = sample();
        var before = fixture.tree.listing();
        Files.writeString(fixture.tree.root().resolve("a"), "changed since");

        var result = fixture.restore("a", EfsFixture.EXISTING);

        assertThat(result.created()).isEmpty();
        assertThat(result.resource()).isEqualTo(fixture.source().arn());
        assertThat(below(fixture, EfsFixture.RECOVERY_DIRECTORY).listing()).isEqualTo(before);
        assertThat(fixture.tree.text("a")).isEqualTo("changed since");
    }

    @Test
    void itemsKeepTheirPathBelowTheRecoveryDirectory() throws Exception {
        var fixture = sample();
        var before = fixture.tree.listing();

        fixture.restore("a", with(EfsFixture.EXISTING, "itemstorestore", "[\"/sub/deep/\",\"/sub/deep/c\",\"/link\"]"));

        var wanted = new TreeMap<>(before);
        wanted.keySet().removeAll(List.of("/a", "/sub/b"));
        assertThat(below(fixture, EfsFixture.RECOVERY_DIRECTORY).listing()).isEqualTo(wanted);
    }

    @Test
    void itemsGoToARecoveryDirectoryInANewFileSystemToo() throws Exception {
        var fixture = sample();

        var result = fixture.restore("a", with(EfsFixture.NEW, "itemstorestore", "[\"/a\"]"));

        var root = Path.of(result.created().orElseThrow().settings().get("path"));
        assertThat(root.resolve(EfsFixture.RECOVERY_DIRECTORY).resolve("a")).hasContent("first");
        assertThat(result.created().orElseThrow().tags()).isEmpty();
        try (var names = Files.list(root)) {
            assertThat(names).hasSize(1);
        }
    }

    @Test
    void anItemThatIsNotInThePointIsNamedAndNoneAtAllFailsTheRestore() throws Exception {
        var fixture = sample();

        var result = fixture.restore("a", with(EfsFixture.NEW, "itemstorestore", "[\"/a\",\"/A\"]"));

        assertThat(EfsFixture.names(result.notRestored())).containsExactly("/A: is not in the recovery point");
        assertThatThrownBy(() -> fixture.restore("a", with(EfsFixture.EXISTING, "itemstorestore", "[\"/A\"]")))
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

        var result = fixture.restore("a", with(EfsFixture.EXISTING, "itemstorestore", "[\"/x\"]"));

        var there = below(fixture, EfsFixture.RECOVERY_DIRECTORY);
        assertThat(result.notRestoredItems()).isZero();
        assertThat(there.text("x/second")).isEqualTo("shared");
        assertThat(there.stat("x/second").inode())
                .isEqualTo(there.stat("x/third").inode());
        assertThat(there.stat("x/second").modified()).isEqualTo(Tree.LONG_AGO);
        assertThat(fixture.tree.stat("first").links()).isEqualTo(3);
    }

    @Test
    void aUsersDirectoryIsMadeWhereHeSaysAndAnExistingOneIsRefused() throws Exception {
        var fixture = sample();
        var before = fixture.tree.listing();
        var metadata = with(EfsFixture.EXISTING, "coffer:directory", "/back/here");

        fixture.restore("a", metadata);

        var listing = below(fixture, "back/here").listing();
        listing.keySet().removeIf(path -> path.startsWith("/.coffer-restore-"));
        assertThat(listing).isEqualTo(before);
        Files.createDirectories(fixture.tree.root().resolve("taken"));
        Files.writeString(fixture.tree.root().resolve("taken/file"), "mine");
        assertThatThrownBy(() -> fixture.restore("a", with(EfsFixture.EXISTING, "coffer:directory", "taken")))
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("exists already");
        try (var names = Files.list(fixture.tree.root().resolve("taken"))) {
            assertThat(names).hasSize(1);
        }
    }

    @Test
    void aLinkInPlaceOfTheRecoveryDirectoryIsNotFollowed() throws Exception {
        var fixture = sample();
        var outside = Files.createDirectories(folder.resolve("outside"));
        Files.createSymbolicLink(fixture.tree.root().resolve(EfsFixture.RECOVERY_DIRECTORY), outside);

        assertThatThrownBy(() -> fixture.restore("a", EfsFixture.EXISTING))
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("not a folder");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void linksPlantedDuringARestoreAreNeitherFollowedNorReplaced() throws Exception {
        var fixture = sample();
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
        var items = new ConcurrentSkipListMap<ItemPath, Item>();
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
        fixture.vault.commit(
                new SessionId("a"),
                new PointDescription("p", "r", "EFS", "n", Instant.EPOCH, Map.of(), Map.of()),
                Optional.empty(),
                new CaptureSummary(Instant.EPOCH, 0, List.of()),
                items);

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

    private static void add(Map<ItemPath, Item> items, String path, ItemKind kind, Attributes attributes) {
        var content = kind == ItemKind.FILE ? Tree.bytes("x") : new byte[0];
        items.put(ItemPath.of(path), MemoryVault.item(ItemPath.of(path), kind, attributes, content));
    }

    @Test
    void aFullDiskEndsTheRestoreWithWhatToDo() throws Exception {
        var fixture = sample();
        var posix = failing("write", Errno.ENOSPC);

        assertThatThrownBy(() -> fixture.restore(posix, "a", EfsFixture.NEW))
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("no space left");

        assertThat(EfsFixture.treeOf(fixture.restore("a", EfsFixture.NEW)).listing())
                .isEqualTo(fixture.tree.listing());
    }

    @Test
    void aMissingPlaceForNewFileSystemsIsNamed() throws Exception {
        var fixture = sample();
        Files.delete(fixture.restoreParent());

        assertThatThrownBy(() -> fixture.restore("a", EfsFixture.NEW))
                .isInstanceOf(SourceException.NotFound.class)
                .hasMessageContaining(fixture.restoreParent().toString());
    }

    @Test
    void anUnknownFileSystemIsNamed() throws Exception {
        var fixture = sample();

        assertThatThrownBy(
                        () -> fixture.restore("a", Map.of("newfilesystem", "false", "file-system-id", "fs-99999999")))
                .isInstanceOf(SourceException.NotFound.class)
                .hasMessageContaining("fs-99999999");
    }

    @Test
    void aDamagedContentIsNamedAndLeavesNoTornFile() throws Exception {
        var fixture = sample();
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

    @Test
    void inPlaceSkipsWhatIsThereAndBringsBackWhatIsMissing() throws Exception {
        var fixture = sample();
        var before = fixture.tree.listing();
        Files.delete(fixture.tree.root().resolve("sub/b"));
        Files.delete(fixture.tree.root().resolve("link"));
        Files.writeString(fixture.tree.root().resolve("a"), "changed since");

        var result = fixture.restore("a", IN_PLACE);

        assertThat(EfsFixture.names(result.notRestored()))
                .containsExactly("/a: there is something else at its path; coffer:conflict is skip");
        assertThat(fixture.tree.text("a")).isEqualTo("changed since");
        assertThat(fixture.tree.listing().get("/sub/b")).isEqualTo(before.get("/sub/b"));
        assertThat(Files.isSymbolicLink(fixture.tree.root().resolve("link"))).isTrue();
        assertThat(fixture.tree.listing().keySet()).isEqualTo(before.keySet());
    }

    @Test
    void inPlaceOverwritesWhenTold() throws Exception {
        var fixture = sample();
        var before = fixture.tree.listing();
        var outside = Files.writeString(folder.resolve("outside"), "untouched");
        Files.writeString(fixture.tree.root().resolve("a"), "changed since");
        Files.delete(fixture.tree.root().resolve("sub/b"));
        Files.createSymbolicLink(fixture.tree.root().resolve("sub/b"), outside);
        fixture.tree.mode("sub", 0b111_000_000);
        fixture.tree.file("new", "stays");

        var result = fixture.restore("a", with(IN_PLACE, "coffer:conflict", "overwrite"));

        assertThat(EfsFixture.names(result.notRestored())).isEmpty();
        assertThat(outside).hasContent("untouched");
        assertThat(fixture.tree.text("new")).isEqualTo("stays");
        Files.delete(fixture.tree.root().resolve("new"));
        fixture.tree.in(Tree.bytes("x"), (fd, _) -> new LinuxPosix().setModified(fd, Tree.LONG_AGO));
        assertThat(fixture.tree.listing()).isEqualTo(before);
    }

    @Test
    void inPlaceNeverReplacesAFolderByAFileOrWritesThroughALinkInItsPlace() throws Exception {
        var fixture = sample();
        var outside = Files.createDirectories(folder.resolve("outside"));
        Files.delete(fixture.tree.root().resolve("a"));
        Files.createDirectories(fixture.tree.root().resolve("a/mine"));
        Files.move(fixture.tree.root().resolve("sub"), folder.resolve("away"));
        Files.createSymbolicLink(fixture.tree.root().resolve("sub"), outside);

        var result = fixture.restore("a", with(IN_PLACE, "coffer:conflict", "overwrite"));

        assertThat(fixture.tree.root().resolve("a/mine")).isDirectory();
        assertThat(outside).isEmptyDirectory();
        assertThat(EfsFixture.names(result.notRestored()))
                .contains("/a: a folder is in the way")
                .anyMatch(reason -> reason.startsWith("/sub: a symbolic link"));
    }

    @Test
    void inPlaceRenamesWhenTold() throws Exception {
        var fixture = sample();
        Files.writeString(fixture.tree.root().resolve("a"), "changed since");
        var metadata = with(IN_PLACE, "coffer:conflict", "rename");

        var first = fixture.restore("a", metadata);
        var second = fixture.restore("a", metadata);

        assertThat(EfsFixture.names(first.notRestored())).isEmpty();
        assertThat(second).isEqualTo(first);
        assertThat(fixture.tree.text("a")).isEqualTo("changed since");
        assertThat(fixture.tree.text("a.restored-20260102T030405Z")).isEqualTo("first");
    }

    @Test
    void anAccessListOfTheTargetIsNotHandedDownToWhatIsRestored() throws Exception {
        var fixture = sample();
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

        assertThat(below(fixture, EfsFixture.RECOVERY_DIRECTORY).listing()).isEqualTo(before);
    }

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
        assertRepeatable(with(EfsFixture.EXISTING, "coffer:directory", "back/here"), _ -> {}, fixture -> fixture.tree);
    }

    @Test
    void anInPlaceRestoreMayEndAtAnyCallAndBeRepeated() throws Exception {
        for (var conflict : List.of("skip", "overwrite", "rename")) {
            assertRepeatable(
                    with(IN_PLACE, "coffer:conflict", conflict),
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
        var whole = linked("whole" + metadata.hashCode());
        accident.befall(whole);
        var expected = whole.restore(endingAt(calls, Integer.MAX_VALUE), "a", metadata);
        var expectedTree = steady(result.apply(whole).listing());
        assertThat(calls.get()).isGreaterThan(10);
        for (int end = 0; end < calls.get(); end++) {
            var fixture = linked("end" + end + "-" + metadata.hashCode());
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

    private EfsFixture sample() throws Exception {
        return sample(folder);
    }

    private static EfsFixture sample(Path folder) throws Exception {
        var fixture = new EfsFixture(folder);
        fixture.tree
                .file("a", "first")
                .folder("sub")
                .file("sub/b", "second")
                .folder("sub/deep")
                .file("sub/deep/c", "third")
                .symlink("link", Tree.bytes("/etc/passwd"));
        fixture.tree
                .modified("sub", Tree.LONG_AGO)
                .modified("sub/deep", Tree.LONG_AGO)
                .modified("link", Tree.LONG_AGO);
        fixture.tree.in(Tree.bytes("x"), (fd, _) -> new LinuxPosix().setModified(fd, Tree.LONG_AGO));
        fixture.capture("a");
        return fixture;
    }

    private EfsFixture linked(String name) throws Exception {
        var fixture = new EfsFixture(Files.createDirectories(folder.resolve(name)));
        fixture.tree
                .file("a", "first")
                .folder("sub")
                .folder("sub/deep")
                .file("sub/deep/c", "third")
                .file("sub/b", "second")
                .link("sub/b", "b2")
                .symlink("link", Tree.bytes("/etc/passwd"))
                .mode("sub/deep", 0b101_101_101)
                .modified("sub", Tree.LONG_AGO)
                .modified("sub/deep", Tree.LONG_AGO)
                .modified("link", Tree.LONG_AGO);
        withAccessList(fixture.tree, "sub/deep");
        fixture.tree.in(Tree.bytes("x"), (fd, _) -> new LinuxPosix().setModified(fd, Tree.LONG_AGO));
        fixture.capture("a");
        return fixture;
    }

    /** Gives a user of his own the right to read, where the file system knows such lists. */
    private static void withAccessList(Tree tree, String path) throws Exception {
        try {
            tree.attribute(path, "system.posix_acl_access", EfsRoundTripTest.acl(7));
        } catch (PosixException failure) {
            assertThat(failure.errno()).isEqualTo(Errno.EOPNOTSUPP);
        }
    }

    private static Tree below(EfsFixture fixture, String path) {
        return new Tree(fixture.tree.root().resolve(path));
    }

    private static Posix failing(String failing, Errno errno) {
        return HookedPosix.of((call, _, real) -> {
            if (call.equals(failing)) {
                throw new PosixException(failing, errno);
            }
            return real.proceed();
        });
    }

    private static Map<String, String> with(Map<String, String> metadata, String key, String value) {
        var more = new HashMap<>(metadata);
        more.put(key, value);
        return more;
    }
}
