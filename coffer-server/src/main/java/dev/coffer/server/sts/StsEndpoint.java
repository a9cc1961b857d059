package dev.coffer.server.sts;

import dev.coffer.core.access.Caller;
import dev.coffer.core.catalog.CatalogException;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.engine.access.SessionService;
import dev.coffer.engine.access.SessionService.Assume;
import dev.coffer.engine.access.SessionService.Issued;
import dev.coffer.server.catalog.CatalogFaults;
import dev.coffer.wire.WireRequest;
import dev.coffer.wire.WireResponse;
import dev.coffer.wire.error.WireError;
import dev.coffer.wire.error.WireException;
import dev.coffer.wire.query.QueryForm;
import dev.coffer.wire.query.QueryXml;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** AssumeRole, GetSessionToken and GetCallerIdentity. */
public final class StsEndpoint {
    /** The service name in a credential scope. */
    public static final String SIGNING_NAME = "sts";

    private static final Logger LOG = LoggerFactory.getLogger(StsEndpoint.class);
    private static final QueryXml XML = new QueryXml("https://sts.amazonaws.com/doc/2011-06-15/");
    private static final String ASSUME_ROLE = "AssumeRole";
    private static final String GET_SESSION_TOKEN = "GetSessionToken";
    private static final String GET_CALLER_IDENTITY = "GetCallerIdentity";

    /** STS calls some errors otherwise than the services of the JSON protocol. */
    private static final Map<String, String> NAMES = Map.of(
            "UnrecognizedClientException", "InvalidClientTokenId",
            "InvalidSignatureException", "SignatureDoesNotMatch",
            "ExpiredTokenException", "ExpiredToken",
            "MissingAuthenticationTokenException", "MissingAuthenticationToken",
            "AccessDeniedException", "AccessDenied");

    private final SessionService sessions;

    public StsEndpoint(SessionService sessions) {
        this.sessions = sessions;
    }

    /** What was answered, and the operation for the metrics. */
    public record Answer(String operation, WireResponse response) {}

    /**
     * Answers a request whose signature has been verified.
     *
     * @param refuseReplay throws if the request was answered before; a repeat would issue credentials to whoever recorded it
     */
    public Answer answer(Caller caller, WireRequest request, String requestId, Runnable refuseReplay) {
        try {
            var form = QueryForm.parse(request.body());
            var action = form.value("Action").orElse("");
            return switch (action) {
                case ASSUME_ROLE -> {
                    refuseReplay.run();
                    yield answered(action, assumed(caller, form), requestId);
                }
                case GET_SESSION_TOKEN -> {
                    refuseReplay.run();
                    yield answered(action, sessionToken(caller, form), requestId);
                }
                case GET_CALLER_IDENTITY -> answered(action, identity(caller), requestId);
                default ->
                    throw new WireException(WireError.of(
                            "InvalidAction",
                            400,
                            "This endpoint knows AssumeRole, GetSessionToken and GetCallerIdentity of STS."));
            };
        } catch (WireException malformed) {
            return new Answer("sts", refused(malformed.error(), requestId));
        } catch (Refused refused) {
            return new Answer("sts", refused(errorOf(refused.problem()), requestId));
        } catch (CatalogException told) {
            return new Answer("sts", refused(CatalogFaults.error(told, requestId), requestId));
        } catch (RuntimeException failure) {
            LOG.atError().setCause(failure).addKeyValue("event", "api.failed").log("a request to STS failed");
            return new Answer("sts", refused(WireError.internalFailure(), requestId));
        }
    }

    /** The answer of an error, also of a signature that does not hold. */
    public static WireResponse refused(WireError error, String requestId) {
        var renamed = WireError.of(NAMES.getOrDefault(error.type(), error.type()), error.status(), error.message());
        return XML.error(renamed, requestId);
    }

    private static Answer answered(String action, Map<String, ?> members, String requestId) {
        return new Answer(SIGNING_NAME + "-" + action, XML.answer(action, members, requestId));
    }

    private Map<String, ?> assumed(Caller caller, QueryForm form) {
        refuse(form, "Tags.", "TransitiveTagKeys.", "PolicyArns.", "ProvidedContexts.", "SourceIdentity");
        refuse(form, "SerialNumber", "TokenCode");
        var issued = sessions.assumeRole(
                caller,
                new Assume(
                        required(form, "RoleArn"),
                        required(form, "RoleSessionName"),
                        duration(form),
                        form.value("Policy"),
                        form.value("ExternalId")));
        var session = issued.session();
        var user = new LinkedHashMap<String, Object>();
        user.put("AssumedRoleId", session.userId());
        user.put("Arn", session.principal());
        var members = new LinkedHashMap<String, Object>();
        members.put("Credentials", credentials(issued));
        members.put("AssumedRoleUser", user);
        return members;
    }

    /** Refuses parameters that would change what the session may do and are not carried out. */
    private static void refuse(QueryForm form, String... prefixes) {
        for (var prefix : prefixes) {
            if (form.hasAny(prefix)) {
                throw invalid(prefix.replace(".", "") + " is not supported here. Leave it out.");
            }
        }
    }

    private Map<String, ?> sessionToken(Caller caller, QueryForm form) {
        refuse(form, "SerialNumber", "TokenCode");
        return Map.of("Credentials", credentials(sessions.sessionToken(caller, duration(form))));
    }

    private Map<String, ?> identity(Caller caller) {
        var identity = sessions.callerIdentity(caller);
        var members = new LinkedHashMap<String, Object>();
        members.put("Arn", identity.arn());
        members.put("UserId", identity.userId());
        members.put("Account", identity.account());
        return members;
    }

    private static Map<String, ?> credentials(Issued issued) {
        var credentials = new LinkedHashMap<String, Object>();
        credentials.put("AccessKeyId", issued.session().id());
        credentials.put("SecretAccessKey", issued.secretAccessKey());
        credentials.put("SessionToken", issued.sessionToken());
        credentials.put("Expiration", issued.session().expiresAt().truncatedTo(ChronoUnit.SECONDS));
        return credentials;
    }

    private static Optional<Duration> duration(QueryForm form) {
        return form.value("DurationSeconds").map(text -> {
            if (!text.matches("[0-9]{1,9}")) {
                throw invalid("DurationSeconds is not a whole number.");
            }
            return Duration.ofSeconds(Long.parseLong(text));
        });
    }

    private static String required(QueryForm form, String name) {
        return form.value(name).orElseThrow(() -> invalid(name + " is missing."));
    }

    private static WireException invalid(String message) {
        return new WireException(WireError.of("ValidationError", 400, message));
    }

    private static WireError errorOf(Problem problem) {
        return switch (problem.kind()) {
            case ACCESS_DENIED -> WireError.of("AccessDenied", 403, problem.message());
            case INVALID_PARAMETER_VALUE,
                    MISSING_PARAMETER_VALUE,
                    RESOURCE_NOT_FOUND,
                    ALREADY_EXISTS,
                    LIMIT_EXCEEDED,
                    INVALID_REQUEST,
                    INVALID_RESOURCE_STATE,
                    CONFLICT -> WireError.of(problem.code().orElse("ValidationError"), 400, problem.message());
            case DEPENDENCY_FAILURE, SERVICE_UNAVAILABLE -> WireError.of("ServiceUnavailable", 503, problem.message());
        };
    }
}
