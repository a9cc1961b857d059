package dev.coffer.core.arn;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.util.Optional;

/**
 * An Amazon resource name, {@code arn:partition:service:region:account:resource}. Region and account may be empty, as in
 * {@code arn:aws:s3:::bucket}. The resource part is kept as it was written.
 */
public record Arn(String partition, String service, String region, String account, String resource) {
    private static final int LONGEST = 2048;

    public Arn {
        if (partition.isEmpty() || service.isEmpty() || resource.isEmpty()) {
            throw new Refused(Problem.invalid("An ARN needs a partition, a service and a resource."));
        }
    }

    /** Reads an ARN; empty when the text is not one (wrong parts, control characters, too long). */
    public static Optional<Arn> parse(String text) {
        if (text.length() > LONGEST || !text.startsWith("arn:") || text.chars().anyMatch(Character::isISOControl)) {
            return Optional.empty();
        }
        var parts = text.split(":", 6);
        if (parts.length < 6 || parts[1].isEmpty() || parts[2].isEmpty() || parts[5].isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Arn(parts[1], parts[2], parts[3], parts[4], parts[5]));
    }

    /** Reads an ARN, or refuses with the parameter's name. */
    public static Arn parse(String parameter, String text) {
        return parse(text).orElseThrow(() -> new Refused(Problem.invalid(parameter + " is not a valid ARN.")));
    }

    /** The ARN of a backup vault. */
    public static Arn ofVault(Scope scope, String name) {
        return new Arn("aws", "backup", scope.region().value(), scope.account().value(), "backup-vault:" + name);
    }

    /** The ARN of a backup plan. */
    public static Arn ofPlan(Scope scope, String id) {
        return new Arn("aws", "backup", scope.region().value(), scope.account().value(), "backup-plan:" + id);
    }

    /** The ARN of a recovery point of a fully managed type. */
    public static Arn ofRecoveryPoint(Scope scope, String id) {
        return new Arn("aws", "backup", scope.region().value(), scope.account().value(), "recovery-point:" + id);
    }

    /** The ARN of an EFS file system. */
    public static Arn ofFileSystem(Scope scope, String id) {
        return new Arn(
                "aws",
                "elasticfilesystem",
                scope.region().value(),
                scope.account().value(),
                "file-system/" + id);
    }

    /** The ARN of an S3 bucket. It names neither account nor region, as with AWS. */
    public static Arn ofBucket(String name) {
        return new Arn("aws", "s3", "", "", name);
    }

    /** The ARN of a role, path included, for example {@code service-role/AWSBackupDefaultServiceRole}. */
    public static Arn ofRole(AccountId account, String pathAndName) {
        return new Arn("aws", "iam", "", account.value(), "role/" + pathAndName);
    }

    /** The ARN of a user. */
    public static Arn ofUser(AccountId account, String name) {
        return new Arn("aws", "iam", "", account.value(), "user/" + name);
    }

    /** The ARN of somebody who has taken on a role. */
    public static Arn ofAssumedRole(AccountId account, String role, String session) {
        return new Arn("aws", "sts", "", account.value(), "assumed-role/" + role + "/" + session);
    }

    /** The ARN of a policy of the account. */
    public static Arn ofPolicy(AccountId account, String name) {
        return new Arn("aws", "iam", "", account.value(), "policy/" + name);
    }

    /** The account and region that the ARN names, if it names both. */
    public Optional<Scope> scope() {
        return AccountId.isOne(account) && Region.isOne(region)
                ? Optional.of(new Scope(new AccountId(account), new Region(region)))
                : Optional.empty();
    }

    /** Whether the ARN names this account and region. */
    public boolean isIn(Scope scope) {
        return account.equals(scope.account().value())
                && region.equals(scope.region().value());
    }

    @Override
    public String toString() {
        return "arn:" + partition + ":" + service + ":" + region + ":" + account + ":" + resource;
    }
}
