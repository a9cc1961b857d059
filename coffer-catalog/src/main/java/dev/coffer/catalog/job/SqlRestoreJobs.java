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
import dev.coffer.catalog.sql.JsonText;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Days;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.RestoreJobTable;
import dev.coffer.core.job.JobCount;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.MessageCategory;
import dev.coffer.core.job.RestoreJob;
import dev.coffer.core.job.RestoreState;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** Restore jobs in SQL. Their metadata may be confidential: it is in its column and nowhere else. */
public final class SqlRestoreJobs extends SqlJobs<RestoreJob> implements RestoreJobTable {
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

    public SqlRestoreJobs(DSLContext sql) {
        super(sql, "restore", COLUMNS, NO_CATEGORY);
    }

    @Override
    Optional<MessageCategory> category(RestoreJob job) {
        return Optional.empty();
    }

    @Override
    public Page<RestoreJob> list(Scope scope, Filter filter, PageRequest page) {
        return page(scope, passes(filter), page);
    }

    @Override
    public List<JobCount> counts(Scope scope, Days over, Optional<String> state, Optional<ResourceType> type) {
        return counted(scope, over, state, type, Optional.empty());
    }

    @Override
    public boolean pointInUse(Scope scope, Arn recoveryPoint) {
        return sql.fetchExists(
                table,
                Stored.isIn(scope)
                        .and(RECOVERY_POINT.eq(recoveryPoint.toString()))
                        .and(OPEN));
    }

    @Override
    public List<RestoreJob> open(Scope scope, Arn sourceResource) {
        return jobs(
                Stored.isIn(scope)
                        .and(SOURCE_RESOURCE.eq(sourceResource.toString()))
                        .and(OPEN),
                CREATED_AT,
                Integer.MAX_VALUE);
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

    @Override
    Assignments row(RestoreJob job) {
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

    @Override
    RestoreJob job(Record row) {
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
