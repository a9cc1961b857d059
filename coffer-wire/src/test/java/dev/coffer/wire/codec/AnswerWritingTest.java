package dev.coffer.wire.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.coffer.wire.AwsService;
import dev.coffer.wire.RandomObjects;
import dev.coffer.wire.SdkLoopback;
import dev.coffer.wire.WireResponse;
import dev.coffer.wire.error.WireError;
import dev.coffer.wire.route.Operation;
import dev.coffer.wire.route.OperationTable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.backup.model.BackupException;
import software.amazon.awssdk.services.backup.model.DeleteRestoreTestingPlanResponse;
import software.amazon.awssdk.services.backup.model.DescribeBackupVaultResponse;
import software.amazon.awssdk.services.backup.model.InvalidParameterValueException;
import software.amazon.awssdk.services.backup.model.ListBackupJobsResponse;
import software.amazon.awssdk.services.backup.model.ListBackupVaultsResponse;

final class AnswerWritingTest {
    private final OperationTable table = OperationTable.load();
    private final RestJson1 codec = new RestJson1(table);

    private Operation operation(String name) {
        return table.operation(AwsService.BACKUP, name).orElseThrow();
    }

    private String body(String operation, AwsResponse response) {
        return new String(codec.encode(operation(operation), response).body(), StandardCharsets.UTF_8);
    }

    @Test
    void aTimeIsPlainEpochSecondsWithThreePlaces() {
        var response = DescribeBackupVaultResponse.builder()
                .creationDate(Instant.parse("2019-09-19T14:39:14.7479Z"))
                .lockDate(Instant.EPOCH)
                .build();
        assertThat(body("DescribeBackupVault", response))
                .contains("\"CreationDate\":1568903954.747")
                .contains("\"LockDate\":0.000")
                .doesNotContain("E");
    }

    @Test
    void whatWasNeverSetIsLeftOutAndAnEmptyListThatWasSetStays() {
        assertThat(body("ListBackupJobs", ListBackupJobsResponse.builder().build()))
                .isEqualTo("{}");
        assertThat(body(
                        "ListBackupJobs",
                        ListBackupJobsResponse.builder().backupJobs(List.of()).build()))
                .isEqualTo("{\"BackupJobs\":[]}");
        assertThat(body(
                        "ListBackupVaults",
                        ListBackupVaultsResponse.builder()
                                .backupVaultList(List.of())
                                .build()))
                .isEqualTo("{\"BackupVaultList\":[]}");
    }

    @Test
    void halfASurrogatePairIsWrittenAsAReplacement() {
        assertThat(body(
                        "DescribeBackupVault",
                        DescribeBackupVaultResponse.builder()
                                .backupVaultName("a\ud800b")
                                .build()))
                .isEqualTo("{\"BackupVaultName\":\"a\ufffdb\"}");
    }

    @Test
    void anOperationWithoutOutputHasAnEmptyBodyAndNoContentType() {
        for (AwsService service : AwsService.values()) {
            for (Operation operation : table.operations(service)) {
                if (operation.model().output().isEmpty()) {
                    assertThat(sdkFields(operation)).as(operation.name()).isEmpty();
                }
            }
        }
        WireResponse answer = codec.encode(
                operation("DeleteRestoreTestingPlan"),
                DeleteRestoreTestingPlanResponse.builder().build());
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers()).isEmpty();
    }

    private static List<?> sdkFields(Operation operation) {
        try {
            return ((SdkPojo) operation.responseType().getMethod("builder").invoke(null)).sdkFields();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(operation.name(), e);
        }
    }

    @Test
    void theSuccessCodesThatAreNot200() {
        assertThat(table.operations(AwsService.BACKUP).stream()
                        .filter(operation -> operation.model().status() == 201)
                        .map(Operation::name))
                .containsExactly(
                        "CancelLegalHold", "CreateRestoreTestingPlan", "CreateRestoreTestingSelection", "StartScanJob");
        assertThat(table.operations(AwsService.BACKUP).stream()
                        .filter(operation -> operation.model().status() == 204)
                        .map(Operation::name))
                .containsExactly(
                        "AssociateBackupVaultMpaApprovalTeam",
                        "DeleteRestoreTestingPlan",
                        "DeleteRestoreTestingSelection",
                        "DisassociateBackupVaultMpaApprovalTeam",
                        "DisassociateRecoveryPointFromParent",
                        "PutRestoreValidationResult");
    }

    /** Each operation with each error it declares, thrown by the real client with every member. */
    @TestFactory
    List<DynamicTest> theClientThrowsTheModelledExceptionThatTheServerThrew() {
        var tests = new ArrayList<DynamicTest>();
        for (AwsService service : AwsService.values()) {
            for (Operation operation : table.operations(service)) {
                tests.add(DynamicTest.dynamicTest(operation.toString(), () -> errorsRoundTrip(operation)));
            }
        }
        return tests;
    }

    private void errorsRoundTrip(Operation operation) throws ReflectiveOperationException {
        var answer = new AtomicReference<>(new WireResponse(500, Map.of(), new byte[0]));
        try (var sdk = new SdkLoopback(_ -> answer.get())) {
            var objects = new RandomObjects(operation.name().hashCode(), true);
            var request = (AwsRequest) objects.fill(operation.requestBuilder().get());
            for (Map.Entry<String, Integer> declared :
                    operation.model().errorStatus().entrySet()) {
                Class<?> type = Class.forName(operation.requestType().getPackageName() + "." + declared.getKey());
                var builder =
                        (AwsServiceException.Builder) type.getMethod("builder").invoke(null);
                var thrown = (AwsServiceException) objects.fill((SdkPojo) builder.message("Why \"this\" failed: é"));
                answer.set(codec.encode(operation.service(), codec.errorOf(operation, thrown)));

                Throwable caught = catchThrowable(() -> sdk.call(operation, request));

                assertThat(caught).isExactlyInstanceOf(type);
                var exception = (AwsServiceException) caught;
                assertThat(exception.statusCode()).isEqualTo(declared.getValue());
                assertThat(exception.awsErrorDetails().errorMessage()).isEqualTo("Why \"this\" failed: é");
                assertThat(exception.awsErrorDetails().errorCode()).isEqualTo(declared.getKey());
                for (SdkField<?> field : thrown.sdkFields()) {
                    assertThat(field.getValueOrDefault(exception))
                            .as(field.memberName())
                            .isNotNull()
                            .isEqualTo(field.getValueOrDefault(thrown));
                }
            }
        }
    }

    @Test
    void anErrorCarriesItsNameInTheHeaderAndItsMembersInTheBody() {
        WireResponse answer = codec.encode(
                AwsService.BACKUP,
                codec.errorOf(
                        operation("CreateBackupPlan"),
                        InvalidParameterValueException.builder()
                                .code("ERROR_3015")
                                .context("rule")
                                .message("Error in rule")
                                .build()));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.headers())
                .containsEntry("X-Amzn-Errortype", "InvalidParameterValueException")
                .containsEntry("Content-Type", "application/json");
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"Code\":\"ERROR_3015\",\"Context\":\"rule\",\"Message\":\"Error in rule\"}");
    }

    @Test
    void searchCallsTheTextMessage() {
        WireResponse answer =
                codec.encode(AwsService.BACKUP_SEARCH, WireError.invalidValue(AwsService.BACKUP_SEARCH, "no"));
        assertThat(answer.headers()).containsEntry("X-Amzn-Errortype", "ValidationException");
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo("{\"message\":\"no\"}");
    }

    @Test
    void anUnknownOperationIs404WithAnEmptyObject() {
        WireResponse answer = codec.encode(AwsService.BACKUP, WireError.unknownOperation());
        assertThat(answer.status()).isEqualTo(404);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo("{}");
    }

    @Test
    void anExceptionThatTheModelDoesNotKnowTellsNothing() {
        WireError error = codec.errorOf(
                operation("CreateBackupPlan"),
                BackupException.builder().message("secret inner state").build());
        assertThat(error).isEqualTo(WireError.internalFailure());
    }
}
