package dev.coffer.wire.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.wire.AwsService;
import dev.coffer.wire.error.WireError;
import dev.coffer.wire.route.OperationTable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.services.backup.model.BackupRuleInput;
import software.amazon.awssdk.services.backup.model.CreateBackupPlanRequest;
import software.amazon.awssdk.services.backup.model.CreateBackupVaultRequest;
import software.amazon.awssdk.services.backup.model.CreateFrameworkRequest;
import software.amazon.awssdk.services.backup.model.DescribeBackupVaultRequest;
import software.amazon.awssdk.services.backup.model.FrameworkControl;
import software.amazon.awssdk.services.backup.model.GetBackupPlanRequest;
import software.amazon.awssdk.services.backup.model.ListBackupJobSummariesRequest;
import software.amazon.awssdk.services.backup.model.ListBackupJobsRequest;
import software.amazon.awssdk.services.backup.model.ListTagsRequest;
import software.amazon.awssdk.services.backup.model.PutBackupVaultNotificationsRequest;
import software.amazon.awssdk.services.backup.model.RevokeRestoreAccessBackupVaultRequest;
import software.amazon.awssdk.services.backup.model.StartBackupJobRequest;
import software.amazon.awssdk.services.backupsearch.model.ListSearchJobsRequest;
import software.amazon.awssdk.services.backupsearch.model.StartSearchJobRequest;
import software.amazon.awssdk.services.backupsearch.model.StartSearchResultExportJobRequest;

final class ConstraintCheckTest {
    private final OperationTable table = OperationTable.load();
    private final ConstraintCheck check = new ConstraintCheck(table);

    private Optional<WireError> judge(AwsService service, AwsRequest request) {
        String operation = request.getClass().getSimpleName().replaceAll("Request$", "");
        return check.check(table.operation(service, operation).orElseThrow(), request);
    }

    private Optional<WireError> backup(AwsRequest request) {
        return judge(AwsService.BACKUP, request);
    }

    private static BackupRuleInput.Builder rule(String name) {
        return BackupRuleInput.builder().ruleName(name);
    }

    private static WireError invalid(String message) {
        return WireError.invalidValue(AwsService.BACKUP, message);
    }

    @Test
    void aCompleteRequestHasNoObjection() {
        assertThat(backup(StartBackupJobRequest.builder()
                        .backupVaultName("vault")
                        .resourceArn("arn:aws:s3:::b")
                        .iamRoleArn("arn:aws:iam::123456789012:role/r")
                        .build()))
                .isEmpty();
    }

    @Test
    void anAbsentMemberIsObjectedToBeforeABadValue() {
        assertThat(backup(StartBackupJobRequest.builder()
                        .backupVaultName("!")
                        .resourceArn("arn:aws:s3:::b")
                        .build()))
                .contains(WireError.of(
                        "MissingParameterValueException", 400, "IamRoleArn is required and must not be null."));
    }

    @Test
    void aMemberThatIsAbsentDeepInsideIsNamedByItsPath() {
        assertThat(backup(CreateBackupPlanRequest.builder()
                        .backupPlan(p -> p.backupPlanName("p")
                                .rules(
                                        rule("ok")
                                                .targetBackupVaultName("vault")
                                                .build(),
                                        rule("r2").build()))
                        .build()))
                .contains(WireError.missingValue(
                        AwsService.BACKUP,
                        "BackupPlan.Rules[1].TargetBackupVaultName is required and must not be null."));
    }

    @Test
    void searchAnswersWithValidationException() {
        assertThat(judge(
                        AwsService.BACKUP_SEARCH,
                        StartSearchJobRequest.builder().build()))
                .contains(WireError.of("ValidationException", 400, "SearchScope is required and must not be null."));
        assertThat(judge(
                        AwsService.BACKUP_SEARCH,
                        ListSearchJobsRequest.builder().maxResults(1001).build()))
                .contains(WireError.of("ValidationException", 400, "MaxResults must be from 1 to 1000, not 1001."));
    }

    @Test
    void aUnionHasExactlyOneMember() {
        assertThat(judge(
                        AwsService.BACKUP_SEARCH,
                        StartSearchResultExportJobRequest.builder()
                                .searchJobIdentifier("s")
                                .exportSpecification(e -> {})
                                .build()))
                .contains(WireError.of(
                        "ValidationException", 400, "ExportSpecification must have exactly one member, not 0."));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1001, -1, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void maxResultsOutsideItsRangeIsRefusedWithTheRange(int maxResults) {
        assertThat(backup(ListBackupJobsRequest.builder().maxResults(maxResults).build()))
                .contains(invalid("MaxResults must be from 1 to 1000, not " + maxResults + "."));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000})
    void maxResultsInsideItsRangeIsAccepted(int maxResults) {
        assertThat(backup(ListBackupJobsRequest.builder().maxResults(maxResults).build()))
                .isEmpty();
    }

    @Test
    void theRangeOfThePreviewIsItsOwn() {
        assertThat(backup(GetBackupPlanRequest.builder()
                        .backupPlanId("p")
                        .maxScheduledRunsPreview(11)
                        .build()))
                .contains(invalid("MaxScheduledRunsPreview must be from 0 to 10, not 11."));
    }

    @Test
    void aValueOutsideItsEnumIsRefusedWithTheChoices() {
        assertThat(backup(ListBackupJobsRequest.builder().byState("DONE é").build())
                        .orElseThrow()
                        .message())
                .startsWith("ByState must be one of ")
                .contains("COMPLETED")
                .endsWith(", not \"DONE \\u00e9\".");
    }

    @Test
    void anUnknownNotificationIsRefusedInTheWordsOfAws() {
        assertThat(backup(PutBackupVaultNotificationsRequest.builder()
                                .backupVaultName("vault")
                                .snsTopicArn("arn:aws:sns:eu-central-1:123456789012:t")
                                .backupVaultEventsWithStrings("NEVER")
                                .build())
                        .orElseThrow()
                        .message())
                .startsWith("Please select from the following list of notifications BACKUP_JOB_STARTED, ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a-b", "A_1", "aa", "0123456789012345678901234567890123456789012345678_"})
    void aVaultMayBeCreatedWithAPlainName(String name) {
        assertThat(createVault(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../etc",
                "a",
                "",
                "a\u0000b",
                "ab\n",
                "a/b",
                "aws/efs/automatic-backup-vault",
                "a.b",
                "é1",
                "a b",
                "../",
                "012345678901234567890123456789012345678901234567890"
            })
    void aVaultMayNotBeCreatedWithAnotherName(String name) {
        assertThat(createVault(name).orElseThrow())
                .satisfies(error -> assertThat(error.type()).isEqualTo("InvalidParameterValueException"))
                .satisfies(error -> assertThat(error.message())
                        .startsWith("BackupVaultName must be 2 to 50 letters, digits, hyphens or underscores, not \""));
    }

    private Optional<WireError> createVault(String name) {
        return backup(CreateBackupVaultRequest.builder().backupVaultName(name).build());
    }

    @ParameterizedTest
    @CsvSource({
        "aws/efs/automatic-backup-vault, true, true",
        "vault-1, true, true",
        "a, true, false",
        "name with spaces, true, false",
        "a..b, true, false",
        "aws/../x, false, false",
        "../../etc, false, false",
        ".., false, false",
        "., false, false",
        "a/., false, false",
    })
    void aReadTakesNamesThatAwsMadeAndAWriteIsStricter(String name, boolean read, boolean written) {
        assertThat(backup(DescribeBackupVaultRequest.builder()
                                .backupVaultName(name)
                                .build())
                        .isEmpty())
                .isEqualTo(read);
        assertThat(backup(StartBackupJobRequest.builder()
                                .backupVaultName(name)
                                .resourceArn("r")
                                .iamRoleArn("i")
                                .build())
                        .isEmpty())
                .isEqualTo(written);
    }

    @Test
    void aReadRefusesControlCharactersAndEndlessNames() {
        for (String name : List.of("a\u0000b", "ab\n", "a\u007f", "x".repeat(257), "")) {
            assertThat(backup(DescribeBackupVaultRequest.builder()
                            .backupVaultName(name)
                            .build()))
                    .isPresent();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "123456789012, true",
        "ANY, true",
        "AGGREGATE_ALL, true",
        "*, true",
        "12345678901, false",
        "any, false",
        "'123456789012\n', false",
    })
    void anAccountIdMayBeAWildcard(String account, boolean accepted) {
        assertThat(backup(ListBackupJobSummariesRequest.builder()
                                .accountId(account)
                                .build())
                        .isEmpty())
                .isEqualTo(accepted);
    }

    @ParameterizedTest
    @CsvSource({"Storage Gateway, true", "SAP HANA on Amazon EC2, true", "EBS, true", "a/b, false", "'EBS\n', false"})
    void aResourceTypeMayHoldSpaces(String type, boolean accepted) {
        assertThat(backup(ListBackupJobsRequest.builder().byResourceType(type).build())
                        .isEmpty())
                .isEqualTo(accepted);
    }

    @ParameterizedTest
    @CsvSource({"frame_1, true", "1frame, false", "'a b', false", "'ok!', false"})
    void aPatternIsMatchedByTheWholeValue(String name, boolean accepted) {
        assertThat(framework(name, "text").isEmpty()).isEqualTo(accepted);
    }

    @Test
    void lengthsAreCountedInCodePoints() {
        assertThat(framework("f", "\uD83D\uDE00".repeat(1024))).isEmpty();
        assertThat(framework("f", "x".repeat(1025)))
                .contains(invalid("FrameworkDescription must have from 0 to 1024 characters, not 1025."));
        assertThat(framework("f", "line\nline")).isEmpty();
        assertThat(framework("f", " \n ")).isPresent();
    }

    private Optional<WireError> framework(String name, String description) {
        return backup(CreateFrameworkRequest.builder()
                .frameworkName(name)
                .frameworkDescription(description)
                .frameworkControls(FrameworkControl.builder().controlName("C").build())
                .build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"arn:aws:s3:::a\nb", "arn:aws:s3:::a\u0000", "\u007f", "\u0085"})
    void anArnWithControlCharactersIsRefused(String arn) {
        assertThat(backup(ListTagsRequest.builder().resourceArn(arn).build())
                        .orElseThrow()
                        .message())
                .startsWith("ResourceArn must not hold control characters, not \"");
        assertThat(backup(ListBackupJobsRequest.builder().byResourceArn(arn).build()))
                .isPresent();
        assertThat(backup(StartBackupJobRequest.builder()
                        .backupVaultName("vault")
                        .resourceArn(arn)
                        .iamRoleArn("r")
                        .build()))
                .isPresent();
    }

    @Test
    void keysAndValuesOfAMapHaveTheirPatterns() {
        assertThat(options(Map.of("WindowsVSS", "enabled"))).isEmpty();
        assertThat(options(Map.of("Windows VSS", "enabled")))
                .contains(invalid(
                        "A key of BackupOptions must match ^[a-zA-Z0-9\\-\\_\\.]{1,50}$," + " not \"Windows VSS\"."));
        assertThat(options(Map.of("WindowsVSS", "")))
                .contains(invalid("A value of BackupOptions must match ^[a-zA-Z0-9\\-\\_\\.]{1,50}$, not \"\"."));
    }

    private Optional<WireError> options(Map<String, String> options) {
        return backup(StartBackupJobRequest.builder()
                .backupVaultName("vault")
                .resourceArn("r")
                .iamRoleArn("i")
                .backupOptions(options)
                .build());
    }

    @Test
    void aListHasItsLength() {
        assertThat(backup(CreateFrameworkRequest.builder()
                        .frameworkName("f")
                        .frameworkControls(FrameworkControl.builder()
                                .controlName("C")
                                .controlScope(s -> s.complianceResourceIds(Collections.nCopies(101, "id")))
                                .build())
                        .build()))
                .contains(invalid("FrameworkControls[0].ControlScope.ComplianceResourceIds must have from 1 to 100"
                        + " elements, not 101."));
    }

    @Test
    void anEchoIsShort() {
        assertThat(createVault("\n".repeat(5_000)).orElseThrow().message()).hasSizeLessThan(260);
    }

    @Test
    void freeTextMayHaveSeveralLines() {
        assertThat(backup(RevokeRestoreAccessBackupVaultRequest.builder()
                        .backupVaultName("v1")
                        .restoreAccessBackupVaultArn("arn")
                        .requesterComment("first\nsecond")
                        .build()))
                .isEmpty();
    }

    @Test
    void theSameRequestAlwaysGetsTheSameObjection() {
        var request = CreateBackupPlanRequest.builder()
                .backupPlan(p -> p.backupPlanName("p")
                        .rules(rule("!")
                                .targetBackupVaultName("/")
                                .recoveryPointTags(Map.of("k", "v"))
                                .build()))
                .build();
        Optional<WireError> first = backup(request);
        assertThat(first.orElseThrow().message()).startsWith("BackupPlan.Rules[0].RuleName must match ");
        for (int again = 0; again < 50; again++) {
            assertThat(new ConstraintCheck(OperationTable.load())
                            .check(
                                    table.operation(AwsService.BACKUP, "CreateBackupPlan")
                                            .orElseThrow(),
                                    request))
                    .isEqualTo(first);
        }
    }
}
