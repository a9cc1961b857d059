package dev.coffer.engine.recoverypoint;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.resource.ResourceType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;

/** Names new recovery points in the form that AWS gives points of their type, since tools read the service out of it. */
public final class PointArns {
    private static final int NATIVE_ID_LENGTH = 17;
    private static final int SUFFIX_LENGTH = 8;
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private PointArns() {}

    /**
     * The ARN of the point that a backup job will make.
     *
     * @param job the job's id, which is in the names of database snapshots
     * @param fresh a random id, which is in all others
     */
    public static Arn name(Scope scope, ResourceType type, Arn resource, String job, UUID fresh, Instant createdAt) {
        return named(scope, type, resource, "job-" + job, fresh, createdAt);
    }

    private static Arn named(
            Scope scope, ResourceType type, Arn resource, String snapshot, UUID fresh, Instant createdAt) {
        var hex = fresh.toString().replace("-", "");
        var region = scope.region().value();
        var account = scope.account().value();
        return switch (type) {
            case EFS, DYNAMODB -> Arn.ofRecoveryPoint(scope, fresh.toString());
            case S3 ->
                Arn.ofRecoveryPoint(
                        scope,
                        resource.resource() + "-" + SECONDS.format(createdAt) + "-" + hex.substring(0, SUFFIX_LENGTH));
            case EBS ->
                new Arn("aws", "ec2", region, "", "snapshot/snap-" + hex.substring(hex.length() - NATIVE_ID_LENGTH));
            case EC2 ->
                new Arn("aws", "ec2", region, "", "image/ami-" + hex.substring(hex.length() - NATIVE_ID_LENGTH));
            case RDS -> new Arn("aws", "rds", region, account, "snapshot:awsbackup:" + snapshot);
            case AURORA -> new Arn("aws", "rds", region, account, "cluster-snapshot:awsbackup:" + snapshot);
        };
    }

    /**
     * The ARN of a copy, in the form that AWS gives copies of the type.
     *
     * @param scope of the destination
     * @param job the id of the copy job, which is in the names of database snapshots
     * @param fresh a random id, which is in all others
     */
    public static Arn copy(Scope scope, ResourceType type, Arn resource, String job, UUID fresh, Instant createdAt) {
        return type == ResourceType.S3
                ? Arn.ofRecoveryPoint(scope, fresh.toString())
                : named(scope, type, resource, "copyjob-" + job.toLowerCase(Locale.ROOT), fresh, createdAt);
    }

    /** The ARN of the continuous backup that a job begins, in the form that AWS gives those of the type; the same for every run of the job. */
    public static Arn continuous(Scope scope, ResourceType type, Arn resource, String job) {
        var hex = UUID.nameUUIDFromBytes(job.getBytes(StandardCharsets.UTF_8))
                .toString()
                .substring(0, SUFFIX_LENGTH);
        var name = resource.resource().substring(resource.resource().lastIndexOf('/') + 1);
        return Arn.ofRecoveryPoint(
                scope, type == ResourceType.S3 ? name + "-" + hex : "continuous:" + name.replace(':', '-') + "-" + hex);
    }

    /** Whether StartBackupJob tells the ARN at once (API model: EFS and advanced DynamoDB). */
    public static boolean knownAtOnce(ResourceType type) {
        return switch (type) {
            case EFS, DYNAMODB -> true;
            case AURORA, EBS, EC2, RDS, S3 -> false;
        };
    }
}
