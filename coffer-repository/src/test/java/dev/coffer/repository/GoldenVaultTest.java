package dev.coffer.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.repository.SessionId;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vault that was written once in format 1 and stays readable for ever. Its files never change; a change of the format gets a folder of its own. */
final class GoldenVaultTest {
    private static final SessionId FIRST = new SessionId("first");
    private static final SessionId SECOND = new SessionId("second");

    @TempDir
    Path folder;

    private static SampleTree tree(SessionId id) {
        return SampleTree.random(id.equals(FIRST) ? 11 : 12, 40, 3_000);
    }

    private static void nothing() {}

    /** Made the vault: the argument is the folder {@code src/test/resources/golden/v1}. */
    public static void main(String[] arguments) throws Exception {
        try (var repositories = new Installation(Path.of(arguments[0])).start()) {
            var vault = Installation.vault(repositories);
            vault.write(
                    FIRST,
                    SampleTree.description(),
                    Optional.empty(),
                    tree(FIRST).capture(1),
                    GoldenVaultTest::nothing);
            vault.write(
                    SECOND,
                    SampleTree.description(),
                    Optional.of(FIRST),
                    tree(SECOND).capture(1),
                    GoldenVaultTest::nothing);
        }
    }

    @Test
    void aVaultOfFormatOneIsReadable() throws Exception {
        var url = Objects.requireNonNull(GoldenVaultTest.class.getResource("/golden/v1"));
        var golden = Path.of(URI.create(url.toString()));
        try (var files = Files.walk(golden)) {
            for (var file : files.toList()) {
                var target = folder.resolve(golden.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        try (var repositories = new Installation(folder).start()) {
            var vault = repositories.open(Installation.SCOPE, Installation.NAME, Installation.ID);
            var ids = new ArrayList<SessionId>();
            vault.points(manifest -> {
                ids.add(manifest.id());
                assertThat(manifest.point()).isEqualTo(SampleTree.description());
            });
            assertThat(ids).containsExactly(FIRST, SECOND);
            tree(FIRST).assertIsIn(vault.open(FIRST));
            tree(SECOND).assertIsIn(vault.open(SECOND));
        }
    }
}
