package dev.coffer.catalog.job;

import static dev.coffer.catalog.job.JobColumns.ATTEMPTS;
import static dev.coffer.catalog.job.JobColumns.CREATED_AT;
import static dev.coffer.catalog.job.JobColumns.ENDED_AT;
import static dev.coffer.catalog.job.JobColumns.ID;
import static dev.coffer.catalog.job.JobColumns.OPEN;
import static dev.coffer.catalog.job.JobColumns.RECOVERY_POINT;
import static dev.coffer.catalog.job.JobColumns.RESOURCE_TYPE;
import static dev.coffer.catalog.job.JobColumns.ROLE;
import static dev.coffer.catalog.job.JobColumns.STATE;
import static dev.coffer.catalog.job.JobColumns.VAULT;

import dev.coffer.catalog.job.JobColumns.StateColumns;
import dev.coffer.catalog.sql.Assignments;
import dev.coffer.catalog.sql.Cursor;
import dev.coffer.catalog.sql.JsonText;
import dev.coffer.catalog.sql.Narrowest;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Days;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.RestoreJobTable;
import dev.coffer.core.job.JobCount;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.Progress;
import dev.coffer.core.job.RestoreJob;
import dev.coffer.core.job.RestoreState;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** Restore jobs in SQL. Their metadata may be confidential: it is in its column and nowhere else. */
public final class SqlRestoreJobs implements RestoreJobTable {
    private static final Table<Record> RESTORE_JOB = DSL.table(DSL.name("restore_job"));
    private static final Field<Long> RECOVERY_POINT_CREATED_AT = Stored.number("recovery_point_created_at");
    private static final Field<String> SOURCE_RESOURCE = Stored.text("source_resource");
    private static final Field<String> METADATA = Stored.text("metadata");
    private static final Field<Integer> COPY_SOURCE_TAGS = Stored.integer("copy_source_tags");
    private static final Field<String> CREATED_RESOURCE = Stored.text("created_resource");
    private static final List<Field<?>> COLUMNS = List.of(
            Stored.ACCOUNT,
            Stored.REGION,
            ID,
            VAULT,
            RECOVERY_POINT,
            RECOVERY_POINT_CREATED_AT,
            SOURCE_RESOURCE,
            RESOURCE_TYPE,
            ROLE,
            METADATA,
            COPY_SOURCE_TAGS,
            CREATED_AT,
            ATTEMPTS,
            JobColumns.DONE_BYTES,
            JobColumns.TOTAL_BYTES,
            JobColumns.TRANSFERRED_BYTES,
            STATE,
            JobColumns.MESSAGE,
            CREATED_RESOURCE,
            JobColumns.NOT_BEFORE,
            JobColumns.LEASE_NODE,
            JobColumns.LEASE_START,
            JobColumns.LEASE_EPOCH,
            JobColumns.LEASE_UNTIL,
            JobColumns.STARTED_AT,
            ENDED_AT);
    private static final Field<String> NO_CATEGORY = DSL.castNull(SQLDataType.CLOB);
    private static final String LIST = "restore-jobs";

    private final DSLContext sql;
    private final SqlJobDays days;

    public SqlRestoreJobs(DSLContext sql) {
        this.sql = sql;
        this.days = new SqlJobDays(sql, "RESTORE");
    }

    @Override
    public void insert(RestoreJob job) {
        sql.insertInto(RESTORE_JOB).set(row(job).asMap()).execute();
        if (job.state() instanceof RestoreState.Ended) {
            days.add(job.scope(), likeness(job), 1);
        }
    }

    @Override
    public void update(RestoreJob job) {
        if (job.state() instanceof RestoreState.Ended) {
            sql.select(COLUMNS)
                    .from(RESTORE_JOB)
                    .where(ID.eq(job.id().value()))
                    .and(ENDED_AT.isNotNull())
                    .fetchOptional(SqlRestoreJobs::job)
                    .ifPresent(before -> days.add(before.scope(), likeness(before), -1));
            days.add(job.scope(), likeness(job), 1);
        }
        JobColumns.update(sql, RESTORE_JOB, job.id(), row(job));
    }

    private static SqlJobDays.Likeness likeness(RestoreJob job) {
        return new SqlJobDays.Likeness(job.createdAt(), job.state().wireName(), job.resourceType(), Optional.empty());
    }

    @Override
    public boolean leaseHolds(JobId id, Lease lease) {
        return JobColumns.leaseHolds(sql, RESTORE_JOB, id, lease);
    }

    @Override
    public boolean renew(JobId id, Lease lease, Progress progress) {
        return JobColumns.renew(sql, RESTORE_JOB, id, lease, progress);
    }

    @Override
    public int deleteEndedBefore(Instant moment, int limit) {
        return JobColumns.deleteEndedBefore(sql, RESTORE_JOB, moment, limit);
    }

    @Override
    public Optional<RestoreJob> find(Scope scope, JobId id) {
        return sql.select(COLUMNS)
                .from(RESTORE_JOB)
                .where(ID.eq(id.value()))
                .and(Stored.isIn(scope))
                .fetchOptional(SqlRestoreJobs::job);
    }

    @Override
    public Page<RestoreJob> list(Scope scope, Filter filter, PageRequest page) {
        var rows = sql.select(COLUMNS)
                .from(RESTORE_JOB)
                .where(Stored.isIn(scope))
                .and(passes(filter))
                .and(Cursor.of(LIST, 2, page).map(JobColumns::isBehind).orElseGet(DSL::noCondition))
                .orderBy(CREATED_AT.desc(), ID.desc())
                .limit(Cursor.rowsFor(page))
                .fetch(SqlRestoreJobs::job);
        return Cursor.page(LIST, page, rows, job -> JobColumns.key(job.createdAt(), job.id()));
    }

    @Override
    public List<JobCount> counts(Scope scope, Days over, Optional<String> state, Optional<ResourceType> type) {
        var condition = Stored.isIn(scope)
                .and(state.map(name -> Narrowest.leavingOut(STATE, name)).orElseGet(DSL::noCondition))
                .and(type.map(wanted -> Narrowest.leavingOut(RESOURCE_TYPE, wanted.wireName()))
                        .orElseGet(DSL::noCondition));
        return Stream.concat(
                        days.of(scope, over, state, type, Optional.empty()).stream(),
                        JobColumns.openCounts(sql, RESTORE_JOB, NO_CATEGORY, over, condition).stream())
                .toList();
    }

    @Override
    public List<RestoreJob> claimable(Instant now, String node, String start, int limit) {
        return sql.select(COLUMNS)
                .from(RESTORE_JOB)
                .where(JobColumns.claimable(now, node, start))
                .orderBy(CREATED_AT, ID)
                .limit(limit)
                .fetch(SqlRestoreJobs::job);
    }

    @Override
    public int held(ResourceType type, Instant now) {
        return JobColumns.held(sql, RESTORE_JOB, type, now);
    }

    @Override
    public boolean pointInUse(Scope scope, Arn recoveryPoint) {
        return sql.fetchExists(
                RESTORE_JOB,
                Stored.isIn(scope)
                        .and(RECOVERY_POINT.eq(recoveryPoint.toString()))
                        .and(OPEN));
    }

    @Override
    public List<RestoreJob> open(Scope scope, Arn sourceResource) {
        return sql.select(COLUMNS)
                .from(RESTORE_JOB)
                .where(Stored.isIn(scope))
                .and(SOURCE_RESOURCE.eq(sourceResource.toString()))
                .and(OPEN)
                .orderBy(CREATED_AT, ID)
                .fetch(SqlRestoreJobs::job);
    }

    @Override
    public Map<String, Long> openByState() {
        return JobColumns.openByState(sql, RESTORE_JOB);
    }

    private static Condition passes(Filter filter) {
        return DSL.and(
                filter.status().map(STATE::eq).orElseGet(DSL::noCondition),
                filter.resourceType()
                        .map(type -> RESOURCE_TYPE.eq(type.wireName()))
                        .orElseGet(DSL::noCondition),
                filter.sourceResource()
                        .map(arn -> SOURCE_RESOURCE.eq(arn.toString()))
                        .orElseGet(DSL::noCondition),
                Stored.isBetween(CREATED_AT, filter.createdAfter(), filter.createdBefore()),
                Stored.isBetween(ENDED_AT, filter.completedAfter(), filter.completedBefore()),
                Stored.isBetween(RECOVERY_POINT_CREATED_AT, filter.pointCreatedAfter(), filter.pointCreatedBefore()));
    }

    private static Assignments row(RestoreJob job) {
        var row = Stored.in(job.scope())
                .put(ID, job.id().value())
                .put(VAULT, job.vault().value())
                .put(RECOVERY_POINT, job.recoveryPoint().toString())
                .put(RECOVERY_POINT_CREATED_AT, Stored.millis(job.recoveryPointCreatedAt()))
                .put(SOURCE_RESOURCE, job.sourceResource().toString())
                .put(RESOURCE_TYPE, job.resourceType().wireName())
                .put(ROLE, job.role().toString())
                .put(METADATA, JsonText.of(job.metadata()))
                .put(COPY_SOURCE_TAGS, Stored.yesNo(job.copySourceTags()))
                .put(CREATED_AT, Stored.millis(job.createdAt()))
                .put(ATTEMPTS, job.attempts())
                .put(CREATED_RESOURCE, created(job.state()).map(Arn::toString));
        JobColumns.put(row, job.progress());
        columns(job.state()).putInto(row);
        return row;
    }

    private static RestoreJob job(Record row) {
        return new RestoreJob(
                new JobId(row.get(ID)),
                Stored.scope(row),
                new VaultName(row.get(VAULT)),
                Stored.arn(row, RECOVERY_POINT),
                Stored.instant(row, RECOVERY_POINT_CREATED_AT),
                Stored.arn(row, SOURCE_RESOURCE),
                Stored.type(row, RESOURCE_TYPE),
                Stored.arn(row, ROLE),
                JsonText.texts(row.get(METADATA)),
                row.get(COPY_SOURCE_TAGS) != 0,
                Stored.instant(row, CREATED_AT),
                row.get(ATTEMPTS),
                JobColumns.progress(row),
                state(StateColumns.of(row), Optional.ofNullable(row.get(CREATED_RESOURCE))));
    }

    private static StateColumns columns(RestoreState state) {
        return switch (state) {
            case RestoreState.Pending(var notBefore) -> StateColumns.waiting("PENDING", notBefore, Optional.empty());
            case RestoreState.Running(var lease, var startedAt) ->
                StateColumns.held("RUNNING", lease, Optional.of(startedAt));
            case RestoreState.Completed(var at, var _, var message) -> StateColumns.ended("COMPLETED", at, message);
            case RestoreState.Failed(var at, var message) -> StateColumns.ended("FAILED", at, Optional.of(message));
        };
    }

    private static Optional<Arn> created(RestoreState state) {
        return state instanceof RestoreState.Completed completed ? Optional.of(completed.created()) : Optional.empty();
    }

    private static RestoreState state(StateColumns row, Optional<String> created) {
        return switch (row.name()) {
            case "PENDING" -> new RestoreState.Pending(row.mustHaveNotBefore());
            case "RUNNING" -> new RestoreState.Running(row.mustHaveLease(), row.mustHaveStarted());
            case "COMPLETED" ->
                new RestoreState.Completed(
                        row.mustHaveEnded(),
                        created.map(Stored::arn)
                                .orElseThrow(() -> new IllegalStateException(
                                        "The catalog holds a completed restore job without its new resource.")),
                        row.message());
            case "FAILED" -> new RestoreState.Failed(row.mustHaveEnded(), row.mustHaveMessage());
            default -> throw new IllegalStateException("The catalog holds an unknown restore job state: " + row.name());
        };
    }
}
