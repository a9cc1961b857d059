package dev.coffer.dist;

import static dev.coffer.dist.RunningCoffer.backUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.backup.model.BackupJobState;
import software.amazon.awssdk.services.backup.model.InvalidRequestException;
import software.amazon.awssdk.services.backup.model.LegalHoldStatus;
import software.amazon.awssdk.services.backup.model.RecoveryPointByBackupVault;
import software.amazon.awssdk.services.backup.model.RecoveryPointMember;

/** The server is gone, and there are its vaults and its key: the drill of docs/operating/rescue.md. Then: a server is there, and its vaults are maintained. */
final class RescueTest {
    @TempDir
    Path folder;

    /** What a command printed, and its exit code. */
    private record Ran(int code, String out, String err) {}

    private Ran coffer(String... arguments) throws IOException, InterruptedException {
        var errors = Files.createTempFile(folder, "err", ".log");
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("coffer.home"), "bin", "coffer").toString());
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        return new Ran(code, out, Files.readString(errors));
    }

    private Path vault() {
        return folder.resolve("data/vaults/" + RunningCoffer.ACCOUNT + "/" + RunningCoffer.REGION + "/Default");
    }

    private String key() {
        return folder.resolve("data/keys").toString();
    }

    @Test
    void whatAServerBackedUpIsReadAndRestoredWithoutIt() throws Exception {
        var tree = folder.resolve("tree");
        Trees.odd(tree);
        Trees.random(tree.resolve("data"), 10, 700_000, 1);
        try (var server = RunningCoffer.start(folder);
                var client = server.client()) {
            assertThat(backUp(client, "Default").state()).isEqualTo(BackupJobState.COMPLETED);
            Files.writeString(tree.resolve("data/random-3"), "changed");
            Files.delete(tree.resolve("data/random-4"));
            Files.writeString(tree.resolve("new file"), "new");
            assertThat(backUp(client, "Default").state()).isEqualTo(BackupJobState.COMPLETED);
            server.kill();
        }
        var expected = Trees.listing(tree);
        Trees.sh(folder, "rm -rf data/catalog data/cache");
        var vaultBefore = Trees.listing(vault());

        var scan = coffer("rescue", "scan", folder.resolve("data").toString());
        assertThat(scan.out()).contains(vault().toString()).contains("2 recovery points");
        var list = coffer("rescue", "list", "--vault", vault().toString(), "--key", key());
        assertThat(list.code()).isZero();
        assertThat(list.err()).isEmpty();
        assertThat(list.out()).contains("EFS team-files").contains(RunningCoffer.RESOURCE);
        var ids = list.out().lines().filter(line -> !line.startsWith(" ")).toList();
        assertThat(ids).hasSize(2);

        var ls = coffer("rescue", "ls", "--vault", vault().toString(), "--key", key(), "latest", "/data");
        assertThat(ls.out()).contains("/data/random-3").doesNotContain("random-4");
        var cat = coffer("rescue", "cat", "--vault", vault().toString(), "--key", key(), "latest", "/new file");
        assertThat(cat.out()).isEqualTo("new");
        var keyless = coffer("rescue", "verify", "--vault", vault().toString());
        assertThat(keyless.code()).isZero();
        var keyed = coffer("rescue", "verify", "--vault", vault().toString(), "--key", key());
        assertThat(keyed.out()).contains("2 recovery points").contains("nothing is damaged");

        var target = folder.resolve("rescued");
        var restore = coffer(
                "rescue",
                "restore",
                "--vault",
                vault().toString(),
                "--key",
                key(),
                "latest",
                "--to",
                target.toString());
        assertThat(restore.code()).as(restore.err()).isZero();
        assertThat(Trees.listing(target)).isEqualTo(expected);
        var again = coffer(
                "rescue",
                "restore",
                "--vault",
                vault().toString(),
                "--key",
                key(),
                "latest",
                "--to",
                target.toString());
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("is not empty, and nothing was written");

        var latest = coffer("rescue", "list", "--vault", vault().toString(), "--key", key())
                .out();
        var earlier = ids.stream()
                .filter(id -> latest.indexOf(id) >= 0)
                .min((one, other) -> created(latest, one).compareTo(created(latest, other)))
                .orElseThrow();
        var diff = coffer("rescue", "diff", "--vault", vault().toString(), "--key", key(), earlier, "latest");
        assertThat(diff.out())
                .contains("+ /new file")
                .contains("- /data/random-4")
                .contains("~ /data/random-3");
        assertThat(diff.out()).doesNotContain("random-5");

        // Nothing of all this has changed the vault.
        assertThat(vault().resolve("sessions")).isEmptyDirectory();
        assertThat(Trees.listing(vault()))
                .as("reading, verifying and restoring change nothing in a vault")
                .isEqualTo(vaultBefore);
    }

    private static String created(String list, String id) {
        var lines = list.lines().toList();
        return lines.get(lines.indexOf(id) + 1);
    }

    @Test
    void aWrongKeyAndAMissingOneAreToldWithTheKeyThatIsExpected() throws Exception {
        Files.createDirectories(folder.resolve("tree"));
        try (var server = RunningCoffer.start(folder);
                var client = server.client()) {
            backUp(client, "Default");
        }
        var without = coffer("rescue", "list", "--vault", vault().toString());
        assertThat(without.code()).isEqualTo(12);
        assertThat(without.err()).contains("wrapped by key local:").contains("--key");
        Trees.sh(folder, "mkdir other && head -c 32 /dev/urandom > other/coffer.key");
        var broken = coffer(
                "rescue",
                "list",
                "--vault",
                vault().toString(),
                "--key",
                folder.resolve("other").toString());
        assertThat(broken.code()).isEqualTo(12);
        var none = coffer("rescue", "list", "--vault", folder.toString(), "--key", key());
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.err()).contains("holds no vault");
    }

    @Test
    void aLostKeyIsSurvivedByAnEscrowFile() throws Exception {
        var tree = folder.resolve("tree");
        Trees.random(tree, 3, 50_000, 5);
        try (var server = RunningCoffer.start(folder);
                var client = server.client()) {
            backUp(client, "Default");
        }
        var phrase = Files.writeString(folder.resolve("phrase"), "correct horse battery staple\n");
        var escrow = folder.resolve("vault.escrow");
        var written = coffer(
                "rescue",
                "escrow",
                "--vault",
                vault().toString(),
                "--key",
                key(),
                "--to",
                escrow.toString(),
                "--new-passphrase-file",
                phrase.toString());
        assertThat(written.code()).as(written.err()).isZero();
        Trees.sh(folder, "rm -rf data/keys data/catalog");

        var target = folder.resolve("rescued");
        var restored = coffer(
                "rescue",
                "restore",
                "--vault",
                vault().toString(),
                "--escrow",
                escrow.toString(),
                "--passphrase-file",
                phrase.toString(),
                "latest",
                "--to",
                target.toString());
        assertThat(restored.code()).as(restored.err()).isZero();
        assertThat(Trees.listing(target)).isEqualTo(Trees.listing(tree));

        var other = Files.writeString(folder.resolve("other"), "another long passphrase\n");
        var wrong = coffer(
                "rescue",
                "list",
                "--vault",
                vault().toString(),
                "--escrow",
                escrow.toString(),
                "--passphrase-file",
                other.toString());
        assertThat(wrong.code()).isEqualTo(12);
        assertThat(wrong.err()).doesNotContain("another long");
    }

    @Test
    void aRebuiltCatalogListsTheSameRecoveryPointsAndRestoresThem() throws Exception {
        var tree = folder.resolve("tree");
        Trees.random(tree, 5, 100_000, 3);
        List<RecoveryPointByBackupVault> before;
        String described;
        try (var server = RunningCoffer.start(folder);
                var client = server.client()) {
            client.createBackupVault(r -> r.backupVaultName("prod"));
            client.startBackupJob(r -> r.backupVaultName("prod")
                    .resourceArn(RunningCoffer.RESOURCE)
                    .iamRoleArn(RunningCoffer.ROLE)
                    .recoveryPointTags(Map.of("keep", "long"))
                    .lifecycle(l -> l.deleteAfterDays(30L)));
            assertThat(backUp(client, "prod").state()).isEqualTo(BackupJobState.COMPLETED);
            RunningCoffer.awaitBackup(
                    client,
                    client.listBackupJobs().backupJobs().getLast().backupJobId(),
                    job -> RunningCoffer.ended(job.state()));
            before = client.listRecoveryPointsByBackupVault(r -> r.backupVaultName("prod"))
                    .recoveryPoints();
            described =
                    client.listTags(r -> r.resourceArn(tagged(before))).tags().toString();
            assertThat(server.stop()).isZero();
        }
        assertThat(before).hasSize(2);
        Trees.sh(folder, "rm -rf data/catalog data/cache");

        var rebuild = coffer(
                "rescue", "rebuild-catalog", "--data", folder.resolve("data").toString());
        assertThat(rebuild.code()).as(rebuild.out() + rebuild.err()).isZero();
        assertThat(rebuild.out()).contains("2 recovery points (2 added)");
        var repeated = coffer(
                "rescue", "rebuild-catalog", "--data", folder.resolve("data").toString());
        assertThat(repeated.out()).contains("2 recovery points (0 added)");

        Trees.sh(folder, "rm data/credentials");
        try (var server = RunningCoffer.start(folder);
                var client = server.client()) {
            var after = client.listRecoveryPointsByBackupVault(r -> r.backupVaultName("prod"))
                    .recoveryPoints();
            assertThat(facts(after)).isEqualTo(facts(before));
            assertThat(client.listTags(r -> r.resourceArn(tagged(after))).tags().toString())
                    .isEqualTo(described);
            var restored = client.startRestoreJob(
                    r -> r.recoveryPointArn(after.getFirst().recoveryPointArn())
                            .iamRoleArn(RunningCoffer.ROLE)
                            .metadata(Map.of("newFileSystem", "true")));
            var job = RunningCoffer.awaitRestore(
                    client, restored.restoreJobId(), state -> RunningCoffer.ended(state.status()));
            assertThat(job.statusAsString()).isEqualTo("COMPLETED");
            var id = job.createdResourceArn().substring(job.createdResourceArn().indexOf('/') + 1);
            assertThat(Trees.listing(folder.resolve("restored").resolve(id))).isEqualTo(Trees.listing(tree));
            assertThat(backUp(client, "prod").state()).isEqualTo(BackupJobState.COMPLETED);
        }
    }

    @Test
    void aRebuiltCatalogHasTheLocksOfTheVaultsAndTheLifecyclesThatWereChanged() throws Exception {
        Trees.random(folder.resolve("tree"), 3, 10_000, 3);
        String point;
        try (var server = RunningCoffer.start(folder);
                var client = server.client()) {
            client.createBackupVault(r -> r.backupVaultName("prod"));
            var made = backUp(client, "prod").recoveryPointArn();
            client.updateRecoveryPointLifecycle(
                    r -> r.backupVaultName("prod").recoveryPointArn(made).lifecycle(l -> l.deleteAfterDays(40L)));
            client.putBackupVaultLockConfiguration(
                    r -> r.backupVaultName("prod").minRetentionDays(7L).changeableForDays(3L));
            assertThat(server.stop()).isZero();
            point = made;
        }
        Trees.sh(folder, "rm -rf data/catalog data/cache data/credentials");

        var rebuild = coffer(
                "rescue", "rebuild-catalog", "--data", folder.resolve("data").toString());

        assertThat(rebuild.code()).as(rebuild.out() + rebuild.err()).isZero();
        try (var server = RunningCoffer.start(folder);
                var client = server.client()) {
            var vault = client.describeBackupVault(r -> r.backupVaultName("prod"));
            assertThat(vault.locked()).isTrue();
            assertThat(vault.minRetentionDays()).isEqualTo(7L);
            assertThat(vault.lockDate()).isNotNull();
            assertThat(client.describeRecoveryPoint(
                                    r -> r.backupVaultName("prod").recoveryPointArn(point))
                            .lifecycle()
                            .deleteAfterDays())
                    .isEqualTo(40L);
            assertThatThrownBy(() -> client.deleteRecoveryPoint(
                            r -> r.backupVaultName("prod").recoveryPointArn(point)))
                    .isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void aRebuiltCatalogHasTheLegalHoldsOfTheVaults() throws Exception {
        Trees.random(folder.resolve("tree"), 3, 10_000, 3);
        String point;
        String hold;
        try (var server = RunningCoffer.start(folder);
                var client = server.client()) {
            point = backUp(client, "Default").recoveryPointArn();
            var made = client.createLegalHold(r -> r.title("case-4711").description("litigation"))
                    .legalHoldId();
            LockTest.await(client, made, LegalHoldStatus.ACTIVE);
            assertThat(server.stop()).isZero();
            hold = made;
        }
        Trees.sh(folder, "rm -rf data/catalog data/cache data/credentials");

        var rebuild = coffer(
                "rescue", "rebuild-catalog", "--data", folder.resolve("data").toString());

        assertThat(rebuild.code()).as(rebuild.out() + rebuild.err()).isZero();
        try (var server = RunningCoffer.start(folder);
                var client = server.client()) {
            assertThatThrownBy(() -> client.deleteRecoveryPoint(
                            r -> r.backupVaultName("Default").recoveryPointArn(point)))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("legal hold");
            LockTest.await(client, hold, LegalHoldStatus.ACTIVE);
            assertThat(client.getLegalHold(r -> r.legalHoldId(hold)).title()).isEqualTo("case-4711");
            assertThat(client.listRecoveryPointsByLegalHold(r -> r.legalHoldId(hold))
                            .recoveryPoints())
                    .extracting(RecoveryPointMember::recoveryPointArn)
                    .containsExactly(point);
        }
    }

    private static String tagged(List<RecoveryPointByBackupVault> points) {
        return points.stream()
                .filter(point -> point.lifecycle() != null && point.lifecycle().deleteAfterDays() != null)
                .findFirst()
                .orElseThrow()
                .recoveryPointArn();
    }

    private static List<String> facts(List<RecoveryPointByBackupVault> points) {
        return points.stream()
                .map(point -> point.recoveryPointArn() + " " + point.resourceArn() + " " + point.resourceName() + " "
                        + point.creationDate() + " " + point.backupSizeInBytes() + " " + point.lifecycle() + " "
                        + point.statusAsString() + " " + point.iamRoleArn())
                .sorted()
                .toList();
    }

    @Test
    void aRunningServerVerifiesSweepsAndRewrapsOnDemand() throws Exception {
        var tree = folder.resolve("tree");
        Trees.random(tree, 10, 300_000, 4);
        try (var server = RunningCoffer.start(folder);
                var client = server.client()) {
            var first = backUp(client, "Default");
            Trees.sh(tree, "rm random-*");
            backUp(client, "Default");
            var options = List.of(
                    "--endpoint-url",
                    server.url(),
                    "--credentials",
                    server.data().resolve("credentials").toString());
            var verified = vaultCommand("verify", "Default", options);
            assertThat(verified.code()).as(verified.err()).isZero();
            assertThat(verified.out()).contains("\"Sound\":true").contains("\"RecoveryPoints\":2");

            client.deleteRecoveryPoint(r -> r.backupVaultName("Default").recoveryPointArn(first.recoveryPointArn()));
            MainJobTest.awaitGone(client, "Default", first.recoveryPointArn());
            var swept = vaultCommand("sweep", "Default", options);
            assertThat(swept.out()).contains("\"Outcome\":\"DONE\"");
            assertThat(bytes(vault())).isLessThan(300_000);
            assertThat(vaultCommand("rewrap", "Default", options).out()).contains("\"Changed\":false");

            Trees.sh(
                    vault(),
                    "f=$(find packs -type f | head -1); printf X | dd of=$f bs=1 seek=80 conv=notrunc 2>/dev/null");
            var damaged = vaultCommand("verify", "Default", options);
            assertThat(damaged.code()).isEqualTo(3);
            assertThat(damaged.out()).contains("\"Sound\":false").contains("packs/");
            assertThat(vaultCommand("verify", "Nope", options).err()).contains("does not exist");
        }
    }

    private Ran vaultCommand(String verb, String vault, List<String> options) throws IOException, InterruptedException {
        var arguments = new ArrayList<>(List.of("vault", verb, vault));
        arguments.addAll(options);
        return coffer(arguments.toArray(String[]::new));
    }

    private static long bytes(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
