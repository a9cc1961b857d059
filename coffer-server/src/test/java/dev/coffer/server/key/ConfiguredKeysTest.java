package dev.coffer.server.key;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.core.key.KeyProvider;
import dev.coffer.core.key.WrongKey;
import dev.coffer.repository.key.LocalKeyFile;
import dev.coffer.server.config.Config;
import dev.coffer.server.config.ConfigReader;
import dev.coffer.server.node.NodeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfiguredKeysTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("PHRASE", "wooden spoon in tea", "SHORT", "word");
    private static final byte[] CONTEXT = "vault one".getBytes(US_ASCII);
    private static final byte[] DATA_KEY = new byte[32];

    @TempDir
    private Path folder;

    private Path keys;
    private Path vaults;

    ConfiguredKeysTest() {
        keys = Path.of("");
        vaults = Path.of("");
    }

    @BeforeEach
    void folders() throws IOException {
        keys = Files.createDirectory(folder.resolve("keys"));
        vaults = Files.createDirectory(folder.resolve("vaults"));
    }

    private KeyProvider open(String yaml) throws IOException {
        var file = Files.writeString(folder.resolve("coffer.yaml"), yaml);
        var config = new ConfigReader(_ -> Optional.empty()).read(file);
        try (var configured = ConfiguredKeys.of(
                keys, List.of(vaults), new SecureRandom(), name -> Optional.ofNullable(ENVIRONMENT.get(name)))) {
            return configured.open(config);
        }
    }

    private void assertRefused(String yaml, String... parts) {
        assertThatExceptionOfType(NodeException.class)
                .isThrownBy(() -> open(yaml))
                .satisfies(refused -> {
                    assertThat(refused.getMessage()).contains(parts).doesNotContain("wooden spoon");
                    assertThat(refused.exitCode()).isEqualTo(12);
                });
    }

    @Test
    void theKeyFileIsMadeForANodeWithoutVaults() throws IOException {
        var made = open("");
        assertThat(made.keyId()).startsWith("local:");
        assertThat(open("keys: {type: file}").keyId()).isEqualTo(made.keyId());
        assertThat(keys.resolve(LocalKeyFile.NAME)).exists();
    }

    @Test
    void whoeverOnlyReadsMakesNoKeyFile() throws IOException {
        try (var configured = ConfiguredKeys.of(keys, List.of(), new SecureRandom(), _ -> Optional.empty())) {
            assertThatExceptionOfType(NodeException.class)
                    .isThrownBy(() -> configured.openExisting(Config.defaults()))
                    .withMessageContaining(LocalKeyFile.NAME);
            assertThat(keys).isEmptyDirectory();
            var made = open("");
            assertThat(configured.openExisting(Config.defaults()).keyId()).isEqualTo(made.keyId());
        }
    }

    @Test
    void anotherKeyMakesNoKeyFile() throws IOException {
        assertThat(open("keys: {type: passphrase, passphraseVariable: PHRASE}").keyId())
                .isEqualTo("passphrase:default");
        assertThat(keys).isEmptyDirectory();
    }

    @Test
    void whatTheKeyFileWrappedIsUnwrappedAsLongAsItIsAFormerKey() throws IOException {
        var file = open("");
        var wrapped = file.wrap(DATA_KEY, CONTEXT);
        Files.createDirectory(vaults.resolve("111122223333"));
        var phrase = "keys: {type: passphrase, passphraseVariable: PHRASE}\n";

        var both = open(phrase + "formerKeys: [{type: file}]");
        assertThat(both.unwrap(file.keyId(), wrapped, CONTEXT)).isEqualTo(DATA_KEY);
        assertThat(both.keyId()).isEqualTo("passphrase:default");
        assertThat(both.unwrap(both.keyId(), both.wrap(DATA_KEY, CONTEXT), CONTEXT))
                .isEqualTo(DATA_KEY);

        assertThatExceptionOfType(WrongKey.class)
                .isThrownBy(() -> open(phrase).unwrap(file.keyId(), wrapped, CONTEXT))
                .withMessageContaining(file.keyId());
    }

    @Test
    void aFormerKeyFileIsNeverMade() {
        assertRefused(
                "keys: {type: passphrase, passphraseVariable: PHRASE}\nformerKeys: [{type: file}]",
                "there is no key file");
        assertThat(keys).isEmptyDirectory();
    }

    @Test
    void theWayBackToAKeyFileMakesOneThoughThereAreVaults() throws IOException {
        Files.createDirectory(vaults.resolve("111122223333"));
        assertRefused("", "is missing, and there are vaults");
        var ring = open("formerKeys: [{type: passphrase, passphraseVariable: PHRASE}]");
        assertThat(ring.keyId()).startsWith("local:");
    }

    @Test
    void aPassphraseComesFromAFileToo() throws IOException {
        var file = Files.writeString(folder.resolve("phrase"), "wooden spoon in tea\n");
        var ofFile = open("keys: {type: passphrase, passphraseFile: " + file + "}");
        var wrapped = ofFile.wrap(DATA_KEY, CONTEXT);
        assertThat(open("keys: {type: passphrase, passphraseVariable: PHRASE}")
                        .unwrap("passphrase:default", wrapped, CONTEXT))
                .isEqualTo(DATA_KEY);
    }

    @Test
    void whatCannotBeUsedEndsTheStartWithItsReason() throws IOException {
        assertRefused("keys: {type: passphrase, passphraseVariable: NONE}", "NONE is not set");
        assertRefused("keys: {type: passphrase, passphraseVariable: SHORT}", "SHORT", "fewer than 12 characters");
        assertRefused(
                "keys: {type: passphrase, passphraseFile: " + folder.resolve("none") + "}", "none does not exist");
        assertRefused(
                "keys: {type: pkcs11, library: " + folder.resolve("none.so")
                        + ", token: t, key: k, pinVariable: PHRASE}",
                "none.so does not exist");
        assertRefused(
                "keys: {type: passphrase, passphraseVariable: PHRASE}\nformerKeys: [{type: passphrase, passphraseVariable: SHORT, name: default}]",
                "fewer than 12");
        assertRefused(
                "keys: {type: passphrase, passphraseVariable: PHRASE}\nformerKeys: [{type: passphrase, passphraseFile: "
                        + Files.writeString(folder.resolve("phrase"), "other random words") + "}]",
                "passphrase:default stands twice",
                "give it another name");
    }

    @Test
    void aKmsThatIsNamedByAliasIsAskedAtTheStart() throws IOException {
        int free;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        // Without credentials or without the service: in both cases the start ends and says why.
        assertRefused(
                "keys: {type: kms, keyId: alias/coffer, region: eu-west-1, endpoint: \"http://127.0.0.1:" + free
                        + "\"}",
                "KMS",
                "cannot be");
        assertThat(open("keys: {type: kms, keyId: \"arn:aws:kms:eu-west-1:111122223333:key/1\"}")
                        .keyId())
                .isEqualTo("kms:arn:aws:kms:eu-west-1:111122223333:key/1");
    }
}
