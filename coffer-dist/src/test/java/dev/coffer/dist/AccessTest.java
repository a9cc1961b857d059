package dev.coffer.dist;

import static dev.coffer.dist.RunningCoffer.ACCOUNT;
import static dev.coffer.dist.RunningCoffer.OTHER_ACCOUNT;
import static dev.coffer.dist.RunningCoffer.REGION;
import static dev.coffer.dist.RunningCoffer.RESOURCE;
import static dev.coffer.dist.RunningCoffer.ROLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.backup.model.BackupException;
import software.amazon.awssdk.services.backup.model.InvalidParameterValueException;
import software.amazon.awssdk.services.backup.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.StsException;
import software.amazon.awssdk.services.sts.model.Tag;

/** Users, roles, sessions and policies from outside: the real SDKs, the AWS CLI, and {@code coffer admin}. */
final class AccessTest {
    private static final String OPERATOR = "arn:aws:iam::" + ACCOUNT + ":role/ops/Operator";
    private static final String ROLE_TRUST =
            "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':{'AWS':'" + ACCOUNT
                    + "'},'Action':'sts:AssumeRole'}]}";

    @TempDir
    private Path folder;

    private record Ran(int code, String out, String err) {}

    private Ran run(List<String> command, List<String> environment) throws IOException, InterruptedException {
        var errors = Files.createTempFile(folder, "err", ".log");
        var builder = new ProcessBuilder(command).redirectError(errors.toFile());
        for (var variable : environment) {
            int equals = variable.indexOf('=');
            builder.environment().put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        var process = builder.start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out, Files.readString(errors));
    }

    private Ran admin(RunningCoffer coffer, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("coffer.home"), "bin", "coffer").toString());
        command.add("admin");
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "--endpoint-url",
                coffer.url(),
                "--credentials",
                coffer.data().resolve("credentials").toString()));
        return run(command, List.of());
    }

    private String done(RunningCoffer coffer, String... arguments) throws IOException, InterruptedException {
        var ran = admin(coffer, arguments);
        assertThat(ran.code()).as(ran.toString()).isZero();
        return ran.out();
    }

    private String file(String name, String json) throws IOException {
        return Files.writeString(folder.resolve(name), json.replace('\'', '"')).toString();
    }

    private static String member(String json, String name) {
        var match = Pattern.compile("\"" + name + "\":\"([^\"]+)\"").matcher(json);
        assertThat(match.find()).as(json).isTrue();
        return match.group(1);
    }

    private static AwsCredentialsProvider key(String made) {
        return StaticCredentialsProvider.create(
                AwsBasicCredentials.create(member(made, "AccessKeyId"), member(made, "SecretAccessKey")));
    }

    private static AwsCredentialsProvider session(Credentials credentials) {
        return StaticCredentialsProvider.create(AwsSessionCredentials.create(
                credentials.accessKeyId(), credentials.secretAccessKey(), credentials.sessionToken()));
    }

    private static StsClient sts(RunningCoffer coffer, AwsCredentialsProvider credentials) {
        return StsClient.builder()
                .endpointOverride(URI.create(coffer.url()))
                .region(Region.of(REGION))
                .credentialsProvider(credentials)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    private static BackupException refusal(ThrowingCallable call) {
        var refusal = catchThrowableOfType(BackupException.class, call);
        assertThat(refusal).isNotNull();
        return refusal;
    }

    private static void denied(ThrowingCallable call, String text) {
        var refusal = refusal(call);
        assertThat(refusal.statusCode()).isEqualTo(403);
        assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo("AccessDeniedException");
        assertThat(refusal.awsErrorDetails().errorMessage()).contains(text);
    }

    @Test
    void aRestrictedUserDoesWhatItsPoliciesAllowAndNothingElse() throws Exception {
        Trees.random(folder.resolve("tree"), 2, 1_000, 3);
        try (var coffer = RunningCoffer.start(folder)) {
            var policy = file(
                    "reader.json",
                    "{'Version':'2012-10-17','Statement':[{'Sid':'Look','Effect':'Allow','Action':['backup:List*',"
                            + "'backup:StartBackupJob'],'Resource':'*'}]}");
            done(coffer, "users", "create", "alice");
            done(coffer, "policies", "put", "reader", policy);
            done(coffer, "policies", "attach", "reader", "user/alice");
            var made = done(coffer, "keys", "create", "alice");
            try (var alice = coffer.client(key(made), REGION);
                    var identity = sts(coffer, key(made))) {
                assertThat(alice.listBackupVaults().backupVaultList()).hasSize(1);
                var arn = "arn:aws:iam::" + ACCOUNT + ":user/alice";
                denied(
                        () -> alice.createBackupVault(r -> r.backupVaultName("mine")),
                        "User: " + arn + " is not authorized to perform: backup:CreateBackupVault on resource:"
                                + " arn:aws:backup:" + REGION + ":" + ACCOUNT + ":backup-vault:mine because no"
                                + " identity-based policy allows the backup:CreateBackupVault action");
                denied(
                        () -> alice.startBackupJob(r -> r.backupVaultName("Default")
                                .resourceArn(RESOURCE)
                                .iamRoleArn(ROLE)),
                        "iam:PassRole");
                var own = file(
                        "pass.json",
                        "{'Statement':{'Effect':'Allow','Action':'iam:PassRole','Resource':'" + ROLE
                                + "','Condition':{'StringEquals':{'iam:PassedToService':'backup.amazonaws.com'}}}}");
                done(coffer, "policies", "put", "pass", own, "--of", "user/alice");
                assertThat(alice.startBackupJob(r -> r.backupVaultName("Default")
                                        .resourceArn(RESOURCE)
                                        .iamRoleArn(ROLE))
                                .backupJobId())
                        .isNotEmpty();
                var caller = identity.getCallerIdentity();
                assertThat(caller.arn()).isEqualTo(arn);
                assertThat(caller.account()).isEqualTo(ACCOUNT);
                assertThat(caller.userId()).startsWith("AIDA");

                assertThat(done(coffer, "simulate", "user/alice", "backup:ListBackupJobs"))
                        .contains("\"Allowed\":true")
                        .contains("Allowed by statement Look of an identity-based policy");
                assertThat(done(coffer, "simulate", "user/alice", "backup:DeleteBackupVault"))
                        .contains("\"Allowed\":false");
                var ran = admin(coffer, "users", "create", "alice");
                assertThat(ran.code()).isEqualTo(1);
                assertThat(ran.err())
                        .contains("error: the server refused (400): ")
                        .contains("already exists");

                done(coffer, "keys", "deactivate", "alice", member(made, "AccessKeyId"));
                var refusal = refusal(alice::listBackupVaults);
                assertThat(refusal.statusCode()).isEqualTo(403);
                assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo("UnrecognizedClientException");
                assertThat(catchThrowableOfType(StsException.class, identity::getCallerIdentity)
                                .awsErrorDetails()
                                .errorCode())
                        .isEqualTo("InvalidClientTokenId");
                done(coffer, "keys", "activate", "alice", member(made, "AccessKeyId"));
                assertThat(alice.listBackupVaults().backupVaultList()).hasSize(1);
            }
            assertThat(done(coffer, "keys", "list", "alice"))
                    .contains(member(made, "AccessKeyId"))
                    .doesNotContain(member(made, "SecretAccessKey"));
            assertThat(coffer.log()).doesNotContain(member(made, "SecretAccessKey"));
            assertThat(done(coffer, "accounts")).contains(ACCOUNT).contains(OTHER_ACCOUNT);
        }
    }

    @Test
    void anAssumedRoleWorksAcrossARestartUntilItsRoleGoes() throws Exception {
        Credentials issued;
        try (var coffer = RunningCoffer.start(folder);
                var admins = sts(coffer, coffer.credentials("coffer"))) {
            var trust = file("trust.json", ROLE_TRUST);
            done(coffer, "roles", "create", "ops/Operator", "--trust", trust, "--max-session", "7200");
            done(coffer, "policies", "attach", "AWSBackupOperatorAccess", "role/ops/Operator");
            var answer = admins.assumeRole(
                    r -> r.roleArn(OPERATOR).roleSessionName("s1").durationSeconds(900));
            issued = answer.credentials();
            assertThat(answer.assumedRoleUser().arn())
                    .isEqualTo("arn:aws:sts::" + ACCOUNT + ":assumed-role/Operator/s1");
            assertThat(answer.assumedRoleUser().assumedRoleId()).matches("AROA[A-Z2-7]+:s1");

            var tooLong = catchThrowableOfType(
                    StsException.class,
                    () -> admins.assumeRole(
                            r -> r.roleArn(OPERATOR).roleSessionName("s1").durationSeconds(43_200)));
            assertThat(tooLong.awsErrorDetails().errorCode()).isEqualTo("ValidationError");
            assertThat(tooLong.awsErrorDetails().errorMessage()).contains("MaxSessionDuration");
            var unknown = catchThrowableOfType(
                    StsException.class,
                    () -> admins.assumeRole(r -> r.roleArn(OPERATOR + "2").roleSessionName("s1")));
            assertThat(unknown.awsErrorDetails().errorCode()).isEqualTo("AccessDenied");
            assertThat(unknown.statusCode()).isEqualTo(403);
            var malformed = catchThrowableOfType(
                    StsException.class,
                    () -> admins.assumeRole(
                            r -> r.roleArn(OPERATOR).roleSessionName("s1").policy("{}")));
            assertThat(malformed.awsErrorDetails().errorCode()).isEqualTo("MalformedPolicyDocument");
            var tagged = catchThrowableOfType(
                    StsException.class,
                    () -> admins.assumeRole(r -> r.roleArn(OPERATOR)
                            .roleSessionName("s1")
                            .tags(Tag.builder().key("a").value("b").build())));
            assertThat(tagged.awsErrorDetails().errorMessage()).contains("Tags is not supported");
            try (var user = coffer.client(session(admins.getSessionToken().credentials()), REGION)) {
                assertThat(user.listBackupVaults().backupVaultList()).hasSize(1);
            }
        }
        try (var coffer = RunningCoffer.start(folder);
                var operator = coffer.client(session(issued), REGION);
                var identity = sts(coffer, session(issued))) {
            assertThat(operator.listBackupVaults().backupVaultList()).hasSize(1);
            assertThat(identity.getCallerIdentity().arn()).endsWith(":assumed-role/Operator/s1");
            denied(
                    () -> operator.deleteBackupVault(r -> r.backupVaultName("Default")),
                    "User: arn:aws:sts::" + ACCOUNT + ":assumed-role/Operator/s1 is not authorized");
            var wrongToken = StaticCredentialsProvider.create(
                    AwsSessionCredentials.create(issued.accessKeyId(), issued.secretAccessKey(), "wrong"));
            try (var forger = coffer.client(wrongToken, REGION)) {
                assertThat(refusal(forger::listBackupVaults).awsErrorDetails().errorCode())
                        .isEqualTo("UnrecognizedClientException");
            }
            done(coffer, "roles", "delete", "Operator");
            assertThat(refusal(operator::listBackupVaults).awsErrorDetails().errorCode())
                    .isEqualTo("UnrecognizedClientException");
        }
    }

    @Test
    void aVaultsPolicyDeniesAdministratorsAndLetsOtherAccountsInForNothingButCopies() throws Exception {
        try (var coffer = RunningCoffer.start(folder);
                var admin = coffer.client();
                var stranger = coffer.client(coffer.credentials("coffer-archive"), REGION)) {
            var arn = admin.createBackupVault(r -> r.backupVaultName("prod")).backupVaultArn();
            var none = catchThrowableOfType(
                    ResourceNotFoundException.class,
                    () -> admin.getBackupVaultAccessPolicy(r -> r.backupVaultName("prod")));
            assertThat(none.awsErrorDetails().errorMessage())
                    .isEqualTo("Backup Vault " + arn + " has no associated POLICY");
            var policy = "{\"Version\":\"2012-10-17\",\n \"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\","
                    + "\"Action\":\"backup:DeleteBackupVault\",\"Resource\":\"*\"},{\"Effect\":\"Allow\","
                    + "\"Principal\":{\"AWS\":\"" + OTHER_ACCOUNT + "\"},\"Action\":\"backup:CopyIntoBackupVault\","
                    + "\"Resource\":\"*\"}]}";
            admin.putBackupVaultAccessPolicy(r -> r.backupVaultName("prod").policy(policy));
            var found = admin.getBackupVaultAccessPolicy(r -> r.backupVaultName("prod"));
            assertThat(found.policy()).isEqualTo(policy);
            assertThat(found.backupVaultArn()).isEqualTo(arn);

            denied(
                    () -> admin.deleteBackupVault(r -> r.backupVaultName("prod")),
                    "backup:DeleteBackupVault on resource: " + arn
                            + " with an explicit deny in a resource-based policy");
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> stranger.describeBackupVault(r -> r.backupVaultName("prod")),
                    () -> stranger.describeBackupVault(
                            r -> r.backupVaultName("prod").backupVaultAccountId(ACCOUNT)),
                    () -> stranger.getBackupVaultAccessPolicy(r -> r.backupVaultName("prod")),
                    () -> stranger.deleteBackupVaultAccessPolicy(r -> r.backupVaultName("prod")),
                    () -> stranger.listTags(r -> r.resourceArn(arn)),
                    () -> admin.getBackupVaultAccessPolicy(r -> r.backupVaultName("unknown")))) {
                denied(call, "Insufficient privileges to perform this action.");
            }
            assertThat(catchThrowableOfType(
                            ResourceNotFoundException.class,
                            () -> stranger.putBackupVaultAccessPolicy(
                                    r -> r.backupVaultName("prod").policy(policy))))
                    .hasMessageContaining("Backup vault prod was not found.");
            for (var wrong : List.of(
                    policy.replace("backup:CopyIntoBackupVault", "backup:DescribeBackupVault"),
                    policy.replace("backup:CopyIntoBackupVault", "backup:*"),
                    policy.replace(OTHER_ACCOUNT, "arn:aws:iam::" + ACCOUNT + ":user/ghost"),
                    policy.replace("Statement", "Statements"),
                    "{",
                    policy + " ".repeat(20_480))) {
                assertThat(catchThrowableOfType(
                                InvalidParameterValueException.class,
                                () -> admin.putBackupVaultAccessPolicy(
                                        r -> r.backupVaultName("prod").policy(wrong))))
                        .as(wrong)
                        .isNotNull();
            }
            admin.deleteBackupVaultAccessPolicy(r -> r.backupVaultName("prod"));
            admin.deleteBackupVault(r -> r.backupVaultName("prod"));
        }
    }

    @Test
    void aProfileOfTheAwsCliTakesOnARole() throws Exception {
        assumeTrue(AwsCliTest.installed(), "the aws command is not installed");
        try (var coffer = RunningCoffer.start(folder)) {
            done(coffer, "roles", "create", "ops/Operator", "--trust", file("trust.json", ROLE_TRUST));
            done(coffer, "policies", "attach", "arn:aws:iam::aws:policy/AWSBackupOperatorAccess", "role/ops/Operator");
            var config = Files.writeString(folder.resolve("aws-config"), """
                    [profile operator]
                    role_arn = %s
                    source_profile = coffer
                    region = %s
                    endpoint_url = %s
                    """.formatted(OPERATOR, REGION, coffer.url()));
            var environment = List.of(
                    // The CLI keeps the credentials of a role there, and would take those of an earlier server.
                    "HOME=" + folder,
                    "AWS_CONFIG_FILE=" + config,
                    "AWS_SHARED_CREDENTIALS_FILE=" + coffer.data().resolve("credentials"),
                    "AWS_PROFILE=operator",
                    "AWS_ENDPOINT_URL_STS=" + coffer.url(),
                    "AWS_PAGER=");
            var who = run(
                    List.of("aws", "sts", "get-caller-identity", "--query", "Arn", "--output", "text"), environment);
            assertThat(who.out()).as(who.err()).contains(":assumed-role/Operator/botocore-session-");
            var list = run(List.of("aws", "backup", "list-backup-vaults", "--output", "text"), environment);
            assertThat(list.out()).as(list.err()).contains("Default");
            var delete =
                    run(List.of("aws", "backup", "delete-backup-vault", "--backup-vault-name", "Default"), environment);
            assertThat(delete.code()).isNotZero();
            assertThat(delete.err()).contains("AccessDeniedException").contains("assumed-role/Operator");
        }
    }
}
