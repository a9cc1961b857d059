package dev.coffer.wire.codec;

import dev.coffer.wire.AwsService;
import dev.coffer.wire.WireResponse;
import dev.coffer.wire.error.WireError;
import dev.coffer.wire.error.WireException;
import dev.coffer.wire.model.ServiceModel;
import dev.coffer.wire.route.Operation;
import dev.coffer.wire.route.OperationTable;
import dev.coffer.wire.route.RouteMatch;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.utils.builder.Buildable;
import tools.jackson.core.json.JsonFactory;

/**
 * The protocol {@code aws.protocols#restJson1} from the server's side, over the model classes of the AWS SDK.
 *
 * <p>Reading: an empty body is {@code {}}; unknown members and query keys are ignored; null is absent; query keys match
 * without regard to case; times come as epoch seconds, ISO 8601 or RFC 822; {@code 30.0} is a whole number. Duplicate
 * JSON names, nesting deeper than 64, wrong JSON types, and numbers that do not fit are SerializationException. The
 * content type is not looked at: some clients send none.
 *
 * <p>Writing: members never set are left out; a list set to an empty one is written as {@code []}; times are epoch
 * seconds with three decimal places. Safe for use by many threads.
 */
public final class RestJson1 {
    private static final String JSON = "application/json";
    private static final String CODE = "Code";

    private final OperationTable table;
    private final JsonFactory factory = BodyReader.factory();

    public RestJson1(OperationTable table) {
        this.table = table;
    }

    /**
     * The SDK's request object. Constraints of the model are not judged here.
     *
     * @param body at most {@link dev.coffer.wire.WireRequest#BODY_BYTES_AT_MOST} bytes, which the caller has seen to
     * @throws WireException when the request cannot be read
     */
    public AwsRequest decode(RouteMatch match, Optional<String> rawQuery, byte[] body) {
        Operation operation = match.operation();
        ServiceModel model = table.model(operation.service());
        SdkPojo builder = operation.requestBuilder().get();
        if (body.length > 0) {
            BodyReader.read(factory, body, model, operation.model().input(), builder);
        }
        new ScalarReader(model, operation).read(match.labels(), rawQuery, builder);
        return operation.requestType().cast(((Buildable) builder).build());
    }

    /** The answer of a successful operation. An operation without output members answers with an empty body. */
    public WireResponse encode(Operation operation, AwsResponse response) {
        int status = operation.model().status();
        if (operation.model().output().isEmpty()) {
            return new WireResponse(status, Map.of(), new byte[0]);
        }
        return new WireResponse(status, Map.of("Content-Type", JSON), BodyWriter.write(factory, response));
    }

    /** The answer of an error; its message is called as the service calls it. */
    public WireResponse encode(AwsService service, WireError error) {
        var members = new LinkedHashMap<String, Object>();
        error.code().ifPresent(code -> members.put(CODE, code));
        members.putAll(error.extra());
        if (!error.message().isEmpty()) {
            members.put(service.messageMember(), error.message());
        }
        var headers = new HashMap<>(error.headers());
        headers.put("Content-Type", JSON);
        headers.put("X-Amzn-Errortype", error.type());
        return new WireResponse(error.status(), headers, BodyWriter.write(factory, members));
    }

    /**
     * The error that an exception of the SDK's model stands for, with all its members. The status is the one that the
     * operation declares, or another operation of the service; what no operation declares is InternalFailure, so that
     * the client does not learn of it.
     */
    public WireError errorOf(Operation operation, AwsServiceException exception) {
        String type = exception.getClass().getSimpleName();
        Optional<Integer> status = Optional.ofNullable(
                        operation.model().errorStatus().get(type))
                .or(() -> table.model(operation.service()).errorStatus(type));
        if (status.isEmpty()) {
            return WireError.internalFailure();
        }
        var extra = new HashMap<String, Object>();
        var headers = new HashMap<String, String>();
        for (SdkField<?> field : exception.sdkFields()) {
            BodyWriter.valueOf(field, exception).ifPresent(value -> {
                if (field.location() == MarshallLocation.HEADER) {
                    headers.put(field.locationName(), value.toString());
                } else {
                    extra.put(field.locationName(), value);
                }
            });
        }
        Optional<String> code = Optional.ofNullable(extra.remove(CODE)).map(Object::toString);
        return new WireError(type, status.get(), code, messageOf(exception), extra, headers);
    }

    private static String messageOf(AwsServiceException exception) {
        return Optional.ofNullable(exception.awsErrorDetails())
                .map(AwsErrorDetails::errorMessage)
                .or(() -> Optional.ofNullable(exception.getMessage()))
                .orElse("");
    }
}
