package dev.coffer.engine.event;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.event.Event;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.BackupState;
import dev.coffer.core.job.CopyJob;
import dev.coffer.core.job.IndexJob;
import dev.coffer.core.job.RestoreJob;
import dev.coffer.core.job.RestoreState;
import dev.coffer.core.plan.CreatedBy;
import dev.coffer.core.plan.PlanVersion;
import dev.coffer.core.plan.PlannedRun;
import dev.coffer.core.plan.RunState;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Builds events with the member names and value types of the events that AWS Backup sends to EventBridge (AWS Backup developer guide): sizes of backup and restore jobs are strings, percentages are
 * numbers, dates have milliseconds, absent values are left out.
 */
public final class Events {
    static final String BACKUP_JOB = "Backup Job State Change";
    static final String COPY_JOB = "Copy Job State Change";
    static final String RESTORE_JOB = "Restore Job State Change";
    static final String INDEX = "Recovery Point Index State Change";
    static final String RECOVERY_POINT = "Recovery Point State Change";
    /** AWS names it and does not document its body, so it goes to no rule: only a vault's topic hears of it. */
    static final String RECOVERY_POINT_CHANGE = "Recovery Point Change";

    private static final String VAULT = "Backup Vault State Change";
    private static final String PLAN = "Backup Plan State Change";
    private static final String PLAN_RUN_MISSED = "Backup Plan Run Missed";
    private static final String REGION_SETTING = "Region Setting State Change";

    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** The form that AWS uses in this one place. */
    private static final DateTimeFormatter ODD =
            DateTimeFormatter.ofPattern("MMM d, uuuu h:mm:ss a", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private final Supplier<UUID> ids;

    /** Events whose ids come from the source. */
    public Events(Supplier<UUID> ids) {
        this.ids = ids;
    }

    /** What is told about a backup job in its state; empty for {@code ABORTING}, of which AWS tells nothing. */
    public Optional<Event> backupJob(BackupJob job, Instant at) {
        var detail = new LinkedHashMap<String, Object>();
        detail.put("backupJobId", job.id().value());
        detail.put("state", job.state().wireName());
        detail.put("creationDate", date(job.createdAt()));
        if (job.state() instanceof BackupState.Created) {
            return Optional.of(event(BACKUP_JOB, job.scope(), at, List.of(), detail));
        }
        detail.put("backupVaultArn", vaultArn(job.scope(), job.vault().value()));
        detail.put("backupVaultName", job.vault().value());
        detail.put("bytesTransferred", Long.toString(job.progress().transferredBytes()));
        detail.put("iamRoleArn", job.role().toString());
        detail.put("resourceArn", job.resource().toString());
        detail.put("resourceType", job.resourceType().wireName());
        detail.put("startBy", date(job.startBy()));
        detail.put("percentDone", number(job.progress().percent()));
        job.createdBy().ifPresent(creator -> detail.put("createdBy", creator(creator)));
        List<Arn> resources = List.of();
        switch (job.state()) {
            case BackupState.Created _ -> {}
            case BackupState.Pending _ -> detail.put("statusMessage", "");
            case BackupState.Running(var _, var startedAt) -> {
                detail.put("backupSizeInBytes", size(job));
                expectedEnd(job, startedAt, at).ifPresent(end -> detail.put("expectedCompletionDate", ODD.format(end)));
            }
            case BackupState.Aborting _ -> {
                return Optional.empty();
            }
            case BackupState.Completed(var completedAt, var message) -> {
                resources = List.of(job.recoveryPoint());
                detail.put("backupSizeInBytes", size(job));
                detail.put("percentDone", 100L);
                detail.put("completionDate", date(completedAt));
                detail.put("retryCount", retries(job));
                message.ifPresent(text -> detail.put("statusMessage", text));
            }
            case BackupState.Failed(var _, var message) -> {
                detail.put("statusMessage", "\"" + message + "\"");
                detail.put("retryCount", retries(job));
            }
            case BackupState.Aborted(var endedAt, var message) -> ended(detail, endedAt, message);
            case BackupState.Expired(var endedAt, var message) -> ended(detail, endedAt, message);
        }
        return Optional.of(event(BACKUP_JOB, job.scope(), at, resources, detail));
    }

    static Map<String, Object> creator(CreatedBy creator) {
        return Map.of(
                "backupPlanId", creator.plan().value(),
                "backupPlanArn", creator.planArn().toString(),
                "backupPlanVersion", creator.planVersion(),
                "backupPlanRuleId", creator.rule().value());
    }

    /** When a job that goes on as it went so far will be done; empty before it has done anything. */
    private static Optional<Instant> expectedEnd(BackupJob job, Instant startedAt, Instant at) {
        long done = job.progress().doneBytes();
        long total = job.progress().totalBytes();
        if (done <= 0 || total < done || !at.isAfter(startedAt)) {
            return Optional.empty();
        }
        double took = Duration.between(startedAt, at).toMillis();
        return Optional.of(startedAt.plusMillis(Math.round(took * total / done)));
    }

    private static void ended(Map<String, Object> detail, Instant endedAt, String message) {
        detail.put("statusMessage", message);
        detail.put("completionDate", date(endedAt));
    }

    private static String size(BackupJob job) {
        return Long.toString(job.progress().totalBytes());
    }

    private static long retries(BackupJob job) {
        return Math.max(0, job.attempts() - 1L);
    }

    /** What is told about a copy job in its state. */
    public Event copyJob(CopyJob job, Instant at) {
        return event(COPY_JOB, job.scope(), at, List.of(job.recoveryPoint()), CopyJobDetail.of(job));
    }

    /** What is told about an index that is ACTIVE or FAILED. */
    public Event index(IndexJob index, Instant at) {
        return event(INDEX, index.scope(), at, List.of(index.recoveryPoint()), IndexDetail.of(index));
    }

    /** An index is gone. */
    public Event indexDeleted(IndexJob index, Instant at) {
        return event(INDEX, index.scope(), at, List.of(index.recoveryPoint()), IndexDetail.ofDeleted(index, at));
    }

    /** The first event of a restore job, which AWS sends before the job's first state. */
    public Event restoreJobCreated(RestoreJob job, Instant at) {
        var detail = new LinkedHashMap<String, Object>();
        detail.put("restoreJobId", job.id().value());
        detail.put("state", "CREATED");
        detail.put("creationDate", date(job.createdAt()));
        return event(RESTORE_JOB, job.scope(), at, List.of(job.recoveryPoint()), detail);
    }

    /** What is told about a restore job in its state. */
    public Event restoreJob(RestoreJob job, Instant at) {
        var detail = new LinkedHashMap<String, Object>();
        detail.put("restoreJobId", job.id().value());
        detail.put("backupVaultArn", vaultArn(job.scope(), job.vault().value()));
        detail.put("recoveryPointArn", job.recoveryPoint().toString());
        detail.put("sourceResourceArn", job.sourceResource().toString());
        detail.put("backupSizeInBytes", Long.toString(job.progress().totalBytes()));
        detail.put("creationDate", date(job.createdAt()));
        detail.put("iamRoleArn", job.role().toString());
        detail.put("percentDone", 0L);
        detail.put("resourceType", job.resourceType().wireName());
        detail.put("status", job.state().wireName());
        switch (job.state()) {
            case RestoreState.Pending _ -> {}
            case RestoreState.Running _ -> {}
            case RestoreState.Completed(var completedAt, var created, var message) -> {
                detail.put("createdResourceArn", created.toString());
                detail.put("completionDate", date(completedAt));
                message.ifPresent(text -> detail.put("statusMessage", text));
            }
            case RestoreState.Failed(var failedAt, var message) -> {
                detail.put("statusMessage", message);
                detail.put("completionDate", date(failedAt));
            }
        }
        return event(RESTORE_JOB, job.scope(), at, List.of(job.recoveryPoint()), detail);
    }

    /** Whether rules see the event. */
    static boolean isPublic(Event event) {
        return !event.detailType().equals(RECOVERY_POINT_CHANGE);
    }

    /** What is told about a recovery point whose lifecycle was changed. */
    public Event recoveryPointChange(RecoveryPoint point, Instant at) {
        return point(RECOVERY_POINT_CHANGE, point, at);
    }

    /** What is told about a recovery point in its status. */
    public Event recoveryPoint(RecoveryPoint point, Instant at) {
        return point(RECOVERY_POINT, point, at);
    }

    private Event point(String type, RecoveryPoint point, Instant at) {
        var detail = new LinkedHashMap<String, Object>();
        detail.put("backupVaultName", point.vault().value());
        detail.put("backupVaultArn", vaultArn(point.scope(), point.vault().value()));
        detail.put("creationDate", date(point.createdAt()));
        detail.put("iamRoleArn", point.role().toString());
        detail.put("resourceType", point.resourceType().wireName());
        detail.put("resourceArn", point.resource().toString());
        detail.put("status", point.status().name());
        detail.put("isEncrypted", "true");
        detail.put("storageClass", point.storage().name());
        point.createdBy().ifPresent(creator -> detail.put("createdBy", creator(creator)));
        point.completedAt().ifPresent(completedAt -> detail.put("completionDate", date(completedAt)));
        if (!point.lifecycle().isForever()) {
            var days = new TreeMap<String, Object>();
            var dates = new TreeMap<String, Object>();
            point.lifecycle().deleteAfterDays().ifPresent(value -> days.put("deleteAfterDays", value));
            point.lifecycle().coldAfterDays().ifPresent(value -> days.put("moveToColdStorageAfterDays", value));
            point.lifecycle().deleteAt(point.createdAt()).ifPresent(value -> dates.put("deleteAt", date(value)));
            point.lifecycle()
                    .coldAt(point.createdAt())
                    .ifPresent(value -> dates.put("moveToColdStorageAt", date(value)));
            detail.put("lifecycle", days);
            detail.put("calculatedLifeCycle", dates);
        }
        return event(type, point.scope(), at, List.of(point.arn()), detail);
    }

    /** A vault was made. */
    public Event vaultCreated(Vault vault, Instant at) {
        return vault(vault, "CREATED", at);
    }

    /** A vault is gone. */
    public Event vaultDeleted(Vault vault, Instant at) {
        return vault(vault, "DELETED", at);
    }

    /** The lock of a vault was put or taken off. */
    public Event vaultLocked(Vault vault, boolean locked, Instant at) {
        return event(
                VAULT,
                vault.scope(),
                at,
                List.of(vault.arn()),
                Map.of(
                        "backupVaultName",
                        vault.name().value(),
                        "state",
                        "MODIFIED",
                        "isLocked",
                        Boolean.toString(locked)));
    }

    private Event vault(Vault vault, String state, Instant at) {
        return event(
                VAULT,
                vault.scope(),
                at,
                List.of(vault.arn()),
                Map.of("backupVaultName", vault.name().value(), "state", state));
    }

    /** A plan was made. */
    public Event planCreated(PlanVersion plan, Instant at) {
        return plan(plan, "CREATED", "creationDate", at);
    }

    /** A plan has a new version. */
    public Event planModified(PlanVersion plan, Instant at) {
        return plan(plan, "MODIFIED", "modifiedAt", at);
    }

    /** A plan is gone. */
    public Event planDeleted(PlanVersion plan, Instant at) {
        return plan(plan, "DELETED", "deletionDate", at);
    }

    private Event plan(PlanVersion plan, String state, String dateMember, Instant at) {
        return event(
                PLAN,
                plan.scope(),
                at,
                List.of(plan.arn()),
                Map.of(
                        "backupPlanId",
                        plan.id().value(),
                        "versionId",
                        plan.versionId(),
                        dateMember,
                        date(at),
                        "state",
                        state));
    }

    /** A run of a plan was missed. AWS tells nobody, so this is Coffer's own event. */
    public Event planRunMissed(PlannedRun planned, RunState.Missed missed) {
        return new Event(
                ids.get(),
                Event.COFFER,
                PLAN_RUN_MISSED,
                planned.run().scope(),
                missed.at(),
                List.of(planned.plan().arn()),
                MissedRunDetail.of(planned, missed));
    }

    /** Opt-in settings changed; tells the keys of the change. */
    public Event regionSettings(Scope scope, Map<ResourceType, Boolean> optIn, Instant at) {
        var changed = new TreeMap<String, Object>();
        optIn.forEach((type, value) -> changed.put(type.wireName(), value));
        return event(
                REGION_SETTING,
                scope,
                at,
                List.of(),
                Map.of("modifiedAt", date(at), "ResourceTypeOptInPreference", changed, "state", "MODIFIED"));
    }

    private Event event(String type, Scope scope, Instant at, List<Arn> resources, Map<String, Object> detail) {
        return new Event(ids.get(), type, scope, at, resources, detail);
    }

    static String vaultArn(Scope scope, String name) {
        return Arn.ofVault(scope, name).toString();
    }

    static String date(Instant instant) {
        return MILLIS.format(instant);
    }

    /** A whole number as one, so that it is written without a decimal point. */
    private static Object number(double value) {
        if (value == Math.rint(value)) {
            return Math.round(value);
        }
        return value;
    }
}
