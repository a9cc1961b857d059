package dev.coffer.catalog.job;

import static dev.coffer.catalog.job.JobColumns.ATTEMPTS;
import static dev.coffer.catalog.job.JobColumns.CREATED_AT;
import static dev.coffer.catalog.job.JobColumns.ENDED_AT;
import static dev.coffer.catalog.job.JobColumns.HELD;
import static dev.coffer.catalog.job.JobColumns.ID;
import static dev.coffer.catalog.job.JobColumns.OPEN;
import static dev.coffer.catalog.job.JobColumns.RECOVERY_POINT;
import static dev.coffer.catalog.job.JobColumns.RESOURCE_TYPE;
import static dev.coffer.catalog.job.JobColumns.ROLE;
import static dev.coffer.catalog.job.JobColumns.STATE;
import static dev.coffer.catalog.job.JobColumns.VAULT;

import dev.coffer.catalog.job.JobColumns.StateColumns;
import dev.coffer.catalog.plan.CreatedByText;
import dev.coffer.catalog.sql.Assignments;
import dev.coffer.catalog.sql.Counter;
import dev.coffer.catalog.sql.JsonText;
import dev.coffer.catalog.sql.Narrowest;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.BackupJobTable;
import dev.coffer.core.catalog.Days;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.BackupState;
import dev.coffer.core.job.JobCount;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.MessageCategory;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.VaultName;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;

/** Backup jobs in SQL. */
public final class SqlBackupJobs extends SqlJobs<BackupJob> implements BackupJobTable {
    private static final Field<String> RESOURCE = Stored.text("resource");
    private static final Field<String> RESOURCE_NAME = Stored.text("resource_name");
    private static final Field<String> OPTIONS = Stored.text("options");
    private static final Field<String> POINT_TAGS = Stored.text("point_tags");
    private static final Field<Long> START_BY = Stored.number("start_by");
    private static final Field<Long> COMPLETE_BY = Stored.number("complete_by");
    private static final Field<Long> INITIATED_AT = Stored.number("initiated_at");
    private static final Field<String> MESSAGE_CATEGORY = Stored.text("message_category");
    private static final List<Field<?>> COLUMNS = List.of(
            Stored.ACCOUNT,
            Stored.REGION,
            ID,
            VAULT,
            RESOURCE,
            RESOURCE_TYPE,
            RESOURCE_NAME,
            ROLE,
            RECOVERY_POINT,
            Stored.COLD_AFTER_DAYS,
            Stored.DELETE_AFTER_DAYS,
            Stored.OPT_IN_TO_ARCHIVE,
            OPTIONS,
            POINT_TAGS,
            CreatedByText.CREATED_BY,
            CREATED_AT,
            START_BY,
            COMPLETE_BY,
            INITIATED_AT,
            ATTEMPTS,
            JobColumns.DONE_BYTES,
            JobColumns.TOTAL_BYTES,
            JobColumns.TRANSFERRED_BYTES,
            STATE,
            JobColumns.MESSAGE,
            JobColumns.NOT_BEFORE,
            JobColumns.LEASE_NODE,
            JobColumns.LEASE_START,
            JobColumns.LEASE_EPOCH,
            JobColumns.LEASE_UNTIL,
            JobColumns.STARTED_AT,
            ENDED_AT);
    private static final String DONE = "COMPLETED";

    public SqlBackupJobs(DSLContext sql) {
        super(sql, "backup", COLUMNS, MESSAGE_CATEGORY);
    }

    @Override
    Optional<MessageCategory> category(BackupJob job) {
        return Optional.of(MessageCategory.of(job.statusMessage()));
    }

    @Override
    public long nextEpoch() {
        return Counter.EPOCH.next(sql);
    }

    @Override
    public int forgetCountsBefore(LocalDate day) {
        return SqlJobDays.forgetBefore(sql, day);
    }

    @Override
    public Page<BackupJob> list(Scope scope, Filter filter, PageRequest page) {
        return page(scope, passes(filter, page), page);
    }

    @Override
    public List<JobCount> counts(
            Scope scope,
            Days over,
            Optional<String> state,
            Optional<ResourceType> type,
            Optional<MessageCategory> category) {
        return counted(scope, over, state, type, category);
    }

    @Override
    public List<BackupJob> startWindowOver(Instant now, int limit) {
        return jobs(OPEN.and(JobColumns.LEASE_EPOCH.isNull()).and(START_BY.le(Stored.millis(now))), START_BY, limit);
    }

    @Override
    public boolean resourceBusy(Scope scope, Arn resource, JobId except) {
        return sql.fetchExists(
                table,
                Stored.isIn(scope)
                        .and(RESOURCE.eq(resource.toString()))
                        .and(OPEN)
                        .and(HELD)
                        .and(ID.ne(except.value())));
    }

    private static Condition passes(Filter filter, PageRequest page) {
        var state = filter.state();
        var category = filter.messageCategory();
        // Most jobs succeed: only what is rare is looked up before a vault or a type is.
        return new Narrowest()
                .and(RESOURCE, filter.resource().map(Arn::toString))
                .and(
                        MESSAGE_CATEGORY,
                        category.filter(one -> one != MessageCategory.SUCCESS).map(Enum::name))
                .and(STATE, state.filter(one -> !one.equals(DONE)))
                .and(
                        VAULT,
                        filter.vault().map(VaultName::value),
                        RESOURCE_TYPE,
                        filter.resourceType().map(ResourceType::wireName))
                .and(
                        MESSAGE_CATEGORY,
                        category.filter(one -> one == MessageCategory.SUCCESS).map(Enum::name))
                .and(STATE, state.filter(DONE::equals))
                .condition()
                .and(
                        filter.vault().isPresent() && filter.resourceType().isPresent()
                                ? Narrowest.isAfter(CREATED_AT, filter.createdAfter(), page)
                                : Stored.isBetween(CREATED_AT, filter.createdAfter(), Optional.empty()))
                .and(Stored.isBetween(CREATED_AT, Optional.empty(), filter.createdBefore()))
                .and(Stored.isBetween(ENDED_AT, filter.completedAfter(), filter.completedBefore()));
    }

    @Override
    Assignments row(BackupJob job) {
        var row = Stored.in(job.scope())
                .put(ID, job.id().value())
                .put(VAULT, job.vault().value())
                .put(RESOURCE, job.resource().toString())
                .put(RESOURCE_TYPE, job.resourceType().wireName())
                .put(RESOURCE_NAME, job.resourceName())
                .put(ROLE, job.role().toString())
                .put(RECOVERY_POINT, job.recoveryPoint().toString())
                .put(OPTIONS, JsonText.of(job.options()))
                .put(POINT_TAGS, JsonText.of(job.pointTags().valueByKey()))
                .put(CreatedByText.CREATED_BY, job.createdBy().map(CreatedByText::of))
                .put(CREATED_AT, Stored.millis(job.createdAt()))
                .put(START_BY, Stored.millis(job.startBy()))
                .put(COMPLETE_BY, Stored.millis(job.completeBy()))
                .put(INITIATED_AT, job.initiatedAt().map(Stored::millis))
                .put(ATTEMPTS, job.attempts())
                .put(MESSAGE_CATEGORY, MessageCategory.of(job.statusMessage()).name());
        Stored.put(row, job.lifecycle());
        JobColumns.put(row, job.progress());
        columns(job.state()).putInto(row);
        return row;
    }

    @Override
    BackupJob job(Record row) {
        return new BackupJob(
                new JobId(row.get(ID)),
                Stored.scope(row),
                new VaultName(row.get(VAULT)),
                Stored.arn(row, RESOURCE),
                Stored.type(row, RESOURCE_TYPE),
                row.get(RESOURCE_NAME),
                Stored.arn(row, ROLE),
                Stored.arn(row, RECOVERY_POINT),
                Stored.lifecycle(row),
                JsonText.texts(row.get(OPTIONS)),
                Tags.of(JsonText.texts(row.get(POINT_TAGS))),
                CreatedByText.of(row),
                Stored.instant(row, CREATED_AT),
                Stored.instant(row, START_BY),
                Stored.instant(row, COMPLETE_BY),
                Stored.maybeInstant(row, INITIATED_AT),
                row.get(ATTEMPTS),
                JobColumns.progress(row),
                state(StateColumns.of(row)));
    }

    private static StateColumns columns(BackupState state) {
        return switch (state) {
            case BackupState.Created(var notBefore, var obstacle) ->
                StateColumns.waiting("CREATED", notBefore, obstacle);
            case BackupState.Pending(var lease) -> StateColumns.held("PENDING", lease, Optional.empty());
            case BackupState.Running(var lease, var startedAt) ->
                StateColumns.held("RUNNING", lease, Optional.of(startedAt));
            case BackupState.Aborting(var lease, var startedAt) ->
                StateColumns.held("ABORTING", lease, Optional.of(startedAt));
            case BackupState.Completed(var at, var message) -> StateColumns.ended("COMPLETED", at, message);
            case BackupState.Failed(var at, var message) -> StateColumns.ended("FAILED", at, Optional.of(message));
            case BackupState.Aborted(var at, var message) -> StateColumns.ended("ABORTED", at, Optional.of(message));
            case BackupState.Expired(var at, var message) -> StateColumns.ended("EXPIRED", at, Optional.of(message));
        };
    }

    private static BackupState state(StateColumns row) {
        return switch (row.name()) {
            case "CREATED" -> new BackupState.Created(row.mustHaveNotBefore(), row.message());
            case "PENDING" -> new BackupState.Pending(row.mustHaveLease());
            case "RUNNING" -> new BackupState.Running(row.mustHaveLease(), row.mustHaveStarted());
            case "ABORTING" -> new BackupState.Aborting(row.mustHaveLease(), row.mustHaveStarted());
            case "COMPLETED" -> new BackupState.Completed(row.mustHaveEnded(), row.message());
            case "FAILED" -> new BackupState.Failed(row.mustHaveEnded(), row.mustHaveMessage());
            case "ABORTED" -> new BackupState.Aborted(row.mustHaveEnded(), row.mustHaveMessage());
            case "EXPIRED" -> new BackupState.Expired(row.mustHaveEnded(), row.mustHaveMessage());
            default -> throw new IllegalStateException("The catalog holds an unknown backup job state: " + row.name());
        };
    }
}
