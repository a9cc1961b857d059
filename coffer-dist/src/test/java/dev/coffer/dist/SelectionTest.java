package dev.coffer.dist;

import static dev.coffer.dist.RunningCoffer.ACCOUNT;
import static dev.coffer.dist.RunningCoffer.REGION;
import static dev.coffer.dist.RunningCoffer.RESOURCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.backup.model.BackupException;
import software.amazon.awssdk.services.backup.model.InvalidParameterValueException;
import software.amazon.awssdk.services.backup.model.InvalidRequestException;
import software.amazon.awssdk.services.backup.model.MissingParameterValueException;

/** What selections would choose, and why, asked of a started server over its paths and by the command; and the settings that decide with them. */
final class SelectionTest {
    private static final String FILE_SYSTEMS = "arn:aws:elasticfilesystem:" + REGION + ":" + ACCOUNT + ":file-system/";

    @TempDir
    private Path folder;

    private RunningCoffer start() throws IOException {
        Files.createDirectories(folder.resolve("other"));
        Files.writeString(
                folder.resolve("coffer.yaml"),
                RunningCoffer.usualConfig(folder)
                        + "  - {type: EFS, id: fs-0a1b2c3d4e5f60002, name: test-files, path: \""
                        + folder.resolve("other")
                        + "\", tags: {stage: test}}\n");
        return RunningCoffer.start(folder);
    }

    private String preview(RunningCoffer coffer, String query, String body) throws IOException {
        var answer = new RawCall(coffer, "POST", "/coffer/v1/selection-preview" + query)
                .body(body)
                .send();
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.text();
    }

    /** What a command printed, and its exit code. */
    private record Ran(int code, String out, String err) {}

    private Ran plan(RunningCoffer coffer, String... arguments) throws IOException, InterruptedException {
        var errors = Files.createTempFile(folder, "err", ".log");
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("coffer.home"), "bin", "coffer").toString());
        command.add("plan");
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "--endpoint-url",
                coffer.url(),
                "--credentials",
                coffer.data().resolve("credentials").toString()));
        var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out, Files.readString(errors));
    }

    @Test
    void aPreviewTellsWhatASelectionWouldChooseUnderTheSettingsOfTheMoment() throws IOException {
        try (var coffer = start();
                var client = coffer.client()) {
            var tagged = "{\"ListOfTags\": [{\"ConditionType\": \"STRINGEQUALS\", \"ConditionKey\": \"backup\","
                    + " \"ConditionValue\": \"daily\"}]}";
            assertThat(preview(coffer, "?chosen=true", tagged))
                    .contains("\"ChosenCount\":1,\"NotChosenCount\":1,\"Warnings\":[]")
                    .contains("\"ResourceArn\":\"" + RESOURCE + "\"")
                    .contains("it has the tag backup = daily of ListOfTags")
                    .doesNotContain("test-files");
            var conditions = "{\"Resources\": [\"arn:aws:elasticfilesystem:*\"], \"Conditions\": {\"StringNotEquals\":"
                    + " [{\"ConditionKey\": \"aws:ResourceTag/stage\", \"ConditionValue\": \"test\"}]}}";
            assertThat(preview(coffer, "", conditions))
                    .contains("\"ChosenCount\":1")
                    .contains("\"ActualValue\":\"test\"");

            client.updateRegionSettings(r -> r.resourceTypeOptInPreference(Map.of("EFS", false)));
            assertThat(preview(coffer, "", tagged))
                    .contains("\"ChosenCount\":0")
                    .contains("TYPE_IS_OPTED_OUT")
                    .contains("\"LeftOutBy\":[{\"OptedOut\":\"EFS\"}]");
            assertThat(preview(coffer, "", "{\"Resources\": [\"" + FILE_SYSTEMS + "*\"]}"))
                    .contains("\"ChosenCount\":2")
                    .contains("\"Warnings\":[]");

            var refused = new RawCall(coffer, "POST", "/coffer/v1/selection-preview")
                    .body("{\"Conditions\": {}}")
                    .send();
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.type()).isEqualTo("InvalidParameterValueException");
            var unknown =
                    new RawCall(coffer, "GET", "/coffer/v1/selection-preview?backupPlanId=a&selectionId=b").send();
            assertThat(unknown.type()).isEqualTo("ResourceNotFoundException");
            var elsewhere = new RawCall(coffer, "POST", "/coffer/v1/selection-preview")
                    .region("eu-central-1")
                    .body("{\"Resources\": [\"*\"]}")
                    .send();
            assertThat(elsewhere.text()).contains("\"ChosenCount\":0,\"NotChosenCount\":0");
        }
    }

    @Test
    void theCommandTellsWhatIsUnprotectedAndWhy() throws IOException, InterruptedException {
        try (var coffer = start();
                var client = coffer.client()) {
            var gaps = plan(coffer, "unprotected");
            assertThat(gaps.code()).as(gaps.err()).isZero();
            assertThat(gaps.out())
                    .startsWith("2 of 2 resources are chosen by no plan.")
                    .contains("EFS   team-files  " + RESOURCE + "  -")
                    .contains("EFS   test-files");
            assertThat(plan(coffer, "unprotected", "--json").out())
                    .startsWith(
                            "{\"ResourceCount\":2,\"UnprotectedCount\":2,\"Outages\":[],\"Resources\":[{\"ResourceArn\":\""
                                    + RESOURCE)
                    .doesNotContain("NextToken");

            assertThat(plan(coffer, "runs", "--state", "missed").out()).isEqualTo("There are no such runs.\n");
            assertThat(plan(coffer, "why", RESOURCE).out()).contains("It has never been backed up.");
            RunningCoffer.backUp(client, "Default");
            var why = plan(coffer, "why", RESOURCE);
            assertThat(why.code()).as(why.err()).isZero();
            assertThat(why.out())
                    .startsWith(RESOURCE + " (EFS team-files)\nLast backup: ")
                    .contains("backup-vault:Default")
                    .contains("No plan has a selection");
            assertThat(plan(coffer, "why", "--json", FILE_SYSTEMS + "fs-gone").out())
                    .contains("\"Exists\":false")
                    .contains("\"Selections\":[]");

            var foreign = plan(coffer, "why", RESOURCE.replace(ACCOUNT, "444455556666"));
            assertThat(foreign.code()).isEqualTo(1);
            assertThat(foreign.err()).contains("Insufficient privileges");
            assertThat(plan(coffer, "why", "arn:aws:sqs:eu-west-1:111122223333:queue")
                            .err())
                    .contains("Unsupported resource type");
            assertThat(new RawCall(coffer, "GET", "/coffer/v1/unprotected?page=1")
                            .send()
                            .type())
                    .isEqualTo("InvalidParameterValueException");
        }
    }

    @Test
    void settingsOfTheRegionAndOfTheOrganizationAreMerged() throws IOException {
        try (var coffer = start();
                var client = coffer.client()) {
            var all = client.getSupportedResourceTypes(r -> {}).resourceTypes();
            assertThat(all).containsExactly("Aurora", "DynamoDB", "EBS", "EC2", "EFS", "RDS", "S3");
            client.updateRegionSettings(r -> r.resourceTypeOptInPreference(Map.of("S3", false, "EBS", false))
                    .resourceTypeManagementPreference(Map.of("DynamoDB", false, "EFS", true)));
            client.updateRegionSettings(r -> r.resourceTypeOptInPreference(Map.of("EBS", true)));
            client.updateRegionSettings(r -> {});
            assertThat(client.describeRegionSettings(r -> {}).resourceTypeOptInPreference())
                    .containsOnlyKeys(all);
            client.updateRegionSettings(r -> r.resourceTypeOptInPreference(Map.of("FSx", true)));
            assertThat(client.describeRegionSettings(r -> {}).resourceTypeOptInPreference())
                    .containsEntry("FSx", true)
                    .hasSize(all.size() + 1);
            var settings = client.describeRegionSettings(r -> {});
            assertThat(settings.resourceTypeOptInPreference())
                    .containsEntry("S3", false)
                    .containsEntry("EBS", true)
                    .containsEntry("EFS", true);
            assertThat(settings.resourceTypeManagementPreference()).isEqualTo(Map.of("DynamoDB", false, "EFS", true));
            for (var wrong : List.of(Map.of("EFS", false), Map.of("S3", true), Map.of("FTP", true))) {
                assertRefused(
                        InvalidParameterValueException.class,
                        () -> client.updateRegionSettings(r -> r.resourceTypeManagementPreference(wrong)));
            }
            assertRefused(
                    InvalidParameterValueException.class,
                    () -> client.updateRegionSettings(r -> r.resourceTypeOptInPreference(Map.of("s3", true))));

            assertThat(client.describeGlobalSettings(r -> {}).globalSettings())
                    .isEqualTo(Map.of("isCrossAccountBackupEnabled", "false"));
            client.updateGlobalSettings(r -> r.globalSettings(Map.of("isCrossAccountBackupEnabled", "true")));
            client.updateGlobalSettings(r -> r.globalSettings(Map.of("isMpaEnabled", "false")));
            var global = client.describeGlobalSettings(r -> {});
            assertThat(global.globalSettings())
                    .isEqualTo(Map.of("isCrossAccountBackupEnabled", "true", "isMpaEnabled", "false"));
            assertThat(global.lastUpdateTime()).isNotNull();
            try (var member = coffer.client(coffer.credentials("coffer-archive"), RunningCoffer.REGION)) {
                assertThat(member.describeGlobalSettings(r -> {}).globalSettings())
                        .isEqualTo(global.globalSettings());
                assertRefused(
                        InvalidRequestException.class,
                        () -> member.updateGlobalSettings(
                                r -> r.globalSettings(Map.of("isCrossAccountBackupEnabled", "false"))));
            }
            assertRefused(
                    InvalidRequestException.class,
                    () -> client.updateGlobalSettings(r -> r.globalSettings(Map.of("isMpaEnabled", "true"))));
            assertRefused(
                    InvalidParameterValueException.class,
                    () -> client.updateGlobalSettings(r -> r.globalSettings(Map.of("isMpaEnabled", "maybe"))));
            assertRefused(MissingParameterValueException.class, () -> client.updateGlobalSettings(r -> {}));
        }
    }

    private static void assertRefused(Class<? extends BackupException> type, Runnable call) {
        assertThat(catchThrowableOfType(BackupException.class, call::run)).isExactlyInstanceOf(type);
    }
}
