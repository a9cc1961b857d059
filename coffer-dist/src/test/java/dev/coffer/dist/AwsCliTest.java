package dev.coffer.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unmodified AWS CLI, as the README shows it. Where no CLI is installed this class is reported as skipped, and the SDK tests stand alone. */
final class AwsCliTest {
    private static final String ROLE = RunningCoffer.ROLE;

    @TempDir
    private Path folder;

    /** What a command printed and how it ended. */
    private record Result(int status, String out, String err) {}

    @Test
    void theReadmesCommandsWork() throws IOException, InterruptedException {
        assumeTrue(installed(), "the aws command is not installed");
        var tree = folder.resolve("tree");
        Trees.odd(tree);
        var before = Trees.listing(tree);
        try (var coffer = RunningCoffer.start(folder)) {
            assertThat(aws(coffer, "create-backup-vault --backup-vault-name prod")
                            .status())
                    .isZero();
            var started = aws(
                    coffer,
                    "start-backup-job --backup-vault-name prod --resource-arn " + RunningCoffer.RESOURCE
                            + " --iam-role-arn " + ROLE
                            + " --lifecycle DeleteAfterDays=30 --query RecoveryPointArn --output text");
            assertThat(started.status()).as(started.toString()).isZero();
            var point = started.out().strip();
            await(
                    coffer,
                    "list-backup-jobs --by-state COMPLETED --query BackupJobs[].RecoveryPointArn --output text",
                    point);
            Trees.sh(tree, "rm -rf deep first");
            var restore = aws(
                    coffer,
                    "start-restore-job --recovery-point-arn " + point + " --iam-role-arn " + ROLE
                            + " --metadata newFileSystem=true,Encrypted=false --query RestoreJobId --output text");
            assertThat(restore.status()).as(restore.toString()).isZero();
            var created = await(
                    coffer,
                    "describe-restore-job --restore-job-id " + restore.out().strip()
                            + " --query [Status,CreatedResourceArn] --output text",
                    "COMPLETED");
            assertThat(Trees.listing(folder.resolve("restored").resolve(MainJobTest.id(created.strip()))))
                    .isEqualTo(before);

            var duplicate = aws(coffer, "create-backup-vault --backup-vault-name prod");
            assertThat(duplicate.status()).isNotZero();
            assertThat(duplicate.err())
                    .contains("AlreadyExistsException")
                    .contains("Backup vault with the same name already exists");
            var full = aws(coffer, "delete-backup-vault --backup-vault-name prod");
            assertThat(full.err())
                    .contains("InvalidRequestException")
                    .contains("Backup vault cannot be deleted because it contains recovery points.");
            var missing = aws(coffer, "list-frameworks");
            assertThat(missing.err()).contains("NotImplementedException").contains("ListFrameworks");
        }
    }

    private String await(RunningCoffer coffer, String command, String text) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + RunningCoffer.PATIENCE.toNanos();
        while (true) {
            var result = aws(coffer, command);
            if (result.status() == 0 && result.out().contains(text)) {
                return result.out();
            }
            assertThat(System.nanoTime()).as(result.toString()).isLessThan(deadline);
        }
    }

    static boolean installed() throws InterruptedException {
        try {
            return new ProcessBuilder("aws", "--version")
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException absent) {
            return false;
        }
    }

    private Result aws(RunningCoffer coffer, String arguments) throws IOException, InterruptedException {
        var err = folder.resolve("aws-stderr");
        var builder = new ProcessBuilder("bash", "-c", "aws backup " + arguments).redirectError(err.toFile());
        var environment = builder.environment();
        environment.put(
                "AWS_SHARED_CREDENTIALS_FILE",
                coffer.data().resolve("credentials").toString());
        environment.put("AWS_CONFIG_FILE", "/dev/null");
        environment.put("AWS_PROFILE", "coffer");
        environment.put("AWS_REGION", RunningCoffer.REGION);
        environment.put("AWS_ENDPOINT_URL", coffer.url());
        environment.put("AWS_PAGER", "");
        var process = builder.start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            throw new IOException("the aws command hangs: " + arguments);
        }
        return new Result(process.exitValue(), out, Files.readString(err));
    }
}
