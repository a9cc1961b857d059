package dev.coffer.dist;

import static dev.coffer.dist.RunningCoffer.ACCOUNT;
import static dev.coffer.dist.RunningCoffer.FILE_SYSTEM;
import static dev.coffer.dist.RunningCoffer.OTHER_ACCOUNT;
import static dev.coffer.dist.RunningCoffer.REGION;
import static dev.coffer.dist.RunningCoffer.RESOURCE;
import static dev.coffer.dist.RunningCoffer.ROLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.BackupException;
import software.amazon.awssdk.services.backup.model.BackupJobState;
import software.amazon.awssdk.services.backup.model.RestoreJobStatus;

/** Bad input of every kind, against one server: each gets AWS's error, and changes nothing. */
final class BadInputTest {
    @TempDir
    private static Path folder;

    private static RunningCoffer coffer;
    private static BackupClient client;
    private static String point;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Files.createDirectories(folder.resolve("tree"));
        Files.writeString(folder.resolve("tree/file"), "content");
        coffer = RunningCoffer.start(folder);
        client = coffer.client();
        var job = RunningCoffer.backUp(client, "Default");
        assertThat(job.state()).as(job.toString()).isEqualTo(BackupJobState.COMPLETED);
        point = job.recoveryPointArn();
    }

    @AfterAll
    static void stop() {
        client.close();
        coffer.close();
    }

    private static BackupException refused(ThrowingCallable call) {
        var refusal = catchThrowableOfType(BackupException.class, call);
        assertThat(refusal).as("the call is refused").isNotNull();
        return refusal;
    }

    private static void assertRefused(ThrowingCallable call, int status, String type) {
        var refusal = refused(call);
        assertThat(refusal.statusCode()).as(refusal.toString()).isEqualTo(status);
        assertThat(refusal.awsErrorDetails().errorCode()).as(refusal.toString()).isEqualTo(type);
        assertThat(refusal.requestId()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../etc",
                "a",
                "..",
                "with space",
                "%2e%2e%2f",
                "é",
                "012345678901234567890123456789012345678901234567890"
            })
    void aVaultNameThatCannotBeIsRefusedAndMakesNothing(String name) throws IOException {
        assertRefused(
                () -> client.createBackupVault(r -> r.backupVaultName(name)), 400, "InvalidParameterValueException");
        assertThat(client.listBackupVaults().backupVaultList())
                .extracting("backupVaultName")
                .containsExactly("Default");
        try (var vaults =
                Files.list(coffer.data().resolve("vaults").resolve(ACCOUNT).resolve(REGION))) {
            assertThat(vaults).extracting(path -> path.getFileName().toString()).containsExactly("Default");
        }
    }

    @Test
    void aZeroByteInANameIsNoHttp() throws IOException {
        var answer =
                new RawCall(coffer, "PUT", "/backup-vaults/nul%00x").body("{}").send();
        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.type()).isEqualTo("MalformedHttpRequestException");
    }

    @Test
    void jsonThatIsNoneIsASerializationErrorAndTooMuchOfItIsTooLarge() throws IOException {
        var deep = "[".repeat(10_000) + "]".repeat(10_000);
        for (var body : List.of(
                "{",
                "[]",
                "{\"BackupVaultName\":\"a\",\"BackupVaultName\":\"b\"}",
                "{\"Unknown\":" + deep + "}",
                "{\"BackupVaultName\":17}",
                "{} trailing")) {
            var answer = new RawCall(coffer, "PUT", "/backup-jobs").body(body).send();
            assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
            assertThat(answer.type()).as(answer.toString()).isEqualTo("SerializationException");
        }
        var large = new RawCall(coffer, "PUT", "/backup-jobs")
                .body("\"" + "x".repeat(50 << 20) + "\"")
                .send();
        assertThat(large.status()).isIn(0, 413);
        assertThat(client.listBackupVaults().backupVaultList())
                .as("the server goes on")
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"NaN", "1e999", "9223372036854775808", "\"30\"", "\"NaN\"", "1.5", "-5", "0", "36501", "true"})
    void aNumberThatCannotBeIsRefused(String number) throws IOException {
        var answer = new RawCall(coffer, "PUT", "/backup-jobs")
                .body("{\"BackupVaultName\":\"Default\",\"ResourceArn\":\"" + RESOURCE + "\",\"IamRoleArn\":\"" + ROLE
                        + "\",\"Lifecycle\":{\"DeleteAfterDays\":" + number + "}}")
                .send();
        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.type()).isIn("SerializationException", "InvalidParameterValueException");
    }

    @Test
    void ninetyDaysLieBetweenColdStorageAndTheEnd() {
        var refusal = refused(() -> client.startBackupJob(r -> r.backupVaultName("Default")
                .resourceArn(RESOURCE)
                .iamRoleArn(ROLE)
                .lifecycle(l -> l.moveToColdStorageAfterDays(30L).deleteAfterDays(100L))));
        assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo("InvalidParameterValueException");
        assertThat(refusal.awsErrorDetails().errorMessage())
                .contains("DeleteAfterDays cannot be less than 90 days apart from MoveToColdStorageAfterDays");
        assertRefused(
                () -> client.updateRecoveryPointLifecycle(r -> r.backupVaultName("Default")
                        .recoveryPointArn(point)
                        .lifecycle(l -> l.moveToColdStorageAfterDays(30L).deleteAfterDays(100L))),
                400,
                "InvalidParameterValueException");
        assertThat(client.describeRecoveryPoint(
                                r -> r.backupVaultName("Default").recoveryPointArn(point))
                        .lifecycle())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({"59,", "52560001,", "60,60", "60,59"})
    void windowsThatCannotBeAreRefused(Long start, Long complete) {
        assertRefused(
                () -> client.startBackupJob(r -> r.backupVaultName("Default")
                        .resourceArn(RESOURCE)
                        .iamRoleArn(ROLE)
                        .startWindowMinutes(start)
                        .completeWindowMinutes(complete)),
                400,
                "InvalidParameterValueException");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-ffffffffffffffff1",
                "arn:aws:elasticfilesystem:eu-west-1:444455556666:file-system/fs-0a1b2c3d4e5f60001",
                "arn:aws:elasticfilesystem:eu-central-1:111122223333:file-system/fs-0a1b2c3d4e5f60001",
                "arn:aws-cn:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0a1b2c3d4e5f60001",
                "arn:aws:glacier:eu-west-1:111122223333:vaults/x",
                "fs-0a1b2c3d4e5f60001",
                "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0a1b2c3d4e5f60001\n",
                "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/../fs-0a1b2c3d4e5f60001"
            })
    void anArnOfNoResourceOfTheCallerStartsNoJob(String arn) {
        int before = client.listBackupJobs().backupJobs().size();
        var refusal = refused(() -> client.startBackupJob(
                r -> r.backupVaultName("Default").resourceArn(arn).iamRoleArn(ROLE)));
        assertThat(refusal.statusCode()).as(refusal.toString()).isIn(400, 403);
        assertThat(refusal.awsErrorDetails().errorCode())
                .isIn("InvalidParameterValueException", "ResourceNotFoundException", "AccessDeniedException");
        assertThat(client.listBackupJobs().backupJobs()).hasSize(before);
    }

    @Test
    void aRoleThatIsNotThereStartsNoJob() {
        for (var role : List.of(
                "arn:aws:iam::" + ACCOUNT + ":role/none", "arn:aws:iam::" + OTHER_ACCOUNT + ":role/x", "role")) {
            var refusal = refused(() -> client.startBackupJob(
                    r -> r.backupVaultName("Default").resourceArn(RESOURCE).iamRoleArn(role)));
            assertThat(refusal.statusCode()).as(role + " " + refusal).isIn(400, 403);
        }
        assertRefused(
                () -> client.startRestoreJob(r -> r.recoveryPointArn(point).metadata(Map.of("newFileSystem", "true"))),
                400,
                "MissingParameterValueException");
    }

    @Test
    void aPageTokenIsGoodForItsListAloneAndForNobodyElse() throws IOException {
        for (int i = 0; i < 3; i++) {
            var name = "page-" + i;
            client.createBackupVault(r -> r.backupVaultName(name));
        }
        try (var other = coffer.client(coffer.credentials("coffer-archive"), REGION);
                var elsewhere = coffer.client(coffer.credentials("coffer"), "eu-central-1")) {
            var token = client.listBackupVaults(r -> r.maxResults(1)).nextToken();
            assertThat(client.listBackupVaults(r -> r.maxResults(100).nextToken(token))
                            .backupVaultList())
                    .hasSize(3);
            var edited = (token.startsWith("A") ? "B" : "A") + token.substring(1);
            assertRefused(
                    () -> client.listBackupVaults(r -> r.nextToken(edited)), 400, "InvalidParameterValueException");
            assertRefused(
                    () -> client.listBackupVaults(r -> r.nextToken("x".repeat(20_000))),
                    400,
                    "InvalidParameterValueException");
            assertRefused(
                    () -> client.listBackupVaults(r -> r.nextToken("../../etc/passwd")),
                    400,
                    "InvalidParameterValueException");
            assertRefused(() -> client.listBackupJobs(r -> r.nextToken(token)), 400, "InvalidParameterValueException");
            assertRefused(() -> other.listBackupVaults(r -> r.nextToken(token)), 400, "InvalidParameterValueException");
            assertRefused(
                    () -> elsewhere.listBackupVaults(r -> r.nextToken(token)), 400, "InvalidParameterValueException");
        } finally {
            for (int i = 0; i < 3; i++) {
                var name = "page-" + i;
                client.deleteBackupVault(r -> r.backupVaultName(name));
            }
        }
    }

    @Test
    void maxResultsIsANumberFromOneToAThousand() throws IOException {
        assertRefused(() -> client.listBackupJobs(r -> r.maxResults(0)), 400, "InvalidParameterValueException");
        assertRefused(() -> client.listBackupJobs(r -> r.maxResults(1001)), 400, "InvalidParameterValueException");
        assertThat(client.listBackupJobs(r -> r.maxResults(1000)).backupJobs()).isNotEmpty();
        var word = new RawCall(coffer, "GET", "/backup-jobs/?maxResults=all").send();
        assertThat(word.status()).as(word.toString()).isEqualTo(400);
        assertThat(word.type()).isIn("SerializationException", "InvalidParameterValueException");
    }

    @Test
    void tagsKeepToTheirRules() {
        var vault =
                client.describeBackupVault(r -> r.backupVaultName("Default")).backupVaultArn();
        for (var tags : List.of(
                Map.of("aws:x", "y"),
                Map.of("k".repeat(129), "v"),
                Map.of("k", "v".repeat(257)),
                Map.of("", "v"),
                many(51))) {
            assertThat(refused(() ->
                                    client.tagResource(r -> r.resourceArn(vault).tags(tags)))
                            .statusCode())
                    .isEqualTo(400);
        }
        client.tagResource(r -> r.resourceArn(vault).tags(many(50)));
        assertThat(refused(() -> client.tagResource(r -> r.resourceArn(vault).tags(Map.of("one more", "x"))))
                        .statusCode())
                .as("fifty are the most, whenever they came")
                .isEqualTo(400);
        assertThat(client.listTags(r -> r.resourceArn(vault)).tags()).hasSize(50);
        client.untagResource(r -> r.resourceArn(vault).tagKeyList(many(50).keySet()));
        assertThat(refused(() -> client.tagResource(r -> r.resourceArn(vault).tags(Map.of("Key", "1", "key", "2"))))
                        .statusCode())
                .as("people cannot tell two keys apart that differ in case alone")
                .isEqualTo(400);
        assertThat(client.listTags(r -> r.resourceArn(vault)).tags()).isEmpty();
        assertThat(refused(() -> client.tagResource(r -> r.resourceArn(RESOURCE).tags(Map.of("a", "b"))))
                        .statusCode())
                .as("only things of AWS Backup are tagged here")
                .isIn(400, 403);
    }

    private static Map<String, String> many(int count) {
        var tags = new HashMap<String, String>();
        for (int i = 0; i < count; i++) {
            tags.put("key-" + i, "value");
        }
        return tags;
    }

    @Test
    void anIdempotencyTokenGivesItsFirstJobAndNothingElse() throws InterruptedException {
        var first = client.startBackupJob(r -> r.backupVaultName("Default")
                .resourceArn(RESOURCE)
                .iamRoleArn(ROLE)
                .idempotencyToken("token-1"));
        var again = client.startBackupJob(r -> r.backupVaultName("Default")
                .resourceArn(RESOURCE)
                .iamRoleArn(ROLE)
                .idempotencyToken("token-1"));
        assertThat(again.backupJobId()).isEqualTo(first.backupJobId());
        assertThat(again.creationDate()).isEqualTo(first.creationDate());
        assertRefused(
                () -> client.startBackupJob(r -> r.backupVaultName("Default")
                        .resourceArn(RESOURCE)
                        .iamRoleArn(ROLE)
                        .idempotencyToken("token-1")
                        .lifecycle(l -> l.deleteAfterDays(1L))),
                400,
                "InvalidParameterValueException");
        RunningCoffer.awaitBackup(client, first.backupJobId(), job -> RunningCoffer.ended(job.state()));
        assertThat(client.describeBackupJob(r -> r.backupJobId(first.backupJobId()))
                        .state())
                .isEqualTo(BackupJobState.COMPLETED);
    }

    @Test
    void aSignatureOfAnotherTimeRegionOrServiceIsRefused() throws IOException {
        for (var minutes : List.of(-6, 6)) {
            var answer = new RawCall(coffer, "GET", "/backup-vaults/")
                    .signedAt(Instant.now().plus(Duration.ofMinutes(minutes)))
                    .send();
            assertThat(answer.status()).as(answer.toString()).isIn(400, 403);
            assertThat(answer.text()).contains("Signature");
        }
        assertThat(new RawCall(coffer, "GET", "/backup-vaults/")
                        .region("us-east-1")
                        .send())
                .satisfies(answer -> assertThat(answer.status()).isEqualTo(403))
                .satisfies(answer -> assertThat(answer.text()).contains("us-east-1"));
        assertThat(new RawCall(coffer, "GET", "/backup-vaults/").service("s3").send())
                .satisfies(answer -> assertThat(answer.status()).isEqualTo(403))
                .satisfies(answer -> assertThat(answer.text()).contains("backup"));
        assertThat(new RawCall(coffer, "GET", "/backup-vaults/").send().status())
                .isEqualTo(200);
    }

    @Test
    void aRecordedRequestThatChangesSomethingCannotBeSentAgain() throws IOException, InterruptedException {
        var create =
                new RawCall(coffer, "PUT", "/backup-vaults/replayed").body("{}").signed();
        assertThat(RawCall.send(coffer, create).status()).isEqualTo(200);
        client.deleteBackupVault(r -> r.backupVaultName("replayed"));
        var again = RawCall.send(coffer, create);
        assertThat(again.status()).as(again.toString()).isEqualTo(403);
        assertThat(again.text()).contains("already used");
        assertThat(client.listBackupVaults().backupVaultList()).hasSize(1);
    }

    @Test
    void whatWasNotSignedIsNotDone() throws IOException {
        var signed =
                new RawCall(coffer, "PUT", "/backup-vaults/unsigned").body("{}").signed();
        for (var changed : List.of(
                signed.withBody("{ }"),
                signed.header("x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
                signed.header("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
                new RawCall.Signed("PUT", "/backup-vaults/another", signed.headers(), signed.body()),
                new RawCall.Signed("DELETE", "/backup-vaults/Default", signed.headers(), signed.body()))) {
            var answer = RawCall.send(coffer, changed);
            assertThat(answer.status()).as(answer.toString()).isEqualTo(403);
        }
        assertThat(client.listBackupVaults().backupVaultList()).hasSize(1);
    }

    @Test
    void requestsThatMeanTwoThingsAreRefused() throws IOException {
        var signed = new RawCall(coffer, "GET", "/backup-vaults/").signed();
        var bothLengths = signed.header("Content-Length", "5")
                .header("Transfer-Encoding", "chunked")
                .withBody("0\r\n\r\n");
        assertThat(RawCall.send(coffer, bothLengths).status()).isEqualTo(400);
        assertThat(RawCall.send(coffer, signed.header("Host", "evil.example.com"))
                        .status())
                .isIn(400, 403);
        var elsewhere =
                new RawCall.Signed("GET", "http://169.254.169.254/backup-vaults/", signed.headers(), signed.body());
        assertThat(RawCall.send(coffer, elsewhere).status()).isIn(400, 403, 404);
        var bomb = signed;
        for (int i = 0; i < 2000; i++) {
            bomb = bomb.header("x-filler-" + i, "y".repeat(100));
        }
        assertThat(RawCall.send(coffer, bomb).status()).isIn(0, 400, 413, 431);
        var split = signed.header("x-split", "a\r\nTransfer-Encoding : chunked");
        assertThat(RawCall.send(coffer, split).status()).isEqualTo(400);
        assertThat(client.listBackupVaults().backupVaultList())
                .as("the server goes on")
                .hasSize(1);
    }

    @Test
    void aPresignedAddressIsRefused() throws IOException {
        var path = "/backup-vaults/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + "AKIA%2F20260101%2F" + REGION
                + "%2Fbackup%2Faws4_request&X-Amz-Date=20260101T000000Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature="
                + "0".repeat(64);
        var plain = new RawCall.Signed("GET", path, Map.of("Host", "127.0.0.1"), "");
        assertThat(RawCall.send(coffer, plain).status()).isEqualTo(403);
    }

    @Test
    void restoreMetadataThatCannotBeIsRefusedBeforeThereIsAJob() {
        int before = client.listRestoreJobs().restoreJobs().size();
        for (var metadata : List.of(
                Map.of("newFileSystem", "true", "speed", "fast"),
                Map.of("newFileSystem", "perhaps"),
                Map.of("newFileSystem", "false", "file-system-id", "../../etc"),
                Map.of("newFileSystem", "false", "file-system-id", "; rm -rf /"),
                Map.of("newFileSystem", "true", "ItemsToRestore", "/a"),
                Map.of("newFileSystem", "true", "ItemsToRestore", "[\"../etc\"]"),
                Map.of("newFileSystem", "true", "ItemsToRestore", "[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\"]"),
                Map.of("newFileSystem", "false", "file-system-id", FILE_SYSTEM, "coffer:directory", "../out"),
                Map.of("newFileSystem", "false", "file-system-id", FILE_SYSTEM, "coffer:directory", "/"),
                Map.of("newFileSystem", "true", "filler", "x".repeat(201 * 1024)))) {
            assertRefused(
                    () -> client.startRestoreJob(
                            r -> r.recoveryPointArn(point).iamRoleArn(ROLE).metadata(metadata)),
                    400,
                    "InvalidParameterValueException");
        }
        assertRefused(
                () -> client.startRestoreJob(
                        r -> r.recoveryPointArn(point).iamRoleArn(ROLE).metadata(Map.of("newFileSystem", "false"))),
                400,
                "MissingParameterValueException");
        var unknown = refused(() -> client.startRestoreJob(r ->
                r.recoveryPointArn(point).iamRoleArn(ROLE).metadata(Map.of("newFileSystem", "true", "speed", "fast"))));
        assertThat(unknown.getMessage()).as("the allowed keys are listed").containsIgnoringCase("newFileSystem");
        assertThat(client.listRestoreJobs().restoreJobs()).hasSize(before);
        assertThat(folder.resolve("restored"))
                .satisfiesAnyOf(
                        path -> assertThat(path).doesNotExist(),
                        path -> assertThat(path).isEmptyDirectory());
    }

    @Test
    void namesThatPlayTricksComeBackAsTheyWere() throws IOException, InterruptedException {
        var tree = folder.resolve("tree");
        Trees.sh(tree, """
                mkdir tricks && cd tricks
                printf a > '<script>alert(1)</script>'
                printf b > '=cmd()'
                printf c > "$(printf 'esc-\\033[31m')"
                printf d > CON
                printf e > '%2e%2e%2f'
                printf f > 'a\\b'
                ln -s /etc escape
                """);
        var job = RunningCoffer.backUp(client, "Default");
        assertThat(job.state()).as(job.toString()).isEqualTo(BackupJobState.COMPLETED);
        var restored = RunningCoffer.restore(
                client,
                job.recoveryPointArn(),
                Map.of("newFileSystem", "false", "file-system-id", FILE_SYSTEM, "ItemsToRestore", "[\"/tricks\"]"));
        assertThat(restored.status()).as(restored.toString()).isEqualTo(RestoreJobStatus.COMPLETED);
        var recovery = MainJobTest.recoveryFolders(tree);
        assertThat(recovery).hasSize(1);
        assertThat(Trees.listing(recovery.getFirst().resolve("tricks")))
                .isEqualTo(Trees.listing(tree.resolve("tricks")));
        Trees.sh(tree, "rm -rf tricks aws-backup-restore_*");
    }

    @Test
    void aLinkInTheWayOfARestoreLeadsNowhere() throws IOException, InterruptedException {
        var tree = folder.resolve("tree");
        var outside = Files.createDirectories(folder.resolve("outside"));
        Files.createDirectories(tree.resolve("docs"));
        Files.writeString(tree.resolve("docs/passwd"), "from the backup");
        var job = RunningCoffer.backUp(client, "Default");
        Trees.sh(tree, "rm -rf docs && ln -s '" + outside + "' docs");
        var restored = RunningCoffer.restore(
                client,
                job.recoveryPointArn(),
                Map.of(
                        "newFileSystem",
                        "false",
                        "file-system-id",
                        FILE_SYSTEM,
                        "ItemsToRestore",
                        "[\"/docs/passwd\"]",
                        "coffer:inPlace",
                        "true",
                        "coffer:conflict",
                        "overwrite"));
        assertThat(outside).as(restored.toString()).isEmptyDirectory();
        Trees.sh(tree, "rm -rf docs aws-backup-restore_*");
    }

    @Test
    void aKeyFileThatIsNotTheVaultsStopsTheStartAndSaysSo(@TempDir Path own) throws IOException, InterruptedException {
        try (var first = RunningCoffer.start(own)) {
            assertThat(first.stop()).isZero();
        }
        var key = own.resolve("data/keys/coffer.key");
        var good = Files.readString(key);
        for (var broken : Map.of(
                        "",
                        "is empty",
                        "secret\n",
                        "does not begin with",
                        good.replaceAll("key ....", "key 0000"),
                        "fingerprint")
                .entrySet()) {
            Files.writeString(key, broken.getKey());
            assertThat(startError(own))
                    .contains("error: ")
                    .contains(broken.getValue())
                    .doesNotContain("\tat ");
        }
        Files.delete(key);
        assertThat(startError(own)).contains("is missing");
        Files.writeString(key, good.strip() + "\r\n\r\n");
        try (var again = RunningCoffer.start(own);
                var admin = again.client()) {
            assertThat(admin.listBackupVaults().backupVaultList()).hasSize(1);
        }
    }

    private static String startError(Path own) throws IOException, InterruptedException {
        Files.deleteIfExists(own.resolve("stderr.log"));
        var process = RunningCoffer.launch(
                own,
                "serve",
                "--data",
                own.resolve("data").toString(),
                "--config",
                own.resolve("coffer.yaml").toString(),
                "--listen",
                "127.0.0.1:0");
        assertThat(process.waitFor()).isNotZero();
        return Files.readString(own.resolve("stderr.log"));
    }
}
