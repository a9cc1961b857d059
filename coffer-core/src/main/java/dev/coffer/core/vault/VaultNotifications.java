package dev.coffer.core.vault;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which events of a vault are told to which SNS topic.
 *
 * @param events without repetition, in the order of the request
 */
public record VaultNotifications(Scope scope, VaultName vault, Arn topic, List<VaultEvent> events) {
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9_-]{1,256}");

    public VaultNotifications {
        events = List.copyOf(new LinkedHashSet<>(events));
    }

    /** The name under which the way to the topic is kept. */
    public String sink() {
        return sinkOf(scope, vault);
    }

    /** The name for a vault, whether it has notifications or not. */
    public static String sinkOf(Scope scope, VaultName vault) {
        return "vault/" + scope + "/" + vault;
    }

    /**
     * Reads the names of events.
     *
     * @throws Refused with AWS's text for a name that is none
     */
    public static List<VaultEvent> events(List<String> names) {
        if (names.isEmpty()) {
            throw new Refused(Problem.missing("BackupVaultEvents is missing. Name at least one event."));
        }
        return names.stream()
                .map(name -> Arrays.stream(VaultEvent.values())
                        .filter(event -> event.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new Refused(Problem.invalid(SELECT))))
                .toList();
    }

    /** Why a vault of the scope cannot notify the topic: it is a FIFO topic, none, or another account's (AWS Backup). */
    public static Optional<Problem> objectionTo(Scope scope, Arn topic) {
        if (topic.service().equals("sns") && topic.resource().endsWith(".fifo")) {
            return Optional.of(Problem.invalid(
                    "SNSTopicArn names a FIFO topic. AWS Backup supports standard topics only; use one of those."));
        }
        if (!topic.service().equals("sns")
                || topic.region().isEmpty()
                || !TOPIC.matcher(topic.resource()).matches()) {
            return Optional.of(Problem.invalid("SNSTopicArn is not the ARN of an SNS topic."));
        }
        if (!topic.account().equals(scope.account().value())) {
            return Optional.of(Problem.invalid("SNSTopicArn names a topic of another account. The topic and the vault"
                    + " must be in the same account."));
        }
        return Optional.empty();
    }

    private static final String SELECT = "Please select from the following list of notifications BACKUP_JOB_STARTED,"
            + " BACKUP_JOB_COMPLETED, RESTORE_JOB_STARTED, RESTORE_JOB_COMPLETED, COPY_JOB_STARTED,"
            + " COPY_JOB_SUCCESSFUL, COPY_JOB_FAILED, RECOVERY_POINT_MODIFIED, S3_BACKUP_OBJECT_FAILED,"
            + " S3_RESTORE_OBJECT_FAILED";
}
