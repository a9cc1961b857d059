package dev.coffer.wire.error;

import dev.coffer.wire.AwsService;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An error as the client will see it. The factories follow the table "Common errors" of the AWS Backup developer guide;
 * names that the table lacks follow the conventions of restJson1 and SigV4.
 *
 * @param type the shape name, sent in the header {@code x-amzn-ErrorType}
 * @param status the HTTP status
 * @param code the body member {@code Code}, a numeric family such as {@code ERROR_3015}; never an exception's name,
 *     since some clients prefer it to the header
 * @param message the text for a person
 * @param extra further body members, text or number, by wire name; kept sorted
 * @param headers further header fields by name
 */
public record WireError(
        String type,
        int status,
        Optional<String> code,
        String message,
        Map<String, Object> extra,
        Map<String, String> headers) {
    public WireError {
        extra = Collections.unmodifiableMap(new TreeMap<>(extra));
        headers = Map.copyOf(headers);
    }

    public static WireError of(String type, int status, String message) {
        return new WireError(type, status, Optional.empty(), message, Map.of(), Map.of());
    }

    public WireError withCode(String newCode) {
        return new WireError(type, status, Optional.of(newCode), message, extra, headers);
    }

    /** A value breaks a rule: InvalidParameterValueException, or ValidationException for search. */
    public static WireError invalidValue(AwsService service, String message) {
        return of(service.invalidValueType(), 400, message);
    }

    /** A required member is absent: MissingParameterValueException, or ValidationException for search. */
    public static WireError missingValue(AwsService service, String message) {
        return of(service.missingValueType(), 400, message);
    }

    /** The body is not JSON, or a member has the wrong JSON type. */
    public static WireError serialization(String message) {
        return of("SerializationException", 400, message);
    }

    /** The request cannot be read as HTTP or its path cannot be decoded. */
    public static WireError malformedRequest(String message) {
        return of("MalformedHttpRequestException", 400, message);
    }

    /** No operation has this method and path. */
    public static WireError unknownOperation() {
        return of("UnknownOperationException", 404, "");
    }

    public static WireError accessDenied(String message) {
        return of("AccessDeniedException", 403, message);
    }

    public static WireError expiredToken(String message) {
        return of("ExpiredTokenException", 403, message);
    }

    public static WireError incompleteSignature(String message) {
        return of("IncompleteSignature", 403, message);
    }

    public static WireError invalidSignature(String message) {
        return of("InvalidSignatureException", 403, message);
    }

    public static WireError missingAuthenticationToken(String message) {
        return of("MissingAuthenticationTokenException", 403, message);
    }

    public static WireError unrecognizedClient(String message) {
        return of("UnrecognizedClientException", 403, message);
    }

    public static WireError entityTooLarge(long bytesAtMost) {
        return of("RequestEntityTooLargeException", 413, "The request body is larger than " + bytesAtMost + " bytes.");
    }

    public static WireError requestTimeout(String message) {
        return of("RequestTimeoutException", 408, message);
    }

    /** Clients retry this with back-off; the message is the one they know. */
    public static WireError throttled() {
        return of("ThrottlingException", 400, "Rate exceeded");
    }

    public static WireError serviceUnavailable(String message) {
        return of("ServiceUnavailable", 503, message);
    }

    /** Something failed that the caller cannot mend; the text tells no internals. */
    public static WireError internalFailure() {
        return of("InternalFailure", 500, "The request failed because of an internal error.");
    }
}
