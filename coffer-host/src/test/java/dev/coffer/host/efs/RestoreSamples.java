package dev.coffer.host.efs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.host.posix.Errno;
import dev.coffer.host.posix.LinuxPosix;
import dev.coffer.host.posix.Posix;
import dev.coffer.host.posix.PosixException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Trees to restore, and how. */
final class RestoreSamples {
    static final Map<String, String> IN_PLACE = with(EfsFixture.EXISTING, "coffer:inplace", "true");

    private RestoreSamples() {}

    static EfsFixture sample(Path folder) throws Exception {
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

    static EfsFixture linked(Path folder, String name) throws Exception {
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

    static Tree below(EfsFixture fixture, String path) {
        return new Tree(fixture.tree.root().resolve(path));
    }

    static Posix failing(String failing, Errno errno) {
        return HookedPosix.of((call, _, real) -> {
            if (call.equals(failing)) {
                throw new PosixException(failing, errno);
            }
            return real.proceed();
        });
    }

    static Map<String, String> with(Map<String, String> metadata, String key, String value) {
        var more = new HashMap<>(metadata);
        more.put(key, value);
        return more;
    }
}
