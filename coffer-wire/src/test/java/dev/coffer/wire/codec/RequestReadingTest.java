package dev.coffer.wire.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.coffer.wire.AwsService;
import dev.coffer.wire.error.WireError;
import dev.coffer.wire.error.WireException;
import dev.coffer.wire.route.OperationTable;
import dev.coffer.wire.route.RouteMatch;
import dev.coffer.wire.route.Router;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import software.amazon.awssdk.services.backup.model.CreateBackupPlanRequest;
import software.amazon.awssdk.services.backup.model.CreateBackupVaultRequest;
import software.amazon.awssdk.services.backup.model.CreateLegalHoldRequest;
import software.amazon.awssdk.services.backup.model.ListBackupJobsRequest;
import software.amazon.awssdk.services.backup.model.ListRecoveryPointsByResourceRequest;
import software.amazon.awssdk.services.backup.model.StopBackupJobRequest;

final class RequestReadingTest {
    private final OperationTable table = OperationTable.load();
    private final Router router = new Router(table);
    private final RestJson1 codec = new RestJson1(table);

    private AwsRequest read(String method, String path, String query, String body) {
        Optional<String> rawQuery = query.isEmpty() ? Optional.empty() : Optional.of(query);
        RouteMatch match =
                router.route(AwsService.BACKUP, method, path, rawQuery).orElseThrow();
        return codec.decode(match, rawQuery, body.getBytes(StandardCharsets.UTF_8));
    }

    private WireError refusal(String method, String path, String query, String body) {
        return catchThrowableOfType(WireException.class, () -> read(method, path, query, body))
                .error();
    }

    private CreateBackupPlanRequest plan(String lifecycle) {
        return (CreateBackupPlanRequest) read("PUT", "/backup/plans", "", planBody(lifecycle));
    }

    private static String planBody(String lifecycle) {
        return """
                {"BackupPlan":{"BackupPlanName":"p","Rules":[{"RuleName":"r","TargetBackupVaultName":"v",
                "Lifecycle":{"DeleteAfterDays":%s}}]}}""".formatted(lifecycle);
    }

    @Test
    void anEmptyBodyIsAnEmptyObject() {
        var request = (StopBackupJobRequest) read("POST", "/backup-jobs/j", "", "");
        assertThat(request.backupJobId()).isEqualTo("j");
    }

    @Test
    void unknownMembersOfAnyKindAreIgnored() {
        var request = (CreateBackupVaultRequest) read("PUT", "/backup-vaults/v", "brandNew=1&%zz=2", """
                        {"New":{"a":[1,{"b":null}]},"CreatorRequestId":"c","Newer":[1e999,"x"]}""");
        assertThat(request.creatorRequestId()).isEqualTo("c");
    }

    @Test
    void aBodyCannotOverwriteTheLabel() {
        var request = (CreateBackupVaultRequest)
                read("PUT", "/backup-vaults/v", "", "{\"backupVaultName\":\"w\",\"BackupVaultName\":\"w\"}");
        assertThat(request.backupVaultName()).isEqualTo("v");
    }

    @Test
    void nullIsAbsent() {
        var request = (CreateBackupVaultRequest)
                read("PUT", "/backup-vaults/v", "", "{\"BackupVaultTags\":null,\"EncryptionKeyArn\":null}");
        assertThat(request.backupVaultTags()).isInstanceOf(SdkAutoConstructMap.class);
        assertThat(request.encryptionKeyArn()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "30, 30",
        "30.0, 30",
        "3e1, 30",
        "-1, -1",
        "0, 0",
        "0e99999, 0",
        "9223372036854775807, 9223372036854775807"
    })
    void aWholeNumberHasManySpellings(String json, long days) {
        assertThat(plan(json).backupPlan().rules().getFirst().lifecycle().deleteAfterDays())
                .isEqualTo(days);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NaN", "Infinity", "1e999", "1e999999999", "1e99999999999999", "9223372036854775808", "30.5",
                "1e-999999999", "\"30\"", "true", "[30]", "{}", "030", "+1"
            })
    void aNumberThatDoesNotFitIs400AndNamesTheMember(String json) {
        WireError error = refusal("PUT", "/backup/plans", "", planBody(json));
        assertThat(error.status()).isEqualTo(400);
        assertThat(error.type()).isEqualTo("SerializationException");
        assertThat(error.message()).contains("DeleteAfterDays").hasSizeLessThan(400);
    }

    @Test
    void theObjectionToANumberTellsWhereAndWhichRange() {
        assertThat(refusal("PUT", "/backup/plans", "", planBody("\"30\"")).message())
                .isEqualTo("BackupPlan.Rules[0].Lifecycle.DeleteAfterDays must be a whole number from"
                        + " -9223372036854775808 to 9223372036854775807, not a string.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "\"x\"",
                "{",
                "{}{}",
                "{} x",
                "{\"a\":1,\"a\":2}",
                "{'a':1}",
                "{\"BackupVaultTags\":[]}",
                "{\"BackupVaultTags\":{\"k\":1}}",
                "{\"BackupVaultTags\":{\"k\":\"1\",\"k\":\"2\"}}",
                "{\"CreatorRequestId\":5}",
                "{\"CreatorRequestId\":\"\\ud800\"}",
                "{\"x\":{\"y\":[{\"z\":1,\"z\":1}]}}",
                "{\"a\":\"\u0000\"}",
                "\uFEFF!"
            })
    void aBodyOfTheWrongFormIsSerializationException(String body) {
        WireError error = refusal("PUT", "/backup-vaults/v", "", body);
        assertThat(error.type()).isEqualTo("SerializationException");
        assertThat(error.status()).isEqualTo(400);
    }

    @Test
    void aBodyThatIsNotUtf8IsSerializationException() {
        RouteMatch match = router.route(AwsService.BACKUP, "PUT", "/backup-vaults/v", Optional.empty())
                .orElseThrow();
        byte[] body = {'{', '"', 'a', '"', ':', '"', (byte) 0xff, '"', '}'};
        WireException refused =
                catchThrowableOfType(WireException.class, () -> codec.decode(match, Optional.empty(), body));
        assertThat(refused.error().type()).isEqualTo("SerializationException");
    }

    @ParameterizedTest
    @ValueSource(ints = {65, 10_000, 400_000})
    void deepNestingIsRefused(int depth) {
        String body = "{\"x\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
        assertThat(refusal("PUT", "/backup-vaults/v", "", body).type()).isEqualTo("SerializationException");
    }

    @Test
    void aListElementThatIsNullIsRefused() {
        assertThat(refusal("PUT", "/backup/plans", "", "{\"BackupPlan\":{\"Rules\":[null]}}")
                        .message())
                .isEqualTo("BackupPlan.Rules[0] must not be null.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"maxResults=7&STATE=RUNNING", "MaxResults=7&State=RUNNING", "maxresults=7.0&state=RUNNING"})
    void queryKeysMatchWithoutRegardToCase(String query) {
        var request = (ListBackupJobsRequest) read("GET", "/backup-jobs", query, "");
        assertThat(request.maxResults()).isEqualTo(7);
        assertThat(request.byStateAsString()).isEqualTo("RUNNING");
    }

    @Test
    void aScalarGivenTwiceIsRefused() {
        assertThat(refusal("GET", "/backup-jobs", "state=A&State=B", "").type())
                .isEqualTo("InvalidParameterValueException");
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "", "5x", "99999999999", "0x10", "1e3", "5.5", "%35%zz"})
    void maxResultsThatIsNoNumberIs400(String value) {
        WireError error = refusal("GET", "/backup-jobs", "maxResults=" + value, "");
        assertThat(error.type()).isEqualTo("InvalidParameterValueException");
        assertThat(error.message()).containsIgnoringCase("maxResults");
    }

    @Test
    void theObjectionToAQueryNumberNamesTheRange() {
        assertThat(refusal("GET", "/backup-jobs", "maxResults=all", "").message())
                .isEqualTo("MaxResults must be a whole number from 1 to 1000, not \"all\".");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-04-01T12:30:15Z, 2026-04-01T12:30:15Z",
        "2026-04-01T12%3A30%3A15.123456Z, 2026-04-01T12:30:15.123456Z",
        "2026-04-01T14:30:15%2B02:00, 2026-04-01T12:30:15Z",
        "1775046615, 2026-04-01T12:30:15Z",
        "1775046615.123, 2026-04-01T12:30:15.123Z",
        "1.775046615123E9, 2026-04-01T12:30:15.123Z",
        "'Wed,%201%20Apr%202026%2012:30:15%20GMT', 2026-04-01T12:30:15Z",
    })
    void aTimeHasManySpellings(String query, Instant expected) {
        var request = (ListBackupJobsRequest) read("GET", "/backup-jobs", "createdAfter=" + query, "");
        assertThat(request.byCreatedAfter()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"yesterday", "", "2026-04-01", "2026-02-30T00:00:00Z", "1e15", "1e99", "%2B99999-01-01T00:00:00Z"
            })
    void aTimeThatIsNoneIs400(String query) {
        assertThat(refusal("GET", "/backup-jobs", "createdAfter=" + query, "").message())
                .startsWith("ByCreatedAfter must be a time");
    }

    @ParameterizedTest
    @CsvSource({
        "1775046615, 2026-04-01T12:30:15Z",
        "1775046615.1234567891, 2026-04-01T12:30:15.123456789Z",
        "-0.001, 1969-12-31T23:59:59.999Z",
        "1.775046615123E9, 2026-04-01T12:30:15.123Z",
        "'\"2026-04-01T12:30:15Z\"', 2026-04-01T12:30:15Z",
    })
    void aTimeInABodyIsANumberOrText(String json, Instant expected) {
        var request = (CreateLegalHoldRequest) read(
                "POST", "/legal-holds", "", "{\"RecoveryPointSelection\":{\"DateRange\":{\"FromDate\":" + json + "}}}");
        assertThat(request.recoveryPointSelection().dateRange().fromDate()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "1e-999999999", "true", "\"noon\"", "99999999999999"})
    void aTimeInABodyThatIsNoneIs400(String json) {
        WireError error = refusal(
                "POST", "/legal-holds", "", "{\"RecoveryPointSelection\":{\"DateRange\":{\"FromDate\":" + json + "}}}");
        assertThat(error.type()).isEqualTo("SerializationException");
        assertThat(error.message()).contains("RecoveryPointSelection.DateRange.FromDate");
    }

    @ParameterizedTest
    @CsvSource({"true, true", "false, false"})
    void aTruthInAQueryIsLowerCase(String text, boolean expected) {
        var request = (ListRecoveryPointsByResourceRequest)
                read("GET", "/resources/r/recovery-points", "managedByAWSBackupOnly=" + text, "");
        assertThat(request.managedByAWSBackupOnly()).isEqualTo(expected);
        assertThat(refusal("GET", "/resources/r/recovery-points", "managedByAWSBackupOnly=maybe", "")
                        .message())
                .isEqualTo("ManagedByAWSBackupOnly must be true or false, not \"maybe\".");
    }
}
