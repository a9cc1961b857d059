package dev.coffer.server.api;

import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.AwsResponse;

/** Carries out one operation: its request, already checked against the model, to its response. */
@FunctionalInterface
public interface OperationHandler<Q extends AwsRequest, R extends AwsResponse> {
    R handle(Call call, Q request) throws InterruptedException;
}
