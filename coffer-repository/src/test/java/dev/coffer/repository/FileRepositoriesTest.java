package dev.coffer.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.key.WrongKey;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.vault.VaultId;
import dev.coffer.repository.key.LocalKeyFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileRepositoriesTest {
    private static final VaultId OTHER = new VaultId(new UUID(9, 9));
    private static final SessionId POINT = new SessionId("one");

    @TempDir
    Path folder;

    private final SampleTree tree = SampleTree.random(1, 10, 1000);

    private static void nothing() {}

    private void write(FileRepositories repositories) throws InterruptedException {
        Installation.vault(repositories)
                .write(
                        POINT,
                        SampleTree.description(),
                        Optional.empty(),
                        tree.capture(1),
                        FileRepositoriesTest::nothing);
    }

    @Test
    void theStandardSettingsWork() throws Exception {
        var random = new SecureRandom();
        var key = LocalKeyFile.openOrCreate(folder.resolve("key"), random);
        try (var repositories = new FileRepositories(
                folder.resolve("v"), folder.resolve("cold"), folder.resolve("c"), key, random, "test")) {
            write(repositories);
            tree.assertIsIn(Installation.vault(repositories).open(POINT));
        }
    }

    @Test
    void makingAVaultAgainChangesNothing() throws Exception {
        var installation = new Installation(folder);
        try (var repositories = installation.start()) {
            write(repositories);
        }
        var format = Files.readAllBytes(installation.vaultFolder().resolve("format"));
        try (var repositories = installation.start()) {
            tree.assertIsIn(Installation.vault(repositories).open(POINT));
        }
        assertThat(Files.readAllBytes(installation.vaultFolder().resolve("format")))
                .isEqualTo(format);
    }

    @Test
    void aVaultThatWasNeverMadeIsNotFound() throws Exception {
        var installation = new Installation(folder);
        try (var repositories = installation.start()) {
            assertThatThrownBy(() -> repositories.open(Installation.SCOPE, Installation.NAME, Installation.ID))
                    .isInstanceOf(RepositoryException.NotFound.class);
            Files.createDirectories(installation.vaultFolder());
            assertThatThrownBy(() -> repositories.open(Installation.SCOPE, Installation.NAME, Installation.ID))
                    .isInstanceOf(RepositoryException.NotFound.class)
                    .hasMessageContaining(installation.vaultFolder().toString());
        }
    }

    @Test
    void aFolderOfAnotherVaultIsNotOpenedAndNotTouchedWhileItHoldsPoints() throws Exception {
        var installation = new Installation(folder);
        try (var repositories = installation.start()) {
            write(repositories);
            assertThatThrownBy(() -> repositories.open(Installation.SCOPE, Installation.NAME, OTHER))
                    .isInstanceOf(RepositoryException.OtherVault.class);
            assertThatThrownBy(() -> repositories.create(Installation.SCOPE, Installation.NAME, OTHER))
                    .isInstanceOf(RepositoryException.Occupied.class);
            repositories.destroy(Installation.SCOPE, Installation.NAME, OTHER);
            tree.assertIsIn(Installation.vault(repositories).open(POINT));
        }
    }

    @Test
    void leftoversOfADestroyedVaultMakeWay() throws Exception {
        var installation = new Installation(folder);
        try (var repositories = installation.start()) {
            write(repositories);
            Installation.vault(repositories).forget(POINT);
            repositories.create(Installation.SCOPE, Installation.NAME, OTHER);
            var vault = repositories.open(Installation.SCOPE, Installation.NAME, OTHER);
            assertThat(vault.storedBytes()).isLessThan(1000);
            assertThatThrownBy(() -> repositories.open(Installation.SCOPE, Installation.NAME, Installation.ID))
                    .isInstanceOf(RepositoryException.OtherVault.class);
        }
    }

    @Test
    void aVaultWithPointsIsNotDestroyedAndOneWithoutLeavesNoFile() throws Exception {
        var installation = new Installation(folder);
        try (var repositories = installation.start()) {
            write(repositories);
            assertThatThrownBy(() -> repositories.destroy(Installation.SCOPE, Installation.NAME, Installation.ID))
                    .isInstanceOf(RepositoryException.Occupied.class);
            var vault = Installation.vault(repositories);
            tree.assertIsIn(vault.open(POINT));
            vault.forget(POINT);
            vault.forget(POINT);
            repositories.destroy(Installation.SCOPE, Installation.NAME, Installation.ID);
            assertThat(installation.vaultFolder()).doesNotExist();
            assertThat(folder.resolve("cache").resolve(Installation.ID.toString()))
                    .doesNotExist();
            repositories.destroy(Installation.SCOPE, Installation.NAME, Installation.ID);
            write(repositories);
        }
    }

    @Test
    void anotherKeyIsRefusedWithTheNameOfTheRightOne() throws Exception {
        var installation = new Installation(folder);
        try (var repositories = installation.start()) {
            write(repositories);
        }
        var right = LocalKeyFile.open(folder.resolve("key"), new SecureRandom()).keyId();
        Files.delete(folder.resolve("key").resolve(LocalKeyFile.NAME));
        try (var repositories = new Installation(folder).start()) {
            assertThatThrownBy(() -> repositories.open(Installation.SCOPE, Installation.NAME, Installation.ID))
                    .isInstanceOf(WrongKey.class)
                    .hasMessageContaining(right);
        }
    }

    @Test
    void aVaultWhoseFormatFileIsMissingIsReportedAsThat() throws Exception {
        var installation = new Installation(folder);
        try (var repositories = installation.start()) {
            write(repositories);
        }
        Files.delete(installation.vaultFolder().resolve("format"));
        try (var repositories = installation.start()) {
            assertThatThrownBy(() -> repositories.open(Installation.SCOPE, Installation.NAME, Installation.ID))
                    .isInstanceOf(RepositoryException.Corrupt.class)
                    .hasMessageContaining("format file of vault Default is missing");
            assertThatThrownBy(() -> repositories.create(Installation.SCOPE, Installation.NAME, Installation.ID))
                    .isInstanceOf(RepositoryException.Occupied.class);
        }
    }

    @Test
    void aVaultOfANewerFormatAsksForANewerCoffer() throws Exception {
        var installation = new Installation(folder);
        try (var repositories = installation.start()) {
            write(repositories);
        }
        var file = installation.vaultFolder().resolve("format");
        var bytes = Files.readAllBytes(file);
        bytes[9] = 99;
        Files.delete(file);
        Files.write(file, bytes);
        try (var repositories = installation.start()) {
            assertThatThrownBy(() -> repositories.open(Installation.SCOPE, Installation.NAME, Installation.ID))
                    .isInstanceOf(RepositoryException.UnknownFormat.class)
                    .hasMessageContaining("format 99");
        }
    }

    @Test
    void aPackOfAnotherVaultIsNotReadAsOnesOwn() throws Exception {
        var installation = new Installation(folder);
        var second = new dev.coffer.core.vault.VaultName("second");
        try (var repositories = installation.start()) {
            write(repositories);
            repositories.create(Installation.SCOPE, second, OTHER);
        }
        var foreign = installation.vaultFolder().resolveSibling("second");
        try (var files = Files.walk(installation.vaultFolder())) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var target = foreign.resolve(installation.vaultFolder().relativize(file));
                if (!Files.exists(target)) {
                    Files.createDirectories(
                            Optional.ofNullable(target.getParent()).orElseThrow());
                    Files.copy(file, target);
                }
            }
        }
        try (var repositories = installation.start()) {
            var vault = repositories.open(Installation.SCOPE, second, OTHER);
            assertThatThrownBy(() -> vault.open(POINT)).isInstanceOf(RepositoryException.Corrupt.class);
            vault.write(
                    new SessionId("two"),
                    SampleTree.description(),
                    Optional.empty(),
                    tree.capture(1),
                    FileRepositoriesTest::nothing);
            tree.assertIsIn(vault.open(new SessionId("two")));
        }
    }

    @Test
    void nothingReadableOfTheContentIsInTheFiles() throws Exception {
        var installation = new Installation(folder);
        var secret = "the plaintext of a secret".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        try (var repositories = installation.start()) {
            var bytes = new byte[5000];
            Arrays.fill(bytes, (byte) 'x');
            System.arraycopy(secret, 0, bytes, 1000, secret.length);
            Installation.vault(repositories)
                    .write(
                            POINT,
                            SampleTree.description(),
                            Optional.empty(),
                            SampleTree.of("secretname", bytes).capture(1),
                            FileRepositoriesTest::nothing);
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1))
                        .doesNotContain("the plaintext", "secretname");
            }
        }
    }
}
