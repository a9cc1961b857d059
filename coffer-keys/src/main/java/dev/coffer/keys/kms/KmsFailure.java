package dev.coffer.keys.kms;

import dev.coffer.core.key.KeyServiceException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** What a failed call of KMS means: what, why, next step, and whether trying again later can help. */
final class KmsFailure {
    private KmsFailure() {}

    static KeyServiceException of(SdkException failure, String action, String key, String place) {
        var what = "KMS at " + place + " did not " + action + " with key " + key + ": ";
        return switch (failure) {
            case AwsServiceException answered -> answered(answered, what);
            case AbortedException stopped -> {
                // Whoever waits for this thread still has to see that it was asked to stop.
                Thread.currentThread().interrupt();
                yield new KeyServiceException(what + "the call was interrupted. It can be repeated.", true, stopped);
            }
            case ApiCallTimeoutException slow -> late(what, slow);
            case ApiCallAttemptTimeoutException slow -> late(what, slow);
            default ->
                new KeyServiceException(
                        what + "it cannot be reached (" + root(failure)
                                + "). Check the network, the endpoint and the region; the call can be repeated.",
                        true,
                        failure);
        };
    }

    private static KeyServiceException late(String what, SdkException slow) {
        return new KeyServiceException(
                what + "it did not answer in time. Check its load and the network; the call can be repeated.",
                true,
                slow);
    }

    private static KeyServiceException answered(AwsServiceException failure, String what) {
        var details = failure.awsErrorDetails();
        var code = details == null || details.errorCode() == null ? "" : details.errorCode();
        var said = details == null || details.errorMessage() == null ? "" : details.errorMessage();
        if (failure.isThrottlingException()) {
            return passing(what + "it is asked too often (" + code + "). The call can be repeated later", failure);
        }
        return switch (code) {
            case "DisabledException" ->
                lasting(what + "the key is disabled. Enable it in KMS, or use another key", failure);
            case "KMSInvalidStateException" ->
                lasting(
                        what + "the key is in a state in which it cannot be used (" + said
                                + "). If its deletion is pending, cancel the deletion now: without the key the vaults that it wraps cannot be read",
                        failure);
            case "NotFoundException" ->
                lasting(what + "there is no such key in that region (" + said + "). Check keyId and region", failure);
            case "InvalidKeyUsageException" ->
                lasting(
                        what + "the key is not one for encryption. Use a symmetric key of usage ENCRYPT_DECRYPT",
                        failure);
            case "InvalidArnException", "ValidationException" ->
                lasting(what + "it does not accept the request (" + said + "). Check keyId", failure);
            case "AccessDeniedException" ->
                lasting(
                        what + "access is denied (" + said
                                + "). Allow kms:Encrypt, kms:Decrypt and kms:DescribeKey on the key to these credentials, in the key policy or in IAM",
                        failure);
            case "UnrecognizedClientException",
                    "InvalidClientTokenId",
                    "InvalidSignatureException",
                    "SignatureDoesNotMatch",
                    "IncompleteSignature",
                    "MissingAuthenticationToken",
                    "ExpiredTokenException" ->
                lasting(what + "it does not accept the credentials (" + code + "). Check them and the clock", failure);
            case "KeyUnavailableException", "DependencyTimeoutException", "KMSInternalException" ->
                passing(
                        what + "the service has a fault of its own (" + code + "). The call can be repeated later",
                        failure);
            default ->
                failure.statusCode() >= 500
                        ? passing(
                                what + "the service has a fault of its own (HTTP " + failure.statusCode()
                                        + "). The call can be repeated later",
                                failure)
                        : lasting(
                                what + "it refused with " + code + " (HTTP " + failure.statusCode() + ": " + said
                                        + "). See the KMS documentation for that error",
                                failure);
        };
    }

    private static KeyServiceException passing(String message, SdkException cause) {
        return new KeyServiceException(message + ".", true, cause);
    }

    private static KeyServiceException lasting(String message, SdkException cause) {
        return new KeyServiceException(message + ".", false, cause);
    }

    private static String root(Throwable failure) {
        var root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.toString();
    }
}
