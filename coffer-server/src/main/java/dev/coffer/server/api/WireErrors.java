package dev.coffer.server.api;

import dev.coffer.core.problem.Problem;
import dev.coffer.wire.error.WireError;
import java.util.Map;
import java.util.TreeMap;

/** The one place where a problem becomes the AWS error. */
final class WireErrors {
    private WireErrors() {}

    static WireError of(Problem problem) {
        var details = new TreeMap<String, Object>(problem.details());
        return switch (problem.kind()) {
            case INVALID_PARAMETER_VALUE -> error("InvalidParameterValueException", 400, problem, details);
            case MISSING_PARAMETER_VALUE -> error("MissingParameterValueException", 400, problem, details);
            case RESOURCE_NOT_FOUND -> error("ResourceNotFoundException", 400, problem, details);
            case ALREADY_EXISTS -> error("AlreadyExistsException", 400, problem, details);
            case LIMIT_EXCEEDED -> error("LimitExceededException", 400, problem, details);
            case INVALID_REQUEST -> error("InvalidRequestException", 400, problem, details);
            case INVALID_RESOURCE_STATE -> error("InvalidResourceStateException", 400, problem, details);
            case CONFLICT -> error("ConflictException", 400, problem, details);
            case ACCESS_DENIED -> error("AccessDeniedException", 403, problem, details);
            case DEPENDENCY_FAILURE -> error("DependencyFailureException", 500, problem, details);
            case SERVICE_UNAVAILABLE -> error("ServiceUnavailableException", 500, problem, details);
        };
    }

    private static WireError error(String type, int status, Problem problem, Map<String, Object> details) {
        return new WireError(type, status, problem.code(), problem.message(), details, Map.of());
    }
}
