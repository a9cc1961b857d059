package dev.coffer.core.job;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The category that AWS Backup derives from a job's status message: the exact list first, then texts that contain a phrase, else miscellaneous; a job
 * without message is a success (AWS Backup developer guide, console dashboards).
 */
public enum MessageCategory {
    SUCCESS,
    VSS_ERROR,
    LIMIT_EXCEEDED,
    ACCESS_DENIED,
    CONCURRENT_JOB,
    FEATURE_NOT_ENABLED,
    JOB_EXPIRED,
    INVALID_LIFECYCLE,
    INVALID_STATE,
    KMS_KEY_ERROR,
    ACCESS_KEY_ERROR,
    HYPERVISOR_OFFLINE,
    RESOURCE_NOT_FOUND,
    RESOURCE_NOT_SUPPORTED,
    TAG_COPY_ERROR,
    TOKEN_EXPIRED,
    UNSUPPORTED_OPERATION,
    FATAL_ERROR,
    LOGICALLY_AIR_GAPPED_BACKUP_VAULT_NOT_SUPPORTED,
    MISCELLANEOUS;

    private static final Map<String, MessageCategory> EXACT = Map.ofEntries(
            Map.entry("You are not authorized to perform this operation.", ACCESS_DENIED),
            Map.entry(CopyJob.ACCESS_DENIED, ACCESS_DENIED),
            Map.entry("Backup job failed because there was a running job for the same resource.", CONCURRENT_JOB),
            Map.entry("There are too many copy jobs running for resource.", CONCURRENT_JOB),
            Map.entry(CopyJob.NOT_IN_ORGANIZATION, ACCESS_DENIED),
            Map.entry(CopyJob.ACROSS_ACCOUNTS_OFF, FEATURE_NOT_ENABLED),
            Map.entry(CopyJob.INTO_DEFAULT_VAULT, ACCESS_DENIED),
            Map.entry(
                    "Snapshots encrypted with the AWS managed key can't be shared. Specify another snapshot.",
                    ACCESS_DENIED),
            Map.entry(CopyJob.RETENTION_OUTSIDE, INVALID_LIFECYCLE),
            Map.entry("Backup job expired before completion.", JOB_EXPIRED),
            Map.entry(
                    "Backup job failed because the lifecycle is outside the valid range for backup vault.",
                    INVALID_LIFECYCLE),
            Map.entry("An internal error occurred.", FATAL_ERROR),
            Map.entry(CopyJob.FATAL, FATAL_ERROR),
            Map.entry("Given key ID does not exist", RESOURCE_NOT_FOUND),
            Map.entry("Given key ID is not accessible", KMS_KEY_ERROR),
            Map.entry("Table not found.", RESOURCE_NOT_FOUND),
            Map.entry("The specified volume was not found.", RESOURCE_NOT_FOUND),
            Map.entry("Token expired. Try again.", TOKEN_EXPIRED),
            Map.entry("The resultant tag set must not have more than 50 user tags.", LIMIT_EXCEEDED));

    private record Phrase(String text, MessageCategory category) {}

    private static final List<Phrase> PHRASES = List.of(
            new Phrase("subscriber limit exceeded", LIMIT_EXCEEDED),
            new Phrase("more than 50 tags specified", LIMIT_EXCEEDED),
            new Phrase("can have at most", LIMIT_EXCEEDED),
            new Phrase("access denied", ACCESS_DENIED),
            new Phrase("not authorized to", ACCESS_DENIED),
            new Phrase("cannot be assumed by aws backup", ACCESS_DENIED),
            new Phrase("does not have permission", ACCESS_DENIED),
            new Phrase("missing permission", ACCESS_DENIED),
            new Phrase("because it is either inside or too close to the", INVALID_LIFECYCLE),
            new Phrase("instance is not in state", INVALID_STATE),
            new Phrase("not in the available state", INVALID_STATE),
            new Phrase("not in available state", INVALID_STATE),
            new Phrase("cannot snapshot volume", INVALID_STATE),
            new Phrase("kms key", KMS_KEY_ERROR),
            new Phrase("does not exist", RESOURCE_NOT_FOUND),
            new Phrase("could not find resource", RESOURCE_NOT_FOUND),
            new Phrase("could not find cryopod", RESOURCE_NOT_FOUND),
            new Phrase("cannot find recovery point", RESOURCE_NOT_FOUND),
            new Phrase("resource not found", RESOURCE_NOT_FOUND),
            new Phrase("no longer available", RESOURCE_NOT_FOUND),
            new Phrase("is invalid", RESOURCE_NOT_FOUND),
            new Phrase("unsupported resource type", RESOURCE_NOT_SUPPORTED),
            new Phrase("feature is not supported for provided resource type.", UNSUPPORTED_OPERATION),
            new Phrase("backup job encountered a fatal error", FATAL_ERROR));

    /** The category of a job with this status message. */
    public static MessageCategory of(Optional<String> statusMessage) {
        if (statusMessage.isEmpty()) {
            return SUCCESS;
        }
        var message = statusMessage.get();
        var exact = EXACT.get(message);
        if (exact != null) {
            return exact;
        }
        var folded = message.toLowerCase(Locale.ROOT);
        return PHRASES.stream()
                .filter(phrase -> folded.contains(phrase.text()))
                .map(Phrase::category)
                .findFirst()
                .orElse(MISCELLANEOUS);
    }
}
