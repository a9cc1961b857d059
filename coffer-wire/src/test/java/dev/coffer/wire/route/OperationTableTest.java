package dev.coffer.wire.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.wire.AwsService;
import dev.coffer.wire.model.Shape.Member;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.protocols.core.OperationInfo;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backupsearch.BackupSearchClient;

final class OperationTableTest {
    private final OperationTable table = OperationTable.load();

    @Test
    void theTableHoldsAllOperationsOfBothServices() {
        assertThat(table.operations(AwsService.BACKUP)).hasSize(108);
        assertThat(table.operations(AwsService.BACKUP_SEARCH)).hasSize(12);
    }

    @ParameterizedTest
    @EnumSource(AwsService.class)
    void theTableHoldsEachMethodOfTheSdkClientAndNoOther(AwsService service) {
        Class<?> client = switch (service) {
            case BACKUP -> BackupClient.class;
            case BACKUP_SEARCH -> BackupSearchClient.class;
        };
        assertThat(table.operations(service).stream().map(Operation::requestType))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(client.getMethods())
                        .filter(method -> method.getParameterCount() == 1)
                        .filter(method -> !method.getName().endsWith("Paginator"))
                        .map(Method::getParameterTypes)
                        .map(types -> types[0])
                        .filter(AwsRequest.class::isAssignableFrom)
                        .<Class<? extends AwsRequest>>map(type -> type.asSubclass(AwsRequest.class))
                        .toList());
    }

    @ParameterizedTest
    @EnumSource(AwsService.class)
    void methodAndUriAreThoseOfTheSdk(AwsService service) throws ReflectiveOperationException {
        for (Operation operation : table.operations(service)) {
            OperationInfo sdk = sdkBinding(operation);
            assertThat(operation.model().method())
                    .as(operation.name())
                    .isEqualTo(sdk.httpMethod().name());
            assertThat(operation.model().uri()).as(operation.name()).isEqualTo(sdk.requestUri());
        }
    }

    @ParameterizedTest
    @EnumSource(AwsService.class)
    void inputMembersTravelWhereTheSdkPutsThem(AwsService service) {
        for (Operation operation : table.operations(service)) {
            Map<String, String> ours = new TreeMap<>();
            operation
                    .model()
                    .input()
                    .ifPresent(input -> table.model(service)
                            .structure(input)
                            .members()
                            .forEach((name, member) -> ours.put(name, place(member) + " " + member.wireName())));
            Map<String, String> theirs = new TreeMap<>();
            for (SdkField<?> field : operation.requestBuilder().get().sdkFields()) {
                theirs.put(field.memberName(), place(field.location()) + " " + field.locationName());
            }
            assertThat(ours).as(operation.name()).isEqualTo(theirs);
        }
    }

    private static String place(Member member) {
        return switch (member.place()) {
            case BODY -> "body";
            case URI -> "uri";
            case QUERY -> "query";
            case HEADER -> "header";
        };
    }

    private static String place(MarshallLocation location) {
        return switch (location) {
            case PAYLOAD -> "body";
            case PATH -> "uri";
            case QUERY_PARAM -> "query";
            case HEADER, GREEDY_PATH, STATUS_CODE -> location.name().toLowerCase(Locale.ROOT);
        };
    }

    private static OperationInfo sdkBinding(Operation operation) throws ReflectiveOperationException {
        Class<?> request = operation.requestType();
        String marshaller = request.getPackageName().replaceAll("\\.model$", ".transform.") + request.getSimpleName()
                + "Marshaller";
        var binding = Class.forName(marshaller).getDeclaredField("SDK_OPERATION_BINDING");
        binding.setAccessible(true);
        return (OperationInfo) binding.get(null);
    }
}
