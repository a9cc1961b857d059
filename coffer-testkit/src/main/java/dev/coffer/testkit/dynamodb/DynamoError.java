package dev.coffer.testkit.dynamodb;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** An error answer of the service. */
public final class DynamoError extends RuntimeException {
    private final int status;
    private final String code;
    private final transient Optional<JsonNode> item;

    public DynamoError(int status, String code, String message) {
        this(status, code, message, Optional.empty());
    }

    private DynamoError(int status, String code, String message, Optional<JsonNode> item) {
        super(message);
        this.status = status;
        this.code = code;
        this.item = item;
    }

    /** A condition that did not hold, with the item that is there. */
    static DynamoError conditionFailed(JsonNode item) {
        return new DynamoError(
                400, "ConditionalCheckFailedException", "The conditional request failed", Optional.of(item));
    }

    /** The caller's fault. */
    public static DynamoError of(String code, String message) {
        return new DynamoError(400, code, message);
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    Optional<JsonNode> item() {
        return item;
    }
}
