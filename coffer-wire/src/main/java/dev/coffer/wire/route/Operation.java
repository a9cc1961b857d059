package dev.coffer.wire.route;

import dev.coffer.wire.AwsService;
import dev.coffer.wire.model.ServiceModel.OperationModel;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.core.SdkPojo;

/**
 * One operation, bound to the model classes of the AWS SDK for Java.
 *
 * @param service the service it belongs to
 * @param model what the API model says about it; {@code model.name()} is the name used in IAM actions and events
 * @param path the segments of its URI template, without the trailing slash
 * @param literalQuery a query key that must be present, such as {@code delete}
 * @param requestType the SDK's request class
 * @param requestBuilder makes an empty builder of the request
 * @param responseType the SDK's response class
 */
public record Operation(
        AwsService service,
        OperationModel model,
        List<Segment> path,
        Optional<String> literalQuery,
        Class<? extends AwsRequest> requestType,
        Supplier<SdkPojo> requestBuilder,
        Class<? extends AwsResponse> responseType) {

    /** A part of a URI template between two slashes. */
    public sealed interface Segment {
        record Literal(String text) implements Segment {}

        record Label(String name) implements Segment {}
    }

    /** The operation's name, such as {@code StartBackupJob}. */
    public String name() {
        return model.name();
    }

    /** Whether calls change something: everything but GET. */
    public boolean mutating() {
        return !model.method().equals("GET");
    }

    @Override
    public String toString() {
        return service.signingName() + ":" + name();
    }
}
