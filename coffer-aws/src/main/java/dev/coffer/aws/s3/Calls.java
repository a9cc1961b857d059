package dev.coffer.aws.s3;

import dev.coffer.aws.endpoint.Pause;
import dev.coffer.aws.s3.S3Failure.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.MessageConstraintException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.model.StsException;

/**
 * Makes the calls of one job on one endpoint: paces them, repeats what may succeed later with growing pauses, and tells what failed as the call, the thing, the answer and the way out. Safe for many threads.
 */
final class Calls implements AutoCloseable {
    /** How many calls a job has under way at the beginning. */
    static final int AT_FIRST = 32;

    /** How many calls a job ever has under way. */
    static final int AT_MOST = 64;

    // The answer to a HEAD has no body and so no code but its status.
    private static final Set<String> THROTTLING = Set.of(
            "503",
            "SlowDown",
            "Throttling",
            "ThrottlingException",
            "TooManyRequests",
            "RequestLimitExceeded",
            "ServiceUnavailable",
            "Busy");
    private static final Set<String> ABSENT = Set.of("NoSuchBucket", "NoSuchKey", "NoSuchVersion", "NotFound", "404");
    private static final Set<String> LACKED =
            Set.of("NotImplemented", "MethodNotAllowed", "NotSupported", "UnsupportedOperation", "XNotImplemented");
    private static final Set<String> WRONG_REGION = Set.of(
            "PermanentRedirect",
            "AuthorizationHeaderMalformed",
            "TemporaryRedirect",
            "Redirect",
            "IllegalLocationConstraintException",
            "InvalidLocationConstraint");
    // No bucket has capital letters in its name.
    private static final Pattern KEY_SERVICE = Pattern.compile("\\bKMS\\b|\\bkms:[A-Z]");
    private static final Set<String> WRONG_KEYS = Set.of(
            "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken", "TokenRefreshRequired");

    private final S3Client client;
    private final String bucket;
    private final Patience patience;
    private final Pause pause;
    private final RandomGenerator random;
    private final Pace pace = new Pace(AT_FIRST, AT_MOST);

    /**
     * How often a call is tried, and the pauses in between, which double.
     *
     * @param throttled how often a call is tried whose endpoint asks for less
     */
    record Patience(int attempts, int throttled, Duration first, Duration longest) {
        static final Patience USUAL = new Patience(6, 12, Duration.ofMillis(200), Duration.ofSeconds(20));
    }

    /** What is called. May be called several times. */
    @FunctionalInterface
    interface Call<T> {
        T make(S3Client client) throws IOException, InterruptedException;
    }

    /**
     * Calls for one bucket.
     *
     * @param bucket what failures name
     */
    Calls(S3Client client, String bucket, Patience patience, Pause pause, RandomGenerator random) {
        this.client = client;
        this.bucket = bucket;
        this.patience = patience;
        this.pause = pause;
        this.random = random;
    }

    /**
     * Makes the call.
     *
     * @param action the name of the call at S3
     * @param thing what it is about, besides the bucket; may be empty
     * @throws S3Failure when it fails for good
     */
    <T> T make(String action, String thing, Call<T> call) throws InterruptedException {
        return make(action, thing, call, patience.attempts());
    }

    /** The same with one repeat: for what an endpoint may not have, since some answer that with a fault of theirs. */
    <T> T makeBriefly(String action, String thing, Call<T> call) throws InterruptedException {
        return make(action, thing, call, Math.min(2, patience.attempts()));
    }

    private <T> T make(String action, String thing, Call<T> call, int attempts) throws InterruptedException {
        int throttled = 0;
        int failed = 0;
        while (true) {
            var failure = new Failure(Optional.empty());
            pace.begin();
            try {
                return call.make(client);
            } catch (S3Failure told) {
                throw told;
            } catch (UncheckedIOException broken) {
                failure = new Failure(Optional.of(told(action, thing, broken)));
            } catch (AbortedException stopped) {
                throw stopped(stopped);
            } catch (SdkException | IOException broken) {
                if (Thread.interrupted()) {
                    throw stopped(broken);
                }
                failure = new Failure(Optional.of(told(action, thing, broken)));
            } finally {
                pace.ended(failure.throttled());
            }
            var told = failure.told().orElseThrow();
            // Each has its own patience: a fault after much throttling is still the first fault.
            boolean patient = switch (told.kind()) {
                case THROTTLED -> ++throttled < patience.throttled();
                case UNREACHABLE, TRUNCATED, DAMAGED -> ++failed < attempts;
                case NOT_FOUND, DENIED, KEY_DENIED, ARCHIVED, CHANGED, LACKING, LYING, REFUSED -> false;
            };
            if (!patient) {
                throw told;
            }
            pause.pass(before(throttled + failed));
        }
    }

    private record Failure(Optional<S3Failure> told) {
        boolean throttled() {
            return told.filter(failure -> failure.kind() == Kind.THROTTLED).isPresent();
        }
    }

    private Duration before(int attempt) {
        var longest = patience.longest().toNanos();
        var most = Math.min(longest, patience.first().toNanos() << Math.min(attempt - 1, 20));
        return Duration.ofNanos(most / 2 + random.nextLong(most / 2 + 1));
    }

    private static InterruptedException stopped(Exception cause) {
        return (InterruptedException) new InterruptedException("the call was stopped").initCause(cause);
    }

    private S3Failure told(String action, String thing, Exception failure) {
        var what = action + " of " + (thing.isEmpty() ? "" : Shown.key(thing) + " in ") + "bucket " + bucket;
        if (failure instanceof StsException answer) {
            return assumed(answer);
        }
        if (failure instanceof AwsServiceException answer) {
            return answered(what, action, answer);
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof LyingAnswer lie) {
                return new S3Failure(
                        Kind.LYING,
                        what + " failed: " + lie.getMessage() + ". The endpoint cannot be trusted.",
                        failure);
            }
            if (cause instanceof MessageConstraintException bound) {
                return new S3Failure(
                        Kind.LYING,
                        what + " failed: the headers of the answer are too long (" + bound.getMessage()
                                + "). The endpoint cannot be trusted.",
                        failure);
            }
            if (cause instanceof ShortContent || cause instanceof ConnectionClosedException) {
                return new S3Failure(
                        Kind.TRUNCATED,
                        what + " failed: the content ended before its length (" + cause.getMessage()
                                + "). Nothing of it is kept; check the endpoint.",
                        failure);
            }
            if (cause instanceof WrongChecksum) {
                return new S3Failure(
                        Kind.DAMAGED, what + " failed: " + cause.getMessage() + ". Check the object there.", failure);
            }
            if (cause instanceof UnknownHostException) {
                return new S3Failure(
                        Kind.UNREACHABLE,
                        what + " failed: " + cause.getMessage() + ". Check the endpoint in the configuration.",
                        failure);
            }
        }
        boolean broken = !(failure instanceof SdkClientException) || failure.getCause() instanceof IOException;
        return new S3Failure(
                Kind.UNREACHABLE,
                what + " failed: " + root(failure)
                        + (broken ? ". Check that the endpoint runs and can be reached." : "."),
                failure);
    }

    /** The call itself was not made, since the role for it was not given. */
    private S3Failure assumed(StsException answer) {
        boolean passing = answer.statusCode() >= 500 || answer.statusCode() == 429;
        var said = "AssumeRole for bucket " + bucket + " was answered with " + answer.statusCode() + ": "
                + Shown.text(String.valueOf(answer.getMessage()));
        return passing
                ? new S3Failure(Kind.UNREACHABLE, said + ". Try again when the endpoint of STS is well.", answer)
                : new S3Failure(
                        Kind.DENIED,
                        said
                                + ". Check roleArn and stsEndpoint of the source, the keys that assume the role, and whom the role trusts.",
                        answer);
    }

    private static String root(Throwable failure) {
        var root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return Shown.text(
                Optional.ofNullable(root.getMessage()).orElse(root.getClass().getSimpleName()));
    }

    private static S3Failure answered(String what, String action, AwsServiceException answer) {
        var details = Optional.ofNullable(answer.awsErrorDetails());
        var code = details.flatMap(d -> Optional.ofNullable(d.errorCode())).orElse("" + answer.statusCode());
        var message =
                details.flatMap(d -> Optional.ofNullable(d.errorMessage())).orElse("");
        var said = what + " was answered with " + answer.statusCode() + " " + Shown.text(code)
                + (message.isEmpty() || message.equals("null") ? "" : ": " + Shown.text(message));
        int status = answer.statusCode();
        if (status == 429 || ((THROTTLING.contains(code) || code.endsWith("ThrottlingException")) && status != 500)) {
            return new S3Failure(
                    Kind.THROTTLED,
                    code,
                    said + ". The endpoint asks for fewer requests; the job slows down and goes on.",
                    answer);
        }
        if (WRONG_REGION.contains(code) || status == 301 || status == 307) {
            return new S3Failure(
                    Kind.REFUSED,
                    code,
                    said
                            + ". The bucket is in another region than the source's signingRegion. Set signingRegion, or add a source for that region.",
                    answer);
        }
        if (WRONG_KEYS.contains(code)) {
            return new S3Failure(
                    Kind.DENIED,
                    code,
                    said + ". Check accessKeyId and secretAccessKey of the source, and the clock.",
                    answer);
        }
        if (status < 500
                && (code.startsWith("KMS.") || KEY_SERVICE.matcher(message).find())) {
            return new S3Failure(
                    Kind.KEY_DENIED,
                    code,
                    "KMS key is either disabled or pending deletion or access to KMS key is denied: " + said + ".",
                    answer);
        }
        if (code.equals("InvalidObjectState")) {
            return new S3Failure(
                    Kind.ARCHIVED,
                    code,
                    said + ". It is archived; restore it there (RestoreObject) before the backup.",
                    answer);
        }
        if (status == 403) {
            return new S3Failure(
                    Kind.DENIED,
                    code,
                    said + ". The access key is missing permission for s3:" + permission(action) + ".",
                    answer);
        }
        if (status == 412 || (status == 409 && code.equals("ConditionalRequestConflict"))) {
            return new S3Failure(Kind.CHANGED, code, said + ".", answer);
        }
        if (LACKED.contains(code) || status == 405 || status == 501) {
            return new S3Failure(Kind.LACKING, code, said + ". The endpoint does not have this.", answer);
        }
        if (ABSENT.contains(code)) {
            return new S3Failure(Kind.NOT_FOUND, code, said + ". It does not exist.", answer);
        }
        if (status >= 500 || status == 408 || code.equals("RequestTimeout")) {
            return new S3Failure(Kind.UNREACHABLE, code, said + ". Try again when the endpoint is well.", answer);
        }
        if (status == 404) {
            return new S3Failure(Kind.NOT_FOUND, code, said + ".", answer);
        }
        return new S3Failure(Kind.REFUSED, code, said + ".", answer);
    }

    /** The permission that a call needs, where it has another name. */
    private static String permission(String action) {
        return switch (action) {
            case "ListObjectVersions" -> "ListBucketVersions";
            case "ListObjectsV2", "HeadBucket" -> "ListBucket";
            case "HeadObject", "GetObject" -> "GetObject and s3:GetObjectVersion";
            case "UploadPart", "CreateMultipartUpload", "CompleteMultipartUpload" -> "PutObject";
            case "ListBuckets" -> "ListAllMyBuckets";
            default -> action;
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
