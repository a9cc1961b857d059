package dev.coffer.server.api;

import dev.coffer.core.access.Caller;
import dev.coffer.core.access.Origin;
import dev.coffer.core.arn.Region;
import dev.coffer.core.catalog.CatalogException;
import dev.coffer.core.catalog.CatalogException.Fault;
import dev.coffer.core.key.KeyServiceException;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.store.StoreException;
import dev.coffer.engine.access.ReplayGuard;
import dev.coffer.server.admin.AdminEndpoint;
import dev.coffer.server.catalog.CatalogFaults;
import dev.coffer.server.http.HttpEndpoint;
import dev.coffer.server.sts.StsEndpoint;
import dev.coffer.wire.AwsService;
import dev.coffer.wire.WireRequest;
import dev.coffer.wire.WireResponse;
import dev.coffer.wire.check.ConstraintCheck;
import dev.coffer.wire.codec.RestJson1;
import dev.coffer.wire.error.WireError;
import dev.coffer.wire.error.WireException;
import dev.coffer.wire.page.PageScope;
import dev.coffer.wire.page.PageTokens;
import dev.coffer.wire.query.QueryForm;
import dev.coffer.wire.route.Operation;
import dev.coffer.wire.route.OperationTable;
import dev.coffer.wire.route.Router;
import dev.coffer.wire.sigv4.SigV4;
import dev.coffer.wire.sigv4.Verification;
import dev.coffer.wire.sigv4.Verification.Verified;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.AwsResponse;

/**
 * The AWS Backup API on one endpoint, with STS and the administrators' paths. The order of checks is AWS's: signature, route, body, whether the caller may, required members, syntax of values, referenced things, state, quotas, duplicates; the last five are the use case's.
 */
public final class ApiEndpoint implements HttpEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(ApiEndpoint.class);

    private final SigV4<Principal> signatures;
    private final Router router;
    private final RestJson1 codec;
    private final ConstraintCheck constraints;
    private final PageTokens pageTokens;
    private final ReplayGuard replays;
    private final Operations operations;
    private final AdminEndpoint admin;
    private final StsEndpoint sts;
    private final ApiObserver observer;
    private final InstantSource clock;

    public ApiEndpoint(
            OperationTable table,
            SigV4<Principal> signatures,
            PageTokens pageTokens,
            ReplayGuard replays,
            Operations operations,
            AdminEndpoint admin,
            StsEndpoint sts,
            ApiObserver observer,
            InstantSource clock) {
        this.signatures = signatures;
        this.router = new Router(table);
        this.codec = new RestJson1(table);
        this.constraints = new ConstraintCheck(table);
        this.pageTokens = pageTokens;
        this.replays = replays;
        this.operations = operations;
        this.admin = admin;
        this.sts = sts;
        this.observer = observer;
        this.clock = clock;
    }

    @Override
    public WireResponse answer(WireRequest request, Origin origin, String requestId) {
        var began = clock.instant();
        var outcome = outcome(request, origin, requestId);
        observer.answered(outcome.operation(), outcome.response().status(), Duration.between(began, clock.instant()));
        return outcome.response();
    }

    /** What was answered, and the operation for the metrics. */
    private record Outcome(String operation, WireResponse response) {}

    private Outcome outcome(WireRequest request, Origin origin, String requestId) {
        return switch (signatures.verify(request)) {
            case Verification.Refused<Principal>(var error) -> {
                observer.authenticationFailed(error.type());
                yield new Outcome(
                        "none",
                        readsXml(request)
                                ? StsEndpoint.refused(error, requestId)
                                : codec.encode(AwsService.BACKUP, error));
            }
            case Verified<Principal> verified -> {
                var caller = caller(verified, origin);
                if (verified.service().equals(StsEndpoint.SIGNING_NAME)) {
                    yield issued(request, requestId, verified, caller);
                }
                yield request.rawPath().startsWith(AdminEndpoint.PREFIX)
                        ? administered(request, requestId, verified, caller)
                        : routed(request, requestId, verified, caller);
            }
        };
    }

    /** Whether the client speaks the query protocol, also to a service that is not here. */
    private static boolean readsXml(WireRequest request) {
        return QueryForm.isOne(request)
                && SigV4.claimedService(request).flatMap(AwsService::signedAs).isEmpty();
    }

    private Outcome issued(WireRequest request, String requestId, Verified<Principal> verified, Caller caller) {
        try (var _ = MDC.putCloseable("request_id", requestId)) {
            var answer = sts.answer(caller, request, requestId, () -> refuseReplay(request, verified));
            return new Outcome(answer.operation(), answer.response());
        }
    }

    private Outcome administered(WireRequest request, String requestId, Verified<Principal> verified, Caller caller) {
        try (var _ = MDC.putCloseable("request_id", requestId)) {
            if (!request.method().equals("GET")) {
                refuseReplay(request, verified);
            }
            return new Outcome("admin", admin.answer(caller, request));
        } catch (RuntimeException failure) {
            return new Outcome("admin", codec.encode(AwsService.BACKUP, noted(errorOf(failure, requestId))));
        }
    }

    private static Caller caller(Verified<Principal> verified, Origin origin) {
        var principal = verified.principal();
        return new Caller(
                principal.account(), principal.arn(), new Region(verified.region()), principal.session(), origin);
    }

    private Outcome routed(WireRequest request, String requestId, Verified<Principal> verified, Caller caller) {
        var service = AwsService.signedAs(verified.service()).orElseThrow();
        try {
            var match = router.route(service, request.method(), request.rawPath(), request.rawQuery());
            if (match.isEmpty()) {
                return new Outcome("unknown", codec.encode(service, WireError.unknownOperation()));
            }
            var operation = match.get().operation();
            try (var _ = MDC.putCloseable("request_id", requestId);
                    var _ = MDC.putCloseable(
                            "account", verified.principal().account().value());
                    var _ = MDC.putCloseable("operation", operation.name())) {
                try {
                    var handler = handler(operation);
                    var command = codec.decode(match.get(), request.rawQuery(), request.body());
                    if (operation.mutating()) {
                        refuseReplay(request, verified);
                    }
                    var violation = constraints.check(operation, command);
                    if (violation.isPresent()) {
                        throw new WireException(violation.get());
                    }
                    var response = carriedOut(caller, operation, handler, command);
                    return new Outcome(operation.name(), codec.encode(operation, response));
                } catch (RuntimeException failure) {
                    return new Outcome(
                            operation.name(), codec.encode(operation.service(), noted(errorOf(failure, requestId))));
                }
            }
        } catch (WireException malformed) {
            return new Outcome("unknown", codec.encode(service, malformed.error()));
        }
    }

    /** What carries the operation out. One that is missing says so whatever else is wrong with the request. */
    private OperationHandler<AwsRequest, AwsResponse> handler(Operation operation) {
        return operations
                .handler(operation)
                .orElseThrow(() -> new WireException(WireError.of(
                        "NotImplementedException",
                        501,
                        "Coffer does not implement " + operation.name()
                                + " yet. docs/api-compatibility.md lists what it does.")));
    }

    private AwsResponse carriedOut(
            Caller caller, Operation operation, OperationHandler<AwsRequest, AwsResponse> handler, AwsRequest command) {
        var scope = PageScope.of(caller.account().value(), caller.region().value(), operation, command);
        try {
            return handler.handle(new Call(caller, pageTokens, scope), command);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new WireException(WireError.serviceUnavailable("The server is stopping. Try again."));
        }
    }

    private void refuseReplay(WireRequest request, Verified<Principal> verified) {
        replays.objection(
                        verified.signature(),
                        request.headers().first("amz-sdk-invocation-id"),
                        request.headers().first("amz-sdk-request"),
                        verified.signedAt())
                .ifPresent(problem -> {
                    observer.replayRefused();
                    throw new Refused(problem);
                });
    }

    private WireError noted(WireError error) {
        if (error.type().equals("AccessDeniedException")) {
            observer.accessDenied();
        }
        return error;
    }

    private static WireError errorOf(RuntimeException failure, String requestId) {
        return switch (failure) {
            case WireException answer -> answer.error();
            case Refused refused -> WireErrors.of(refused.problem());
            case StoreException.Unavailable busy -> {
                LOG.atWarn()
                        .setCause(busy)
                        .addKeyValue("event", "storage.unavailable")
                        .log("a request met unavailable storage");
                yield WireError.of(
                        "ServiceUnavailableException", 500, "The vault's storage cannot be reached now. Try again.");
            }
            case CatalogException told when told.fault() != Fault.BROKEN -> CatalogFaults.error(told, requestId);
            case KeyServiceException keys -> {
                LOG.atWarn()
                        .setCause(keys)
                        .addKeyValue("event", "keys.unavailable")
                        .log("a request met a key service that does not work");
                // The message names keys and endpoints, which is for the operator.
                yield WireError.of(
                        "ServiceUnavailableException",
                        500,
                        "The key that protects the vault cannot be used now. The log has the reason under request id "
                                + requestId + ".");
            }
            default -> {
                LOG.atError()
                        .setCause(failure)
                        .addKeyValue("event", "api.failed")
                        .log("a request failed");
                yield WireError.of(
                        "InternalFailure",
                        500,
                        "The request failed because of an internal error. The log has it under request id " + requestId
                                + ".");
            }
        };
    }
}
