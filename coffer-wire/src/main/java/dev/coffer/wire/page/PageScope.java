package dev.coffer.wire.page;

import dev.coffer.wire.AwsService;
import dev.coffer.wire.codec.FilterDigest;
import dev.coffer.wire.route.Operation;
import software.amazon.awssdk.awscore.AwsRequest;

/**
 * Where a pagination token holds: it is refused in any other scope.
 *
 * @param account the account of the caller whose list is walked
 * @param filterDigest what is asked for, as {@link FilterDigest} tells it
 */
public record PageScope(AwsService service, String account, String region, String operation, String filterDigest) {
    public static PageScope of(String account, String region, Operation operation, AwsRequest request) {
        return new PageScope(
                operation.service(), account, region, operation.name(), FilterDigest.of(operation, request));
    }
}
