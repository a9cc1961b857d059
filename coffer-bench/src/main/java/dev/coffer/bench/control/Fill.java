package dev.coffer.bench.control;

import static dev.coffer.bench.control.BenchServer.FIRST;
import static dev.coffer.bench.control.BenchServer.SECOND;

import dev.coffer.catalog.SqlCatalog;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.BackupState;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Progress;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.plan.CreatedBy;
import dev.coffer.core.plan.PlanId;
import dev.coffer.core.plan.RuleId;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.resource.ProtectedResource;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.VaultName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;

/** A catalog of a busy installation: two accounts, vaults of very different sizes, 10 000 resources of common and rare types, five plans, and as many jobs as recovery points over the last 31 days. */
final class Fill {
    /** The first account's vaults that hold points, and their share of a hundred. */
    static final Map<String, Integer> SHARES = Map.of("huge", 50, "large", 12, "medium", 6, "small", 2);

    static final int RESOURCES = 10_000;
    static final Duration HISTORY = Duration.ofDays(31);

    private static final int EMPTY_VAULTS = 200;
    private static final int ROWS_AT_ONCE = 2000;
    private static final List<String> PLANS = List.of("p0", "p1", "p2", "p3", "rare");

    private final Random random = new Random(80);
    private final Instant end;
    private final int points;

    private Fill(Instant end, int points) {
        this.end = end;
        this.points = points;
    }

    static void run(Path folder, int points) throws IOException, InterruptedException {
        if (Files.exists(folder.resolve("filled"))) {
            return;
        }
        try (var server = BenchServer.start(folder, BenchServer.config());
                var first = server.client("coffer");
                var second = server.client("coffer-archive")) {
            for (var name : SHARES.keySet()) {
                first.createBackupVault(r -> r.backupVaultName(name));
            }
            for (int i = 0; i < EMPTY_VAULTS; i++) {
                var name = "empty-" + i;
                first.createBackupVault(r -> r.backupVaultName(name));
            }
            second.createBackupVault(r -> r.backupVaultName("copies"));
        }
        try (var catalog = SqlCatalog.open(BenchServer.catalogOf(folder))) {
            var fill = new Fill(Instant.now(), points);
            for (int from = 0; from < points; from += ROWS_AT_ONCE) {
                int start = from;
                catalog.<Boolean>write(tx -> {
                    for (int i = start; i < Math.min(points, start + ROWS_AT_ONCE); i++) {
                        fill.one(tx, i);
                    }
                    return true;
                });
                if (from % 100_000 == 0) {
                    System.err.println(from + " points and jobs");
                }
            }
        }
        Files.writeString(folder.resolve("filled"), points + "\n");
    }

    static PlanId plan(String name) {
        return new PlanId(new UUID(0x80, name.hashCode()).toString());
    }

    static Arn resource(Scope scope, int number) {
        return switch (type(number)) {
            case S3 -> new Arn("aws", "s3", "", "", "bucket-" + number);
            case DYNAMODB ->
                new Arn(
                        "aws",
                        "dynamodb",
                        scope.region().value(),
                        scope.account().value(),
                        "table/t" + number);
            default -> Arn.ofFileSystem(scope, "fs-%017x".formatted(number));
        };
    }

    /** One in ten is a bucket, and five of all are tables. */
    static ResourceType type(int number) {
        if (number % 2000 == 7) {
            return ResourceType.DYNAMODB;
        }
        return number % 10 == 3 ? ResourceType.S3 : ResourceType.EFS;
    }

    private void one(Transaction tx, int i) {
        boolean own = i % 100 < 70;
        var scope = own ? FIRST : SECOND;
        int number = i % RESOURCES;
        var vault = new VaultName(own ? vaultOf(i % 100) : "copies");
        var createdAt = end.minus(HISTORY.multipliedBy(points - (long) i).dividedBy(points));
        var arn = Arn.ofRecoveryPoint(scope, new UUID(random.nextLong(), random.nextLong()).toString());
        var creator = Optional.of(creator(scope, i % 1000 == 0 ? "rare" : PLANS.get(i % 4)));
        var lifecycle = new Lifecycle(OptionalLong.empty(), OptionalLong.of(35), Optional.empty());
        var resource = resource(scope, number);
        var point = new RecoveryPoint(
                scope,
                vault,
                arn,
                new UUID(random.nextLong(), random.nextLong()).toString(),
                resource,
                type(number),
                "name of " + number,
                role(scope),
                RecoveryPointStatus.COMPLETED,
                createdAt,
                Optional.of(createdAt),
                Optional.of(createdAt.plusSeconds(40)),
                random.nextLong(1L << 34),
                random.nextLong(1L << 28),
                lifecycle,
                Optional.empty(),
                creator);
        tx.recoveryPoints().put(point);
        tx.backupJobs().insert(job(point, i));
        if (points - i <= RESOURCES) {
            tx.resources()
                    .putProtected(
                            scope,
                            new ProtectedResource(
                                    resource,
                                    type(number),
                                    "name of " + number,
                                    createdAt,
                                    Arn.ofVault(scope, vault.value()),
                                    arn,
                                    Optional.empty()));
        }
    }

    private static String vaultOf(int share) {
        if (share < 50) {
            return "huge";
        }
        return share < 62 ? "large" : share < 68 ? "medium" : "small";
    }

    private BackupJob job(RecoveryPoint point, int i) {
        var ended = point.createdAt().plusSeconds(random.nextInt(30, 3600));
        var state = switch (i % 200) {
            case 0 -> new BackupState.Failed(ended, "Access denied");
            case 1 -> new BackupState.Expired(ended, "Backup job expired before completion.");
            case 2 -> new BackupState.Aborted(ended, BackupState.STOPPED_BY_USER);
            case 3 -> new BackupState.Completed(ended, Optional.of("2 items were skipped."));
            default -> new BackupState.Completed(ended, Optional.empty());
        };
        return new BackupJob(
                JobId.ofBackup(new UUID(random.nextLong(), random.nextLong())),
                point.scope(),
                point.vault(),
                point.resource(),
                point.resourceType(),
                point.resourceName(),
                point.role(),
                point.arn(),
                point.lifecycle(),
                Map.of(),
                Tags.of(Map.of("kept", "35 days")),
                point.createdBy(),
                point.createdAt(),
                point.createdAt().plus(Duration.ofHours(8)),
                point.createdAt().plus(Duration.ofDays(7)),
                Optional.of(point.createdAt()),
                1,
                new Progress(point.logicalBytes(), point.logicalBytes(), point.transferredBytes()),
                state);
    }

    private static CreatedBy creator(Scope scope, String name) {
        var plan = plan(name);
        return new CreatedBy(
                plan,
                Arn.ofPlan(scope, plan.value()),
                name,
                "version-1",
                new RuleId(new UUID(0x81, name.hashCode()).toString()),
                "daily",
                "cron(0 5 ? * * *)",
                "Etc/UTC");
    }

    private static Arn role(Scope scope) {
        return Arn.ofRole(scope.account(), "service-role/AWSBackupDefaultServiceRole");
    }
}
