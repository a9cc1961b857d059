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
import dev.coffer.catalog.sql.Narrowest;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.CopyJobTable;
import dev.coffer.core.catalog.Days;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.job.CopyJob;
import dev.coffer.core.job.CopyState;
import dev.coffer.core.job.JobCount;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.MessageCategory;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultPlace;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;

/** Copy jobs in SQL. */
public final class SqlCopyJobs extends SqlJobs<CopyJob> implements CopyJobTable {
    private static final Field<String> DESTINATION_ACCOUNT = Stored.text("destination_account");
    private static final Field<String> DESTINATION_REGION = Stored.text("destination_region");
    private static final Field<String> DESTINATION_VAULT = Stored.text("destination_vault");
    private static final Field<String> COPY = Stored.text("copy");
    private static final Field<String> RESOURCE = Stored.text("resource");
    private static final Field<String> RESOURCE_NAME = Stored.text("resource_name");
    private static final Field<String> BACKUP_JOB = Stored.text("backup_job");
    private static final Field<String> MESSAGE_CATEGORY = Stored.text("message_category");
    private static final List<Field<?>> COLUMNS = List.of(
            Stored.ACCOUNT,
            Stored.REGION,
            ID,
            VAULT,
            RECOVERY_POINT,
            DESTINATION_ACCOUNT,
            DESTINATION_REGION,
            DESTINATION_VAULT,
            COPY,
            RESOURCE,
            RESOURCE_TYPE,
            RESOURCE_NAME,
            ROLE,
            Stored.COLD_AFTER_DAYS,
            Stored.DELETE_AFTER_DAYS,
            Stored.OPT_IN_TO_ARCHIVE,
            CreatedByText.CREATED_BY,
            BACKUP_JOB,
            CREATED_AT,
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

    public SqlCopyJobs(DSLContext sql) {
        super(sql, "copy", COLUMNS, MESSAGE_CATEGORY);
    }

    @Override
    Optional<MessageCategory> category(CopyJob job) {
        return Optional.of(MessageCategory.of(job.statusMessage()));
    }

    @Override
    public Page<CopyJob> list(Scope scope, Filter filter, PageRequest page) {
        return page(scope, passes(filter), page);
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
    public boolean resourceBusy(Scope scope, Arn resource, JobId except) {
        return sql.fetchExists(
                table,
                Stored.isIn(scope)
                        .and(RESOURCE.eq(resource.toString()))
                        .and(OPEN)
                        .and(HELD)
                        .and(ID.ne(except.value())));
    }

    @Override
    public int heldInto(AccountId account, Region destination, Instant now) {
        return sql.fetchCount(
                table,
                Stored.ACCOUNT
                        .eq(account.value())
                        .and(DESTINATION_REGION.eq(destination.value()))
                        .and(HELD)
                        .and(JobColumns.LEASE_UNTIL.gt(Stored.millis(now))));
    }

    @Override
    public boolean pointInUse(Scope scope, VaultName vault, Arn recoveryPoint) {
        return sql.fetchExists(
                table,
                Stored.isIn(scope)
                        .and(RECOVERY_POINT.eq(recoveryPoint.toString()))
                        .and(VAULT.eq(vault.value()))
                        .and(OPEN));
    }

    private static Condition passes(Filter filter) {
        var state = filter.state();
        var category = filter.messageCategory();
        // Most jobs succeed: only what is rare is looked up before a type is.
        return new Narrowest()
                .and(RECOVERY_POINT, filter.recoveryPoint().map(Arn::toString))
                .and(RESOURCE, filter.resource().map(Arn::toString))
                .and(
                        MESSAGE_CATEGORY,
                        category.filter(one -> one != MessageCategory.SUCCESS).map(Enum::name))
                .and(STATE, state.filter(one -> !one.equals(DONE)))
                .and(
                        DESTINATION_VAULT,
                        filter.destination().map(VaultPlace::name).map(VaultName::value))
                .and(RESOURCE_TYPE, filter.resourceType().map(ResourceType::wireName))
                .and(
                        MESSAGE_CATEGORY,
                        category.filter(one -> one == MessageCategory.SUCCESS).map(Enum::name))
                .and(STATE, state.filter(DONE::equals))
                .condition()
                .and(filter.destination()
                        .map(VaultPlace::scope)
                        .map(SqlCopyJobs::goesInto)
                        .orElseGet(DSL::noCondition))
                .and(Stored.isBetween(CREATED_AT, filter.createdAfter(), filter.createdBefore()))
                .and(Stored.isBetween(ENDED_AT, filter.completedAfter(), filter.completedBefore()));
    }

    private static Condition goesInto(Scope scope) {
        return DESTINATION_ACCOUNT
                .eq(scope.account().value())
                .and(DESTINATION_REGION.eq(scope.region().value()));
    }

    @Override
    Assignments row(CopyJob job) {
        var row = Stored.in(job.scope())
                .put(ID, job.id().value())
                .put(VAULT, job.vault().value())
                .put(RECOVERY_POINT, job.recoveryPoint().toString())
                .put(DESTINATION_ACCOUNT, job.destination().scope().account().value())
                .put(DESTINATION_REGION, job.destination().scope().region().value())
                .put(DESTINATION_VAULT, job.destination().name().value())
                .put(COPY, job.copy().toString())
                .put(RESOURCE, job.resource().toString())
                .put(RESOURCE_TYPE, job.resourceType().wireName())
                .put(RESOURCE_NAME, job.resourceName())
                .put(ROLE, job.role().toString())
                .put(CreatedByText.CREATED_BY, job.createdBy().map(CreatedByText::of))
                .put(BACKUP_JOB, job.backupJob().map(JobId::value))
                .put(CREATED_AT, Stored.millis(job.createdAt()))
                .put(ATTEMPTS, job.attempts())
                .put(MESSAGE_CATEGORY, MessageCategory.of(job.statusMessage()).name());
        Stored.put(row, job.lifecycle());
        JobColumns.put(row, job.progress());
        columns(job.state()).putInto(row);
        return row;
    }

    @Override
    CopyJob job(Record row) {
        return new CopyJob(
                new JobId(row.get(ID)),
                Stored.scope(row),
                new VaultName(row.get(VAULT)),
                Stored.arn(row, RECOVERY_POINT),
                new VaultPlace(
                        new Scope(new AccountId(row.get(DESTINATION_ACCOUNT)), new Region(row.get(DESTINATION_REGION))),
                        new VaultName(row.get(DESTINATION_VAULT))),
                Stored.arn(row, COPY),
                Stored.arn(row, RESOURCE),
                Stored.type(row, RESOURCE_TYPE),
                row.get(RESOURCE_NAME),
                Stored.arn(row, ROLE),
                Stored.lifecycle(row),
                CreatedByText.of(row),
                Optional.ofNullable(row.get(BACKUP_JOB)).map(JobId::new),
                Stored.instant(row, CREATED_AT),
                row.get(ATTEMPTS),
                JobColumns.progress(row),
                state(StateColumns.of(row)));
    }

    private static StateColumns columns(CopyState state) {
        return switch (state) {
            case CopyState.Created(var notBefore, var obstacle) -> StateColumns.waiting("CREATED", notBefore, obstacle);
            case CopyState.Running(var lease, var startedAt) ->
                StateColumns.held("RUNNING", lease, Optional.of(startedAt));
            case CopyState.Completed(var at) -> StateColumns.ended("COMPLETED", at, Optional.empty());
            case CopyState.Failed(var at, var message) -> StateColumns.ended("FAILED", at, Optional.of(message));
        };
    }

    private static CopyState state(StateColumns row) {
        return switch (row.name()) {
            case "CREATED" -> new CopyState.Created(row.mustHaveNotBefore(), row.message());
            case "RUNNING" -> new CopyState.Running(row.mustHaveLease(), row.mustHaveStarted());
            case "COMPLETED" -> new CopyState.Completed(row.mustHaveEnded());
            case "FAILED" -> new CopyState.Failed(row.mustHaveEnded(), row.mustHaveMessage());
            default -> throw new IllegalStateException("The catalog holds an unknown copy job state: " + row.name());
        };
    }
}
