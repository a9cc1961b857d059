package dev.coffer.core.resource;

import dev.coffer.core.arn.Arn;
import java.util.Arrays;
import java.util.Optional;

/** The seven services whose resources Coffer protects, with the names that AWS Backup gives them. */
public enum ResourceType {
    AURORA("Aurora"),
    DYNAMODB("DynamoDB"),
    EBS("EBS"),
    EC2("EC2"),
    EFS("EFS"),
    RDS("RDS"),
    S3("S3");

    private final String wireName;

    ResourceType(String wireName) {
        this.wireName = wireName;
    }

    /** The name on the wire, for example {@code DynamoDB}. */
    public String wireName() {
        return wireName;
    }

    /** The type of this wire name; empty for another service's. */
    public static Optional<ResourceType> ofWireName(String name) {
        return Arrays.stream(values())
                .filter(type -> type.wireName.equals(name))
                .findFirst();
    }

    /**
     * The type that a resource of this ARN has; empty when the ARN is not one of a resource that AWS Backup protects (a snapshot is not).
     * An RDS cluster ARN counts as Aurora, since the ARN alone does not tell.
     */
    public static Optional<ResourceType> ofArn(Arn arn) {
        var resource = arn.resource();
        return switch (arn.service()) {
            case "elasticfilesystem" -> resource.startsWith("file-system/") ? Optional.of(EFS) : Optional.empty();
            case "s3" -> resource.contains("/") ? Optional.empty() : Optional.of(S3);
            case "dynamodb" ->
                resource.startsWith("table/") && resource.indexOf('/', "table/".length()) < 0
                        ? Optional.of(DYNAMODB)
                        : Optional.empty();
            case "ec2" ->
                resource.startsWith("volume/")
                        ? Optional.of(EBS)
                        : resource.startsWith("instance/") ? Optional.of(EC2) : Optional.empty();
            case "rds" ->
                resource.startsWith("db:")
                        ? Optional.of(RDS)
                        : resource.startsWith("cluster:") ? Optional.of(AURORA) : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** Whether recovery points of the type are kept, encrypted and tagged by the backup service alone (AWS: full management). */
    public boolean fullyManaged() {
        return switch (this) {
            case EFS, S3, DYNAMODB -> true;
            case AURORA, EBS, EC2, RDS -> false;
        };
    }

    /** Whether recovery points of the type can have a search index in AWS Backup. */
    public boolean indexable() {
        return switch (this) {
            case EBS, S3 -> true;
            case AURORA, DYNAMODB, EC2, EFS, RDS -> false;
        };
    }

    /** Whether AWS Backup can stop a running backup of the type. */
    public boolean stoppable() {
        return switch (this) {
            case RDS, AURORA -> false;
            case DYNAMODB, EBS, EC2, EFS, S3 -> true;
        };
    }
}
