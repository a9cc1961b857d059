package dev.coffer.keys.escrow;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.coffer.keys.passphrase.Argon2Cost;
import dev.coffer.keys.passphrase.Passphrase;
import dev.coffer.keys.passphrase.PassphraseSeal;
import dev.coffer.keys.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EscrowFileTest {
    private static final String PASSPHRASE = "correct horse battery staple";
    private static final byte[] CONTEXT = "vault one".getBytes(US_ASCII);

    @TempDir
    private Path folder;

    private final SecureRandom random = new SecureRandom();
    private final PassphraseSeal seal = seal(PASSPHRASE);
    private final byte[] dataKey = new byte[32];

    EscrowFileTest() {
        for (int i = 0; i < dataKey.length; i++) {
            dataKey[i] = (byte) i;
        }
    }

    private PassphraseSeal seal(String passphrase) {
        return new PassphraseSeal(
                new Passphrase(Secret.of("the test", passphrase.toCharArray())), new Argon2Cost(1024, 1, 1), random);
    }

    private Path file() {
        return folder.resolve("prod.escrow");
    }

    private EscrowFile written() {
        return EscrowFile.write(file(), "v-1", CONTEXT, dataKey, seal, random);
    }

    @Test
    void aFileIsWrittenForTheOwnerAloneAndGivesTheKeyBack() throws IOException {
        assertThat(written().open(seal)).isEqualTo(dataKey);
        assertThat(Files.getPosixFilePermissions(file())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.readAllLines(file())).hasSize(5).first().isEqualTo("coffer-escrow-v1");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file());
        }
        var read = EscrowFile.read(file());
        assertThat(read.vault()).isEqualTo("v-1");
        assertThat(read.context()).isEqualTo(CONTEXT);
        assertThat(read.open(seal(PASSPHRASE))).isEqualTo(dataKey);
        assertThat(read.open(seal(PASSPHRASE), "v-1", CONTEXT)).isEqualTo(dataKey);
    }

    /** Made by another implementation (argon2-cffi, OpenSSL) from the page of the format. A change here is another format. */
    @Test
    void aFileOfAnotherImplementationOpens() throws IOException {
        Files.writeString(file(), """
                coffer-escrow-v1
                vault v-1
                context dmF1bHQgb25l
                key AQAABAAAAQEAAQIDBAUGBwgJCgsMDQ4PZGVmZ2hpamtsbW5vXnM7gRpYY6cXf/N2M+RgEoSb4TUHFmgcm2Yz+wPhYZfe9T9WavsI+Zo44+2xKac/
                checksum a3772740a337b9472666166a2b16c576b09a0abef2884fa28e74e58d0380d893
                """);
        assertThat(EscrowFile.read(file()).open(seal, "v-1", CONTEXT)).isEqualTo(dataKey);
    }

    @Test
    void aFileIsNeverOverwritten() throws IOException {
        Files.writeString(file(), "something else");
        assertThatExceptionOfType(EscrowException.AlreadyExists.class)
                .isThrownBy(this::written)
                .withMessageContaining(file().toString())
                .withMessageContaining("Choose another name");
        assertThat(file()).hasContent("something else");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void aFolderThatIsNotThereIsNamed() {
        assertThatExceptionOfType(EscrowException.Inaccessible.class)
                .isThrownBy(() -> EscrowFile.write(folder.resolve("none/x"), "v-1", CONTEXT, dataKey, seal, random))
                .withMessageContaining("none/x");
        assertThatExceptionOfType(EscrowException.Inaccessible.class)
                .isThrownBy(() -> EscrowFile.read(file()))
                .withMessageContaining(file().toString());
    }

    @Test
    void anotherPassphraseIsNamedAsTheReason() {
        var file = written();
        assertThatExceptionOfType(EscrowException.WrongPassphrase.class)
                .isThrownBy(() -> file.open(seal("correct horse battery stable")))
                .withMessageContaining(file().toString())
                .withMessageContaining("the passphrase is not the one")
                .satisfies(refused -> assertThat(refused.toString()).doesNotContain("correct horse"));
    }

    @Test
    void aFileOfAnotherVaultIsRefusedAndBothAreNamed() {
        var file = written();
        assertThatExceptionOfType(EscrowException.OtherVault.class)
                .isThrownBy(() -> file.open(seal, "v-2", CONTEXT))
                .withMessageContaining("v-1")
                .withMessageContaining("v-2");
        assertThatExceptionOfType(EscrowException.OtherVault.class)
                .isThrownBy(() -> file.open(seal, "v-1", "vault two".getBytes(US_ASCII)))
                .withMessageContaining("another format blob");
    }

    @Test
    void aVaultThatWasRenamedInTheFileWithItsChecksumDoesNotOpen() throws Exception {
        written();
        var lines = Files.readAllLines(file());
        var forged = lines.get(0) + "\nvault v-2\n" + lines.get(2) + "\n" + lines.get(3) + "\n";
        var checksum = java.util.HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(forged.getBytes(US_ASCII)));
        Files.writeString(file(), forged + "checksum " + checksum + "\n");
        assertThatExceptionOfType(EscrowException.WrongPassphrase.class)
                .isThrownBy(() -> EscrowFile.read(file()).open(seal, "v-2", CONTEXT));
    }

    @Test
    void everyCharacterThatChangedIsFound() throws IOException {
        written();
        var good = Files.readString(file()).stripTrailing();
        for (int i = 0; i < good.length(); i++) {
            for (char other : new char[] {(char) (good.charAt(i) ^ 1), '\n', '\u00e9'}) {
                if (good.charAt(i) == other) {
                    continue;
                }
                Files.writeString(file(), good.substring(0, i) + other + good.substring(i + 1));
                assertThatExceptionOfType(EscrowException.Damaged.class)
                        .as("character %s", i)
                        .isThrownBy(() -> EscrowFile.read(file()))
                        .withMessageContaining(file().toString())
                        .withMessageContaining("Use another copy");
            }
            Files.writeString(file(), good.substring(0, i));
            assertThatExceptionOfType(EscrowException.Damaged.class).isThrownBy(() -> EscrowFile.read(file()));
        }
    }

    @Test
    void lineEndsAndEmptyLinesOfEditorsDoNoHarm() throws IOException {
        written();
        Files.writeString(file(), Files.readString(file()).replace("\n", "\r\n") + "\r\n\n");
        assertThat(EscrowFile.read(file()).open(seal)).isEqualTo(dataKey);
    }

    @Test
    void aFileThatIsTooLongIsNotRead() throws IOException {
        written();
        Files.writeString(file(), Files.readString(file()) + "\n".repeat(70_000));
        assertThatExceptionOfType(EscrowException.Damaged.class).isThrownBy(() -> EscrowFile.read(file()));
    }

    @Test
    void anIdThatIsNotOneLineOfTextIsRefused() {
        for (var id : new String[] {"", "a b", "a\nb", "ä", "x".repeat(201)}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> EscrowFile.write(file(), id, CONTEXT, dataKey, seal, random));
        }
        assertThat(file()).doesNotExist();
    }

    @Test
    void theKeyIsNotShown() throws IOException {
        assertThat(written()).hasToString("EscrowFile " + file() + " of vault v-1");
        assertThat(Files.readString(file())).doesNotContain("AAECAwQF").doesNotContain("000102030405");
    }
}
