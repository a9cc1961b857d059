package dev.coffer.testkit.catalog;

import dev.coffer.core.access.AccessKey;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.event.Event;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.BackupState;
import dev.coffer.core.job.CopyJob;
import dev.coffer.core.job.CopyState;
import dev.coffer.core.job.IndexJob;
import dev.coffer.core.job.IndexState;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.Progress;
import dev.coffer.core.job.RestoreJob;
import dev.coffer.core.job.RestoreState;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.plan.CreatedBy;
import dev.coffer.core.plan.PlanId;
import dev.coffer.core.plan.RuleId;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.recoverypoint.StorageClass;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.resource.ProtectedResource;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.EncryptionKey;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultPlace;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Rows of every kind with values that are easy to lose: absent ones, long ones, quotes, characters beyond the first plane. The same generator makes the same rows. Instants are whole milliseconds, the precision that a catalog
 * keeps.
 */
public final class CatalogSamples {
    /** The scope of all samples. */
    public static final Scope SCOPE = new Scope(new AccountId("111122223333"), new Region("eu-west-1"));

    /** A scope with another account's rows. */
    public static final Scope ELSEWHERE = new Scope(new AccountId("444455556666"), new Region("eu-west-1"));

    /** When all samples begin. */
    public static final Instant START = Instant.parse("2026-03-01T10:00:00.123Z");

    /** The role of all samples. */
    public static final Arn ROLE = Arn.ofRole(SCOPE.account(), "service-role/AWSBackupDefaultServiceRole");

    /** The plan that made some of the samples. */
    public static final PlanId PLAN = new PlanId("0d9c5c0e-6f3a-4c47-9a0b-3a3c1f0e5a01");

    private static final List<String> TEXTS = List.of(
            "plain",
            "",
            "with 'quotes' and \"more\"",
            "line\nline\ttab",
            "\u00e4\u00f6\u00fc \u6f22\u5b57 \ud83d\udd12",
            "null",
            "{}",
            "%_\\");

    private final RandomGenerator random;

    public CatalogSamples(RandomGenerator random) {
        this.random = random;
    }

    /** A random UUID. */
    public UUID uuid() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    /** A file system of the samples. */
    public static Arn fileSystem(int number) {
        return Arn.ofFileSystem(SCOPE, "fs-%08d".formatted(number));
    }

    /** A moment after the start of the samples. */
    public static Instant at(long millis) {
        return START.plusMillis(millis);
    }

    /** A vault with this name. */
    public Vault vault(String name, Instant createdAt) {
        return vault(SCOPE, name, createdAt);
    }

    /** A vault of this scope. */
    public Vault vault(Scope scope, String name, Instant createdAt) {
        return new Vault(
                scope,
                new VaultName(name),
                new VaultId(uuid()),
                new EncryptionKey(
                        new Arn(
                                "aws",
                                "kms",
                                scope.region().value(),
                                scope.account().value(),
                                "key/" + uuid()),
                        random.nextBoolean()),
                createdAt,
                maybe(text()));
    }

    /** A completed recovery point of the resource in the vault. */
    public RecoveryPoint point(String vault, Arn resource, Instant createdAt) {
        return point(SCOPE, vault, resource, ResourceType.EFS, RecoveryPointStatus.COMPLETED, createdAt);
    }

    /** A recovery point of this scope, type and status. */
    public RecoveryPoint point(
            Scope scope, String vault, Arn resource, ResourceType type, RecoveryPointStatus status, Instant createdAt) {
        return new RecoveryPoint(
                scope,
                new VaultName(vault),
                Arn.ofRecoveryPoint(scope, uuid().toString()),
                "session-" + uuid(),
                resource,
                type,
                text(),
                ROLE,
                status,
                createdAt,
                maybe(createdAt.plusMillis(5)),
                maybe(createdAt.plusMillis(random.nextInt(1, 100_000))),
                random.nextLong(Long.MAX_VALUE),
                random.nextLong(1_000_000),
                lifecycle(),
                maybe(createdAt.plusSeconds(60)),
                maybe(createdBy()),
                StorageClass.WARM,
                maybe(Arn.ofVault(ELSEWHERE, "origin")));
    }

    /** A backup job that was created at the moment, may start at once and has windows of one and two hours. */
    public BackupJob backupJob(Arn resource, Instant createdAt) {
        return backupJob(SCOPE, VaultName.DEFAULT, resource, ResourceType.EFS, createdAt);
    }

    /** A backup job of this scope, vault and type. */
    public BackupJob backupJob(Scope scope, VaultName vault, Arn resource, ResourceType type, Instant createdAt) {
        return new BackupJob(
                JobId.ofBackup(uuid()),
                scope,
                vault,
                resource,
                type,
                text(),
                ROLE,
                Arn.ofRecoveryPoint(scope, uuid().toString()),
                lifecycle(),
                texts(),
                tags(),
                maybe(createdBy()),
                createdAt,
                createdAt.plus(Duration.ofHours(1)),
                createdAt.plus(Duration.ofHours(2)),
                Optional.empty(),
                0,
                Progress.NONE,
                new BackupState.Created(createdAt, Optional.empty()));
    }

    /** One backup state of every kind. */
    public List<BackupState> backupStates() {
        return List.of(
                new BackupState.Created(at(5), Optional.empty()),
                new BackupState.Created(at(6), Optional.of("The resource is " + text())),
                new BackupState.Pending(lease(7, at(100))),
                new BackupState.Running(lease(8, at(200)), at(30)),
                new BackupState.Aborting(lease(9, at(300)), at(31)),
                new BackupState.Completed(at(400), Optional.empty()),
                new BackupState.Completed(at(401), Optional.of("2 items were skipped.")),
                new BackupState.Failed(at(402), "Access denied"),
                new BackupState.Aborted(at(403), BackupState.STOPPED_BY_USER),
                new BackupState.Expired(at(404), "Backup job expired before completion."));
    }

    /** Where copies of these samples go. */
    public static VaultPlace destination(Scope scope, int number) {
        return new VaultPlace(scope, new VaultName("copies-" + number));
    }

    /** A copy job that was created at the moment and may start at once. */
    public CopyJob copyJob(Arn recoveryPoint, Instant createdAt) {
        return copyJob(
                SCOPE,
                recoveryPoint,
                destination(ELSEWHERE, 1),
                fileSystem(random.nextInt(100)),
                ResourceType.EFS,
                createdAt);
    }

    /** A copy job of this scope, source, destination and type. */
    public CopyJob copyJob(
            Scope scope,
            Arn recoveryPoint,
            VaultPlace destination,
            Arn resource,
            ResourceType type,
            Instant createdAt) {
        return new CopyJob(
                JobId.ofCopy(uuid()),
                scope,
                VaultName.DEFAULT,
                recoveryPoint,
                destination,
                Arn.ofRecoveryPoint(destination.scope(), uuid().toString()),
                resource,
                type,
                text(),
                ROLE,
                lifecycle(),
                maybe(createdBy()),
                maybe(JobId.ofBackup(uuid())),
                createdAt,
                0,
                Progress.NONE,
                new CopyState.Created(createdAt, Optional.empty()));
    }

    /** One copy state of every kind. */
    public List<CopyState> copyStates() {
        return List.of(
                new CopyState.Created(at(5), Optional.empty()),
                new CopyState.Created(at(6), Optional.of("The vault is " + text())),
                new CopyState.Running(lease(8, at(200)), at(30)),
                new CopyState.Completed(at(400)),
                new CopyState.Failed(at(402), CopyJob.ACCESS_DENIED));
    }

    /** A restore job that was created at the moment and may start at once. */
    public RestoreJob restoreJob(Arn recoveryPoint, Instant createdAt) {
        return restoreJob(
                SCOPE,
                recoveryPoint,
                createdAt.minusSeconds(random.nextInt(1, 1_000)),
                fileSystem(random.nextInt(100)),
                ResourceType.EFS,
                createdAt);
    }

    /** A restore job of this scope, source and type, of a point of that moment. */
    public RestoreJob restoreJob(
            Scope scope, Arn recoveryPoint, Instant pointCreatedAt, Arn source, ResourceType type, Instant createdAt) {
        return new RestoreJob(
                JobId.ofRestore(uuid()),
                scope,
                VaultName.DEFAULT,
                recoveryPoint,
                pointCreatedAt,
                source,
                type,
                ROLE,
                texts(),
                random.nextBoolean(),
                createdAt,
                0,
                Progress.NONE,
                new RestoreState.Pending(createdAt));
    }

    /** One restore state of every kind. */
    public List<RestoreState> restoreStates() {
        return List.of(
                new RestoreState.Pending(at(5)),
                new RestoreState.Running(lease(8, at(200)), at(30)),
                new RestoreState.Completed(at(400), fileSystem(99), Optional.empty()),
                new RestoreState.Completed(at(401), fileSystem(99), Optional.of("Partly " + text())),
                new RestoreState.Failed(at(402), "The target is full."));
    }

    /** The index of a point, which waits since the moment. */
    public IndexJob index(Arn recoveryPoint, Instant createdAt) {
        return index(SCOPE, VaultName.DEFAULT, recoveryPoint, Arn.ofBucket("samples"), ResourceType.S3, createdAt);
    }

    /** The index of a point of this scope, vault, resource and type. */
    public IndexJob index(
            Scope scope, VaultName vault, Arn recoveryPoint, Arn resource, ResourceType type, Instant createdAt) {
        return new IndexJob(
                JobId.ofIndex(uuid()),
                scope,
                vault,
                recoveryPoint,
                resource,
                type,
                ROLE,
                createdAt.minusMillis(500),
                random.nextBoolean(),
                createdAt,
                0,
                new IndexState.Waiting(createdAt, Optional.empty(), Optional.empty()));
    }

    /** One index state of every kind. */
    public List<IndexState> indexStates() {
        var walk = Optional.of(new IndexState.Walk(at(300), Long.MAX_VALUE, new SessionId(uuid().toString())));
        return List.of(
                new IndexState.Waiting(at(5), Optional.empty(), Optional.empty()),
                new IndexState.Waiting(at(6), Optional.of("The vault is " + text()), walk),
                new IndexState.Running(lease(8, at(200)), at(30), Optional.empty()),
                new IndexState.Running(lease(9, at(201)), at(31), walk),
                new IndexState.Active(walk.get()),
                new IndexState.Failed(at(402), "Damage: " + text()),
                new IndexState.Deleting(at(403)));
    }

    /** A lease of node-1 in its second start. */
    public static Lease lease(long epoch, Instant until) {
        return new Lease(new RunnerId("node-1", "start-2"), epoch, until);
    }

    /** A source that a restore has made. */
    public Source source(Arn arn) {
        return new Source(ResourceType.EFS, SCOPE, arn, text(), texts(), texts());
    }

    /** A protected resource. */
    public ProtectedResource protectedResource(Arn arn) {
        return new ProtectedResource(
                arn,
                ResourceType.EFS,
                text(),
                at(random.nextInt(1_000)),
                Arn.ofVault(SCOPE, "Default"),
                Arn.ofRecoveryPoint(SCOPE, uuid().toString()),
                maybe(new ProtectedResource.LatestRestore(at(17), random.nextLong(10_000), at(3))));
    }

    /** An access key. */
    public AccessKey accessKey(String id) {
        return new AccessKey(
                id,
                SCOPE.account(),
                Arn.ofRole(SCOPE.account(), "user"),
                "c2VhbGVk" + uuid(),
                at(random.nextInt(1_000)),
                random.nextBoolean());
    }

    /** An event with details of every sort. */
    public Event event(Instant happenedAt) {
        return new Event(
                uuid(),
                random.nextBoolean() ? Event.AWS_BACKUP : Event.COFFER,
                "Backup Job State Change",
                SCOPE,
                happenedAt,
                List.of(fileSystem(1), ROLE),
                Map.of(
                        "state", text(),
                        "bytes", random.nextLong(),
                        "percent", random.nextDouble(),
                        "ok", random.nextBoolean(),
                        "items", List.of(text(), 3L, Map.of("deep", text())),
                        "tags", Map.of("a", text())));
    }

    /** Tags, often none. */
    public Tags tags() {
        var tags = new HashMap<String, String>();
        for (int i = random.nextInt(4); i > 0; i--) {
            tags.put("key " + i + "\u00e9", text());
        }
        return Tags.of(tags);
    }

    /** One of the texts that are easy to damage. */
    public String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private Map<String, String> texts() {
        var texts = new HashMap<String, String>();
        for (int i = random.nextInt(5); i > 0; i--) {
            texts.put(text() + i, text());
        }
        return texts;
    }

    /** A rule of a plan that made something. */
    public CreatedBy createdBy() {
        var plan = random.nextBoolean() ? PLAN : new PlanId(uuid().toString());
        return new CreatedBy(
                plan,
                Arn.ofPlan(SCOPE, plan.value()),
                text(),
                text(),
                new RuleId(uuid().toString()),
                text(),
                "cron(0 5 ? * * *)",
                "Etc/UTC");
    }

    private Lifecycle lifecycle() {
        var cold = random.nextInt(1, 1_000);
        return new Lifecycle(
                random.nextBoolean() ? OptionalLong.of(cold) : OptionalLong.empty(),
                random.nextBoolean() ? OptionalLong.of(cold + 90L) : OptionalLong.empty(),
                maybe(random.nextBoolean()));
    }

    private <T> Optional<T> maybe(T value) {
        return random.nextBoolean() ? Optional.of(value) : Optional.empty();
    }
}
