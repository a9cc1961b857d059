package dev.coffer.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Region;
import dev.coffer.keys.kms.KmsCredentials;
import dev.coffer.server.config.KeySource.SecretPlace;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KeySourceReaderTest {
    private static final String ARN = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555";

    @TempDir
    private Path folder;

    private Config read(String text) throws IOException {
        var file = folder.resolve("coffer.yaml");
        Files.writeString(file, text);
        return new ConfigReader(name -> name.equals("KMS_ALIAS") ? Optional.of("alias/coffer") : Optional.empty())
                .read(file);
    }

    @Test
    void withoutTheSectionTheKeyFileIsTheKey() throws IOException {
        var config = read("regions: [eu-west-1]\n");
        assertThat(config.keys()).isEqualTo(new KeySource.KeyFile());
        assertThat(config.formerKeys()).isEmpty();
        assertThat(read("keys: {type: file}\n").keys()).isEqualTo(new KeySource.KeyFile());
    }

    @Test
    void everyKindIsRead() throws IOException {
        var config = read("""
                keys: {type: kms, keyId: "${env:KMS_ALIAS}", region: eu-west-1, endpoint: "https://kms.example.org"}
                formerKeys:
                  - {type: file}
                  - {type: passphrase, passphraseFile: /run/secrets/phrase}
                  - {type: passphrase, name: "2025", passphraseVariable: COFFER_PASSPHRASE}
                  - {type: kms, keyId: "%s"}
                  - {type: pkcs11, library: /usr/lib/softhsm/libsofthsm2.so, token: backup hsm, pinFile: /run/secrets/pin, key: coffer}
                """.formatted(ARN));
        assertThat(config.keys())
                .isEqualTo(new KeySource.Kms(
                        "alias/coffer", "eu-west-1", Optional.of(URI.create("https://kms.example.org"))));
        assertThat(config.formerKeys())
                .containsExactly(
                        new KeySource.KeyFile(),
                        new KeySource.Phrase("default", new SecretPlace.InFile(Path.of("/run/secrets/phrase"))),
                        new KeySource.Phrase("2025", new SecretPlace.InVariable("COFFER_PASSPHRASE")),
                        new KeySource.Kms(ARN, "eu-west-1", Optional.empty()),
                        new KeySource.Token(
                                Path.of("/usr/lib/softhsm/libsofthsm2.so"),
                                "backup hsm",
                                "coffer",
                                new SecretPlace.InFile(Path.of("/run/secrets/pin")),
                                false));
    }

    @Test
    void aTokenKeyIsMadeOnlyIfThatIsAskedForAndItIsTheCurrentOne() throws IOException {
        var token = "{type: pkcs11, library: /l.so, token: t, pinVariable: PIN, key: k, create: true}";
        assertThat(read("keys: " + token).keys())
                .isEqualTo(new KeySource.Token(Path.of("/l.so"), "t", "k", new SecretPlace.InVariable("PIN"), true));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("formerKeys: [" + token + "]"))
                .withMessageContaining("unknown key 'create' in formerKeys[0]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "keys: {type: vault} | :1:14: unknown type. Known types: file, kms, passphrase, pkcs11",
                "keys: {} | :1:7: keys needs the key 'type'",
                "keys: file | keys must be a mapping",
                "keys: {type: file, path: /x} | :1:20: unknown key 'path' in keys. Known keys: type",
                "keys: {type: passphrase} | either 'passphraseFile' or 'passphraseVariable' is needed",
                "keys: {type: passphrase, passphraseFile: /x, passphraseVariable: X} | and not both",
                "keys: {type: passphrase, passphraseFile: x} | passphraseFile must be an absolute path",
                "keys: {type: passphrase, passphraseFile: /a/../x} | passphraseFile must be an absolute path",
                "keys: {type: passphrase, passphraseVariable: 'my secret'} | the name of an environment variable, not its value",
                "keys: {type: passphrase, passphrase: secret} | unknown key 'passphrase' in keys",
                "keys: {type: passphrase, name: a b, passphraseFile: /x} | 1 to 64 letters",
                "keys: {type: kms} | keys needs the key 'keyId'",
                "keys: {type: kms, keyId: alias/a} | need 'region' unless keyId is an ARN",
                "keys: {type: kms, keyId: a b, region: eu-west-1} | the id or ARN of a KMS key",
                "keys: {type: kms, keyId: alias/a, region: Europe} | region",
                "keys: {type: kms, keyId: alias/a, region: eu-west-1, endpoint: 'http://kms.example.org'} | must begin with https",
                "keys: {type: kms, keyId: alias/a, region: eu-west-1, endpoint: kms} | a URL such as",
                "keys: {type: kms, keyId: 'arn:aws:kms:eu-west-1:111122223333:alias/a', region: eu-west-2} | which is eu-west-1",
                "keys: {type: pkcs11, token: t, key: k, pinFile: /p} | keys needs the key 'library'",
                "keys: {type: pkcs11, library: l.so, token: t, key: k, pinFile: /p} | library must be an absolute path",
                "keys: {type: pkcs11, library: /l.so, token: t, pinFile: /p} | keys needs the key 'key'",
                "keys: {type: pkcs11, library: /l.so, token: t, key: k} | either 'pinFile' or 'pinVariable' is needed",
                "keys: {type: pkcs11, library: /l.so, token: t, key: k, pin: 1234} | unknown key 'pin' in keys",
                "keys: {type: pkcs11, library: /l.so, token: t, key: k, pinFile: /p, create: yes} | create is true or false",
                "keys: {type: pkcs11, library: /l.so, token: 123456789012345678901234567890123, key: k, pinFile: /p} | at most 32 bytes",
                "formerKeys: {type: file} | formerKeys must be a list",
                "formerKeys: [{type: file}] | stands twice in 'keys' and 'formerKeys'",
                "formerKeys: [{type: passphrase, passphraseFile: /x}, {type: passphrase, passphraseFile: /x}] | stands twice",
            })
    void whatIsWrongIsRefusedWithItsPlaceAndTheWayOut(String text, String complaint) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(text))
                .withMessageContaining("coffer.yaml:1:")
                .withMessageContaining(complaint)
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("my secret"));
    }

    @Test
    void servicesWithTheKeysOfVaultsAreRead() throws IOException {
        var services = read("""
                kms:
                  - {region: eu-west-1}
                  - {region: eu-central-1, account: "111122223333", endpoint: "https://kms.example.org", accessKeyId: AK, secretAccessKey: hidden}
                """).keyServices();
        assertThat(services.getFirst())
                .isEqualTo(new KeyService(
                        new Region("eu-west-1"), Optional.empty(), Optional.empty(), new KmsCredentials.Standard()));
        assertThat(services.getLast().account()).contains(new AccountId("111122223333"));
        assertThat(services.getLast().credentials())
                .isInstanceOfSatisfying(
                        KmsCredentials.AccessKey.class,
                        key -> assertThat(key.id()).isEqualTo("AK"));
        assertThat(services.toString()).doesNotContain("hidden");
        for (var wrong : new String[] {
            "{}",
            "{region: eu-west-1, account: \"999999999999\"}",
            "{region: eu-west-1, accessKeyId: AK}",
            "{region: eu-west-1, endpoint: \"http://kms.example.org\"}",
            "{region: eu-west-1, keyId: x}"
        }) {
            assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> read("kms: [" + wrong + "]"));
        }
    }
}
