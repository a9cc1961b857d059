package dev.coffer.dist;

import static dev.coffer.dist.RunningCoffer.backUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.testkit.key.KmsServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.BackupJobState;
import software.amazon.awssdk.services.backup.model.BackupVaultListMember;
import software.amazon.awssdk.services.backup.model.EncryptionKeyType;
import software.amazon.awssdk.services.backup.model.InvalidParameterValueException;
import software.amazon.awssdk.services.backup.model.RestoreJobStatus;

/** Vaults under keys that their makers have named, in a key service. */
final class VaultKeyTest {
    private static final String KEY = "1234abcd-12ab-34cd-56ef-1234567890ab";

    @TempDir
    private Path folder;

    private void assertRefused(BackupClient client, String key, String why) {
        assertThatThrownBy(() -> client.createBackupVault(
                        r -> r.backupVaultName("refused").encryptionKeyArn(key)))
                .isInstanceOf(InvalidParameterValueException.class)
                .hasMessageContaining(why);
        assertThat(client.listBackupVaults(r -> {}).backupVaultList())
                .extracting(BackupVaultListMember::backupVaultName)
                .doesNotContain("refused");
    }

    @Test
    void aVaultIsUnderTheKeyThatItsMakerHasNamedAndOpensByNoOtherButAnEscrowFile()
            throws IOException, InterruptedException {
        Trees.random(folder.resolve("tree"), 5, 100_000, 1);
        var before = Trees.listing(folder.resolve("tree"));
        var vault = file("data/vaults/" + RunningCoffer.ACCOUNT + "/" + RunningCoffer.REGION + "/own");
        try (var kms = KmsServer.start()) {
            kms.addKey(KEY);
            Files.writeString(
                    folder.resolve("coffer.yaml"),
                    RunningCoffer.usualConfig(folder)
                            + "kms: [{region: %s, endpoint: \"%s\", accessKeyId: %s, secretAccessKey: %s}]%n"
                                    .formatted(
                                            KmsServer.REGION, kms.url(), KmsServer.ACCESS_KEY, KmsServer.SECRET_KEY));
            String point;
            try (var coffer = RunningCoffer.start(folder);
                    var client = coffer.client()) {
                assertRefused(client, KmsServer.arn("no-such-key"), "cannot be used: ");
                assertRefused(client, KmsServer.arn(KEY).replace("eu-west-1", "us-east-1"), "of another Region");
                assertRefused(client, KmsServer.arn(KEY).replace("key/", "alias/"), "is not the ARN of a KMS key");
                client.createBackupVault(r -> r.backupVaultName("own").encryptionKeyArn(KmsServer.arn(KEY)));
                var shown = client.describeBackupVault(r -> r.backupVaultName("own"));
                assertThat(shown.encryptionKeyArn()).isEqualTo(KmsServer.arn(KEY));
                assertThat(shown.encryptionKeyType()).isEqualTo(EncryptionKeyType.CUSTOMER_MANAGED_KMS_KEY);
                assertThat(client.describeBackupVault(r -> r.backupVaultName("Default"))
                                .encryptionKeyType())
                        .isEqualTo(EncryptionKeyType.AWS_OWNED_KMS_KEY);
                point = backUp(client, "own").recoveryPointArn();
                var described = client.describeRecoveryPoint(
                        r -> r.backupVaultName("own").recoveryPointArn(point));
                assertThat(described.encryptionKeyArn()).isEqualTo(KmsServer.arn(KEY));
                assertThat(coffer.log()).doesNotContain(KmsServer.SECRET_KEY);
            }
            Trees.sh(folder, "rm -rf data/catalog data/cache data/credentials");
            run("rescue", "rebuild-catalog", "--data", file("data"), "--config", file("coffer.yaml"));
            kms.answerAlways(new KmsServer.Answer.Failure(400, "DisabledException", "the key is disabled"));
            try (var coffer = RunningCoffer.start(folder);
                    var client = coffer.client()) {
                var found = client.describeBackupVault(r -> r.backupVaultName("own"));
                assertThat(found.encryptionKeyArn()).isEqualTo(KmsServer.arn(KEY));
                assertThat(found.encryptionKeyType()).isEqualTo(EncryptionKeyType.CUSTOMER_MANAGED_KMS_KEY);
                var failed = RunningCoffer.restore(client, point, Map.of("newFileSystem", "true"));
                assertThat(failed.status()).isEqualTo(RestoreJobStatus.FAILED);
                assertThat(failed.statusMessage()).contains(KEY);
                assertThat(backUp(client, "Default").state())
                        .as("other vaults go on")
                        .isEqualTo(BackupJobState.COMPLETED);
                kms.work();
                var restored = RunningCoffer.restore(client, point, Map.of("newFileSystem", "true"));
                assertThat(restored.status()).as(restored.toString()).isEqualTo(RestoreJobStatus.COMPLETED);
                assertThat(Trees.listing(
                                folder.resolve("restored").resolve(MainJobTest.id(restored.createdResourceArn()))))
                        .isEqualTo(before);
                assertThat(Optional.ofNullable(restored.statusMessage())).isEmpty();
            }
            Files.writeString(folder.resolve("phrase"), "wooden spoon in tea");
            run(
                    "rescue",
                    "escrow",
                    "--vault",
                    vault,
                    "--config",
                    file("coffer.yaml"),
                    "--key",
                    file("data/keys"),
                    "--to",
                    file("vault.escrow"),
                    "--new-passphrase-file",
                    file("phrase"));
        }
        // The key service is gone.
        run(
                "rescue",
                "restore",
                "--vault",
                vault,
                "--escrow",
                file("vault.escrow"),
                "--passphrase-file",
                file("phrase"),
                "latest",
                "--to",
                file("rescued"));
        assertThat(Trees.listing(folder.resolve("rescued"))).isEqualTo(before);
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private void run(String... command) throws IOException, InterruptedException {
        var process = RunningCoffer.launch(folder, command);
        assertThat(process.waitFor())
                .as(Files.readString(folder.resolve("stderr.log")))
                .isZero();
    }
}
