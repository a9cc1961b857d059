package dev.coffer.aws.dynamodb;

import dev.coffer.aws.endpoint.Pause;
import dev.coffer.core.connector.SourceException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Makes calls for one table or endpoint: tries again what can pass, with growing pauses, and tells what does not pass as a {@link SourceException} that names the call and the way out. Safe for many threads.
 */
final class Calls {
    private static final Duration PATIENCE_WITH_THROTTLING = Duration.ofMinutes(10);
    private static final Duration PATIENCE_WITH_FAULTS = Duration.ofMinutes(2);
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final int DOUBLINGS = 9;
    private static final int SERVER_FAULT = 500;
    private static final int TOO_MANY = 429;
    private static final Set<String> THROTTLED = Set.of(
            "ProvisionedThroughputExceededException",
            "ThrottlingException",
            "Throttling",
            "RequestLimitExceeded",
            "LimitExceededException",
            "TooManyRequestsException",
            "SlowDown");
    private static final Set<String> WRONG_LOGIN = Set.of(
            "UnrecognizedClientException",
            "InvalidSignatureException",
            "InvalidClientTokenId",
            "IncompleteSignature",
            "IncompleteSignatureException",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "SignatureDoesNotMatch",
            "ExpiredTokenException");

    private final InstantSource clock;
    private final Pause pause;
    private final RandomGenerator random;
    private final String about;

    /**
     * Calls about one thing.
     *
     * @param about what the calls are about, as it stands in messages, for example the ARN of a table
     */
    Calls(InstantSource clock, Pause pause, RandomGenerator random, String about) {
        this.clock = clock;
        this.pause = pause;
        this.random = random;
        this.about = about;
    }

    String about() {
        return about;
    }

    InstantSource clock() {
        return clock;
    }

    void pause(Duration time) throws InterruptedException {
        pause.pass(time);
    }

    /** How many times a call was put off, and how long that may go on. */
    final class Patience {
        private final String call;
        private final Instant began = clock.instant();
        private int tries;

        private Patience(String call) {
            this.call = call;
        }

        /** Waits before the next try, or gives up. */
        void waitAfter(String why, boolean throttled, Throwable cause) throws InterruptedException {
            var most = throttled ? PATIENCE_WITH_THROTTLING : PATIENCE_WITH_FAULTS;
            var waited = Duration.between(began, clock.instant());
            if (waited.compareTo(most) >= 0) {
                throw new SourceException.Unavailable(
                        throttled
                                ? call + " of " + about + " was throttled for " + waited.toMinutes() + " minutes ("
                                        + why
                                        + "). Raise the capacity of the table, or lower `readShare` of its source."
                                : call + " of " + about + " failed for " + waited.toMinutes() + " minutes (" + why
                                        + "). See whether the endpoint works and can be reached.",
                        cause);
            }
            long millis = FIRST_PAUSE_MILLIS << Math.min(tries++, DOUBLINGS);
            pause.pass(Duration.ofMillis(random.nextLong(millis / 2, millis + 1)));
        }
    }

    /** Patience for a call that answers, but not with all that was asked. */
    Patience patience(String call) {
        return new Patience(call);
    }

    /** Makes the call, as often as it takes. */
    <T> T make(String call, Supplier<T> attempt) throws InterruptedException {
        var patience = patience(call);
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            try {
                return attempt.get();
            } catch (AbortedException stopped) {
                throw interrupted(stopped);
            } catch (AwsServiceException refused) {
                boolean throttled = isThrottling(refused);
                if (!throttled && refused.statusCode() < SERVER_FAULT) {
                    throw told(call, refused);
                }
                patience.waitAfter(said(refused), throttled, refused);
            } catch (SdkClientException failed) {
                if (Thread.currentThread().isInterrupted()) {
                    throw interrupted(failed);
                }
                patience.waitAfter(String.valueOf(failed.getMessage()), false, failed);
            }
        }
    }

    private static InterruptedException interrupted(SdkException cause) {
        return (InterruptedException) new InterruptedException("the call was stopped").initCause(cause);
    }

    /** The code of the error; empty if the answer has none. */
    static String code(AwsServiceException refused) {
        var details = refused.awsErrorDetails();
        return details == null || details.errorCode() == null ? "" : details.errorCode();
    }

    /** Whether the endpoint does not know the operation at all. */
    static boolean isUnknownOperation(AwsServiceException refused) {
        return switch (code(refused)) {
            case "UnknownOperationException", "UnsupportedOperationException", "NotImplemented" -> true;
            default -> false;
        };
    }

    private static boolean isThrottling(AwsServiceException refused) {
        return THROTTLED.contains(code(refused)) || refused.statusCode() == TOO_MANY;
    }

    private static String said(AwsServiceException refused) {
        var details = refused.awsErrorDetails();
        var message = details == null ? refused.getMessage() : details.errorMessage();
        var code = code(refused);
        return (code.isEmpty() ? "status " + refused.statusCode() : code)
                + (message == null || message.isEmpty() ? "" : ": " + message);
    }

    private SourceException told(String call, AwsServiceException refused) {
        var code = code(refused);
        var said = said(refused);
        if (code.equals("ResourceNotFoundException") || code.equals("TableNotFoundException")) {
            return new SourceException.NotFound(
                    call + " found no " + about + " (" + said
                            + "). See whether it was deleted, and whether the region and the endpoint of the source are right.");
        }
        boolean denied = code.startsWith("AccessDenied") || code.equals("NotAuthorized");
        if (code.toLowerCase(Locale.ROOT).contains("kms")
                || code.equals("InaccessibleEncryptionCredentialsException")
                || (denied && said.toLowerCase(Locale.ROOT).contains("kms"))) {
            return new SourceException.Impossible(
                    call + " of " + about + " was refused because of its encryption key (" + said
                            + "). Allow the key's use (kms:Decrypt, and kms:CreateGrant for a restore) to the source's credentials, or enable the key.",
                    refused);
        }
        if (denied) {
            return new SourceException.Impossible(
                    call + " of " + about + " was denied (" + said + "). Allow dynamodb:" + call
                            + " on it to the credentials of the source.",
                    refused);
        }
        if (WRONG_LOGIN.contains(code)) {
            return new SourceException.Impossible(
                    call + " of " + about + " was refused because of the credentials (" + said
                            + "). Correct accessKeyId and secretAccessKey of the source.",
                    refused);
        }
        return new SourceException.Impossible(call + " of " + about + " was refused (" + said + ").", refused);
    }
}
