package dev.coffer.server.api;

import dev.coffer.wire.route.Operation;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.AwsResponse;

/** The operations that are carried out, by the class of their request. What is not here answers 501. */
public final class Operations {
    private final Map<Class<?>, OperationHandler<AwsRequest, AwsResponse>> handlerByRequest = new HashMap<>();

    /** Adds the handler of an operation. */
    public <Q extends AwsRequest, R extends AwsResponse> void put(Class<Q> request, OperationHandler<Q, R> handler) {
        OperationHandler<AwsRequest, AwsResponse> untyped = (call, any) -> handler.handle(call, request.cast(any));
        if (handlerByRequest.put(request, untyped) != null) {
            throw new IllegalStateException("two handlers for " + request.getSimpleName());
        }
    }

    /** The handler of the operation, if there is one. */
    public Optional<OperationHandler<AwsRequest, AwsResponse>> handler(Operation operation) {
        return Optional.ofNullable(handlerByRequest.get(operation.requestType()));
    }

    /** The request classes of all operations that are carried out. */
    public Set<Class<?>> implemented() {
        return Set.copyOf(handlerByRequest.keySet());
    }
}
