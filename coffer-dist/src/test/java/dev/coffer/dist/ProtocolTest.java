package dev.coffer.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.wire.AwsService;
import dev.coffer.wire.route.Operation;
import dev.coffer.wire.route.OperationTable;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.traits.LocationTrait;
import software.amazon.awssdk.core.traits.RequiredTrait;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.backupsearch.BackupSearchClient;
import software.amazon.awssdk.utils.builder.Buildable;

/** All 120 operations, called by the real SDK: each is routed, and is either carried out or honestly missing. */
final class ProtocolTest {
    @TempDir
    private Path folder;

    @Test
    void everyOperationIsRoutedAndIsCarriedOutOrSaysThatItIsMissing() throws IOException, InterruptedException {
        var table = OperationTable.load();
        var seen = CallRecorder.folderOf("routed");
        Files.createDirectories(seen);
        try (var coffer = RunningCoffer.start(folder);
                var backup = coffer.client();
                var search = BackupSearchClient.builder()
                        .endpointOverride(URI.create(coffer.url()))
                        .region(Region.of(RunningCoffer.REGION))
                        .credentialsProvider(coffer.credentials("coffer"))
                        .httpClientBuilder(UrlConnectionHttpClient.builder())
                        .build()) {
            for (var service : AwsService.values()) {
                Object client = service == AwsService.BACKUP ? backup : search;
                for (var operation : table.operations(service)) {
                    var failure = call(client, operation);
                    var verdict = failure.map(ProtocolTest::verdict).orElse("implemented");
                    assertThat(verdict).as(operation.toString() + " " + failure).isIn("implemented", "missing");
                    if (verdict.equals("missing")) {
                        assertThat(failure.orElseThrow().getMessage()).contains(operation.name());
                    }
                    Files.writeString(seen.resolve(service.modelKey() + "-" + operation.name()), verdict);
                }
            }
        }
        try (var all = Files.list(seen)) {
            assertThat(all).hasSize(120);
        }
    }

    private static String verdict(AwsServiceException failure) {
        var code = failure.awsErrorDetails().errorCode();
        if (failure.statusCode() == 501) {
            return code.equals("NotImplementedException") ? "missing" : "wrong: " + code;
        }
        // A refusal by an operation's own rules shows that the operation is there.
        return failure.statusCode() == 400 || failure.statusCode() == 403
                ? "implemented"
                : "wrong: " + code + " " + failure.statusCode();
    }

    private static Optional<AwsServiceException> call(Object client, Operation operation) {
        var request = request(operation);
        var method = Arrays.stream(client.getClass().getMethods())
                .filter(candidate -> candidate.getParameterCount() == 1
                        && candidate.getParameterTypes()[0] == operation.requestType()
                        && candidate.getReturnType() == operation.responseType())
                .findFirst()
                .orElseThrow(() -> new AssertionError("the SDK has no method for " + operation));
        try {
            method.setAccessible(true);
            method.invoke(client, request);
            return Optional.empty();
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof AwsServiceException answered) {
                return Optional.of(answered);
            }
            throw new AssertionError("the SDK could not call " + operation, thrown.getCause());
        } catch (IllegalAccessException hidden) {
            throw new AssertionError(hidden);
        }
    }

    /** The smallest request that the SDK sends: labels and required members. */
    private static AwsRequest request(Operation operation) {
        var builder = operation.requestBuilder().get();
        for (SdkField<?> field : builder.sdkFields()) {
            boolean label = field.location() == MarshallLocation.PATH;
            if (label || field.containsTrait(RequiredTrait.class)) {
                field.set(builder, sample(field));
            }
        }
        return operation.requestType().cast(((Buildable) builder).build());
    }

    private static Object sample(SdkField<?> field) {
        var name = Optional.ofNullable(field.getTrait(LocationTrait.class))
                .map(LocationTrait::locationName)
                .orElse("");
        return switch (field.marshallingType().getTargetClass().getSimpleName()) {
            case "String" ->
                name.toLowerCase(java.util.Locale.ROOT).contains("arn")
                        ? "arn:aws:backup:eu-west-1:111122223333:backup-vault:none"
                        : "none-such";
            case "Integer" -> 1;
            case "Long" -> 1L;
            case "Boolean" -> true;
            case "Instant" -> java.time.Instant.parse("2026-01-01T00:00:00Z");
            case "List" -> List.of();
            case "Map" -> Map.of();
            case "SdkPojo" -> ((Buildable) field.constructor().get()).build();
            default ->
                throw new AssertionError("no sample for " + field.memberName() + " "
                        + field.marshallingType().getTargetClass());
        };
    }

    @Test
    void aClientOfAnotherServiceReadsInItsOwnProtocolThatTheServiceIsNotHere() throws IOException {
        try (var coffer = RunningCoffer.start(folder)) {
            var iam = new RawCall(coffer, "POST", "/")
                    .service("iam")
                    .body("Action=GetRole&RoleName=AWSBackupDefaultServiceRole&Version=2010-05-08")
                    .signed()
                    .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
            var xml = RawCall.send(coffer, iam);
            assertThat(xml.status()).isEqualTo(403);
            assertThat(xml.text())
                    .contains("<ErrorResponse", "<Code>SignatureDoesNotMatch</Code>", "not &quot;iam&quot;");
            var kms = new RawCall(coffer, "POST", "/").service("kms").body("{}").send();
            assertThat(kms.status()).isEqualTo(403);
            assertThat(kms.type()).isEqualTo("InvalidSignatureException");
        }
    }
}
