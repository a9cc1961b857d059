package dev.coffer.server.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.catalog.SqlCatalog;
import dev.coffer.core.key.KeyRing;
import dev.coffer.repository.key.LocalKeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of one catalog have the same keys, or do not start. */
final class InstallationKeysTest {
    @TempDir
    private Path folder;

    private final SecureRandom random = new SecureRandom();
    private SqlCatalog catalog;

    @BeforeEach
    void open() {
        catalog = SqlCatalog.open(folder.resolve("catalog"));
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private NodeKey nodeKey(Path keys) {
        return InstallationKeys.nodeKey(catalog, "PLACE", keys, random);
    }

    private Path keys(String node) throws IOException {
        return Files.createDirectories(folder.resolve(node));
    }

    private KeyRing ring(Path keys, KeyRing... former) throws IOException {
        return new KeyRing(LocalKeyFile.openOrCreate(keys, random), List.of(former));
    }

    private void assertRefused(Runnable start, String... parts) {
        assertThatExceptionOfType(NodeException.class).isThrownBy(start::run).satisfies(refused -> {
            assertThat(refused.getMessage()).contains(parts).contains("PLACE", "copy of the folder keys");
            assertThat(refused.exitCode()).isEqualTo(12);
        });
    }

    @Test
    void aNodeWithTheKeysOfAnotherUnderstandsItAndOneWithItsOwnDoesNotStart() throws IOException {
        var a = keys("a");
        var sealed = nodeKey(a).seal("secret");

        var b = keys("b");
        assertRefused(() -> nodeKey(b), "is missing");
        assertThat(b).as("nothing is made in passing").isEmptyDirectory();

        Files.copy(a.resolve("node.key"), b.resolve("node.key"));
        assertThat(nodeKey(b).unseal(sealed)).isEqualTo("secret");

        var c = keys("c");
        NodeKey.open(c.resolve("node.key"), random);
        assertRefused(() -> nodeKey(c), "does not open the catalog");
    }

    @Test
    void aNodeThatCannotUnwrapWhatTheOthersWrapDoesNotStart() throws IOException {
        var first = ring(keys("a"));
        InstallationKeys.check(catalog, "PLACE", keys("a"), first);
        InstallationKeys.check(catalog, "PLACE", keys("a"), first);
        var stranger = ring(keys("b"));
        assertRefused(() -> check(stranger), first.keyId());
        var rotated = ring(keys("c"), first);
        check(rotated);
        assertRefused(() -> check(first), rotated.keyId());
        check(ring(keys("c")));
    }

    private void check(KeyRing ring) {
        InstallationKeys.check(catalog, "PLACE", folder.resolve("keys"), ring);
    }
}
