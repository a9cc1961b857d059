package dev.coffer.server.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.server.node.CredentialsFile.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeFilesTest {
    private final SecureRandom random = new SecureRandom();

    @TempDir
    private Path folder;

    @Test
    void aDataFolderIsPrivateAndForOneServer() throws IOException {
        var data = folder.resolve("new/data");
        try (var first = DataFolder.open(data)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(first.folder("keys"))))
                    .isEqualTo("rwx------");
            assertThatThrownBy(() -> DataFolder.open(data))
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining("in use");
        }
        DataFolder.open(data).close();
    }

    @Test
    void aNodeKeySealsAndKnowsItsOwnSealsAlone() {
        var file = folder.resolve("node.key");
        var key = NodeKey.open(file, random);
        var sealed = key.seal("secret");
        assertThat(sealed).doesNotContain("secret").isNotEqualTo(key.seal("secret"));
        assertThat(NodeKey.open(file, random).unseal(sealed)).isEqualTo("secret");
        var other = NodeKey.open(folder.resolve("other.key"), random);
        assertThatThrownBy(() -> other.unseal(sealed)).isInstanceOf(RuntimeException.class);
        assertThat(key.derive("a")).isNotEqualTo(key.derive("b")).isNotEqualTo(other.derive("a"));
    }

    @Test
    void aBrokenNodeKeyStopsTheStart() throws IOException {
        var file = folder.resolve("node.key");
        for (var text : List.of("", "abcd", "not hex at all", "00".repeat(31))) {
            Files.writeString(file, text);
            assertThatThrownBy(() -> NodeKey.open(file, random))
                    .isInstanceOfSatisfying(NodeException.class, failure -> {
                        assertThat(failure.exitCode()).isEqualTo(12);
                        assertThat(failure).hasMessageContaining(file.toString());
                    });
            assertThat(file).hasContent(text);
        }
    }

    @Test
    void credentialsThatAreThereStayAndOthersAreAdded() throws IOException {
        var file = new CredentialsFile(folder.resolve("credentials"));
        file.addMissing(List.of(new Profile("coffer", "AKIA1", "secret/1+", "eu-west-1")));
        Files.writeString(file.path(), Files.readString(file.path()) + "[own]\naws_access_key_id = mine\n");
        file.addMissing(List.of(
                new Profile("coffer", "AKIA2", "secret2", "eu-west-1"),
                new Profile("coffer-archive", "AKIA3", "secret3", "eu-west-1")));
        assertThat(Files.readString(file.path()))
                .contains(
                        "[coffer]\naws_access_key_id = AKIA1\naws_secret_access_key = secret/1+\nregion = eu-west-1\n")
                .contains("[own]\naws_access_key_id = mine\n")
                .contains("[coffer-archive]\naws_access_key_id = AKIA3")
                .doesNotContain("AKIA2");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                .isEqualTo("rw-------");
        assertThat(new Profile("coffer", "AKIA1", "secret/1+", "eu-west-1").toString())
                .doesNotContain("secret/1+");
    }

    @Test
    void aNodeKeepsItsName() throws IOException {
        var file = folder.resolve("node-id");
        var name = NodeId.open(file, UUID::randomUUID);
        assertThat(NodeId.open(file, UUID::randomUUID)).isEqualTo(name);
        Files.writeString(file, "no name");
        assertThatThrownBy(() -> NodeId.open(file, UUID::randomUUID)).isInstanceOf(NodeException.class);
    }

    @Test
    void aLostVaultKeyIsNotReplacedWhileThereAreVaults() throws IOException {
        var keys = Files.createDirectory(folder.resolve("keys"));
        var vaults = Files.createDirectory(folder.resolve("vaults"));
        var first = VaultKey.open(keys, List.of(vaults), random).keyId();
        Files.createDirectory(vaults.resolve("111122223333"));
        assertThat(VaultKey.open(keys, List.of(vaults), random).keyId()).isEqualTo(first);
        try (var all = Files.list(keys)) {
            for (var file : all.toList()) {
                Files.delete(file);
            }
        }
        assertThatThrownBy(() -> VaultKey.open(keys, List.of(vaults), random))
                .isInstanceOfSatisfying(
                        NodeException.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(12));
    }
}
