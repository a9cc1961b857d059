package dev.coffer.core.problem;

import java.util.Map;
import java.util.Optional;

/**
 * An objection to a request, or the cause of a job's failure, in words for the person who has to act on it.
 *
 * @param kind whose fault it is and of what sort; it decides the error type on the wire
 * @param message what is wrong, why, and the way out; never a secret
 * @param code AWS's numeric family (for example {@code ERROR_9101}) where one is known
 * @param details further members of the AWS error, for example {@code Arn}
 */
public record Problem(Kind kind, String message, Optional<String> code, Map<String, String> details) {

    /** The sorts of problem, named as AWS Backup names its modelled errors. */
    public enum Kind {
        INVALID_PARAMETER_VALUE,
        MISSING_PARAMETER_VALUE,
        RESOURCE_NOT_FOUND,
        ALREADY_EXISTS,
        LIMIT_EXCEEDED,
        INVALID_REQUEST,
        INVALID_RESOURCE_STATE,
        CONFLICT,
        ACCESS_DENIED,
        DEPENDENCY_FAILURE,
        SERVICE_UNAVAILABLE
    }

    public Problem {
        details = Map.copyOf(details);
    }

    /** A problem without code and details. */
    public static Problem of(Kind kind, String message) {
        return new Problem(kind, message, Optional.empty(), Map.of());
    }

    /** A value that breaks a rule. */
    public static Problem invalid(String message) {
        return of(Kind.INVALID_PARAMETER_VALUE, message);
    }

    /** A value that has to be given and is not. */
    public static Problem missing(String message) {
        return of(Kind.MISSING_PARAMETER_VALUE, message);
    }

    /** A thing that the request names and that does not exist. */
    public static Problem notFound(String message) {
        return of(Kind.RESOURCE_NOT_FOUND, message);
    }

    /** A request that the present state of the thing does not allow. */
    public static Problem invalidRequest(String message) {
        return of(Kind.INVALID_REQUEST, message);
    }

    /** A call that the caller may not make, or that must not reveal whether its object exists. */
    public static Problem accessDenied(String message) {
        return of(Kind.ACCESS_DENIED, message);
    }

    /** The same problem with AWS's code. */
    public Problem withCode(String awsCode) {
        return new Problem(kind, message, Optional.of(awsCode), details);
    }

    /** The same problem with further members of the AWS error. */
    public Problem withDetails(Map<String, String> more) {
        return new Problem(kind, message, code, more);
    }
}
