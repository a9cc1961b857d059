package dev.coffer.catalog.job;

import static dev.coffer.catalog.job.JobColumns.ATTEMPTS;
import static dev.coffer.catalog.job.JobColumns.CREATED_AT;
import static dev.coffer.catalog.job.JobColumns.ENDED_AT;
import static dev.coffer.catalog.job.JobColumns.HELD;
import static dev.coffer.catalog.job.JobColumns.ID;
import static dev.coffer.catalog.job.JobColumns.LEASE_UNTIL;
import static dev.coffer.catalog.job.JobColumns.OPEN;
import static dev.coffer.catalog.job.JobColumns.RECOVERY_POINT;
import static dev.coffer.catalog.job.JobColumns.RESOURCE_TYPE;
import static dev.coffer.catalog.job.JobColumns.ROLE;
import static dev.coffer.catalog.job.JobColumns.STATE;
import static dev.coffer.catalog.job.JobColumns.VAULT;

import dev.coffer.catalog.job.JobColumns.StateColumns;
import dev.coffer.catalog.sql.Assignments;
import dev.coffer.catalog.sql.Cursor;
import dev.coffer.catalog.sql.Narrowest;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.IndexJobTable;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.job.IndexJob;
import dev.coffer.core.job.IndexState;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.MessageCategory;
import dev.coffer.core.job.Progress;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** Indexes of recovery points in SQL. The column of the state has the wire name; what else there is tells a walk that waits or runs from one that has ended. */
public final class SqlIndexJobs extends SqlJobs<IndexJob> implements IndexJobTable {
    private static final Table<Record> WANTED = DSL.table(DSL.name("index_wanted"));
    private static final Field<String> JOB = Stored.text("job");
    private static final Field<String> RESOURCE = Stored.text("resource");
    private static final Field<Long> POINT_CREATED_AT = Stored.number("point_created_at");
    private static final Field<Integer> CONTINUOUS = Stored.integer("continuous");
    private static final Field<Long> WALKED_AT = Stored.number("walked_at");
    private static final Field<Long> WALKED_ITEMS = Stored.number("walked_items");
    private static final Field<String> WALKED_SESSION = Stored.text("walked_session");
    private static final Field<String> NO_CATEGORY = DSL.castNull(SQLDataType.CLOB);
    private static final List<Field<?>> COLUMNS = List.of(
            Stored.ACCOUNT,
            Stored.REGION,
            ID,
            VAULT,
            RECOVERY_POINT,
            RESOURCE,
            RESOURCE_TYPE,
            ROLE,
            POINT_CREATED_AT,
            CONTINUOUS,
            CREATED_AT,
            ATTEMPTS,
            WALKED_AT,
            WALKED_ITEMS,
            WALKED_SESSION,
            STATE,
            JobColumns.MESSAGE,
            JobColumns.NOT_BEFORE,
            JobColumns.LEASE_NODE,
            JobColumns.LEASE_START,
            JobColumns.LEASE_EPOCH,
            LEASE_UNTIL,
            JobColumns.STARTED_AT,
            ENDED_AT);
    private static final String LIST = "indexes";

    public SqlIndexJobs(DSLContext sql) {
        super(sql, "index", COLUMNS, NO_CATEGORY);
    }

    @Override
    Optional<MessageCategory> category(IndexJob job) {
        return Optional.empty();
    }

    /** Not at all: AWS's summaries know no indexes. */
    @Override
    void count(IndexJob job, long by) {}

    @Override
    public Optional<IndexJob> find(Scope scope, VaultName vault, Arn recoveryPoint) {
        return sql.select(COLUMNS)
                .from(table)
                .where(Stored.isIn(scope))
                .and(VAULT.eq(vault.value()))
                .and(RECOVERY_POINT.eq(recoveryPoint.toString()))
                .fetchOptional(this::job);
    }

    @Override
    public Map<Arn, IndexJob> ofPoints(List<RecoveryPoint> points) {
        record Place(Scope scope, VaultName vault) {}
        var indexByPoint = new HashMap<Arn, IndexJob>();
        points.stream()
                .collect(Collectors.groupingBy(point -> new Place(point.scope(), point.vault())))
                .forEach((place, there) -> sql.select(COLUMNS)
                        .from(table)
                        .where(Stored.isIn(place.scope()))
                        .and(VAULT.eq(place.vault().value()))
                        .and(RECOVERY_POINT.in(there.stream()
                                .map(point -> point.arn().toString())
                                .toList()))
                        .forEach(row -> {
                            var index = job(row);
                            indexByPoint.put(index.recoveryPoint(), index);
                        }));
        return indexByPoint;
    }

    @Override
    public Page<IndexJob> list(Scope scope, Filter filter, PageRequest page) {
        var rows = sql.select(COLUMNS)
                .from(table)
                .where(Stored.isIn(scope))
                .and(passes(filter))
                .and(Cursor.of(LIST, 3, page).map(SqlIndexJobs::isBehind).orElseGet(DSL::noCondition))
                .orderBy(POINT_CREATED_AT.desc(), RECOVERY_POINT.desc(), VAULT.desc())
                .limit(Cursor.rowsFor(page))
                .fetch(this::job);
        return Cursor.page(
                LIST,
                page,
                rows,
                job -> List.of(
                        Long.toString(Stored.millis(job.pointCreatedAt())),
                        job.recoveryPoint().toString(),
                        job.vault().value()));
    }

    private static Condition isBehind(Cursor cursor) {
        return DSL.condition(
                "({0}, {1}, {2}) < ({3}, {4}, {5})",
                POINT_CREATED_AT,
                RECOVERY_POINT,
                VAULT,
                DSL.val(cursor.millis()),
                DSL.val(cursor.key().get(1)),
                DSL.val(cursor.key().get(2)));
    }

    /** Most indexes are ACTIVE: only what is rare is looked up before a type is. */
    private static Condition passes(Filter filter) {
        var status = filter.status();
        return new Narrowest()
                .and(RESOURCE, filter.resource().map(Arn::toString))
                .and(STATE, status.filter(one -> !one.equals(IndexState.ACTIVE)))
                .and(RESOURCE_TYPE, filter.resourceType().map(ResourceType::wireName))
                .and(STATE, status.filter(IndexState.ACTIVE::equals))
                .condition()
                .and(Stored.isBetween(POINT_CREATED_AT, filter.createdAfter(), filter.createdBefore()));
    }

    @Override
    public List<IndexJob> deleting(int limit) {
        // In the words of the partial index, so that it serves.
        return jobs(DSL.condition("state = 'DELETING'"), ENDED_AT, limit);
    }

    @Override
    public Map<String, Long> openByState() {
        long running = sql.fetchCount(table, OPEN.and(HELD));
        long waiting = sql.fetchCount(table, OPEN.and(HELD.not()).and(WALKED_AT.isNull()));
        return Map.of(IndexState.PENDING, waiting, "RUNNING", running);
    }

    @Override
    public void delete(IndexJob index) {
        sql.deleteFrom(table).where(ID.eq(index.id().value())).execute();
    }

    @Override
    public boolean renew(JobId id, Lease lease, Progress progress) {
        var row = new Assignments().put(LEASE_UNTIL, Stored.millis(lease.until()));
        return sql.update(table).set(row.asMap()).where(isUnder(id, lease)).execute() == 1;
    }

    @Override
    public boolean isWanted(JobId backup) {
        return sql.fetchExists(WANTED, JOB.eq(backup.value()));
    }

    @Override
    public void want(JobId backup) {
        if (!isWanted(backup)) {
            sql.insertInto(WANTED)
                    .set(new Assignments().put(JOB, backup.value()).asMap())
                    .execute();
        }
    }

    @Override
    public void settle(JobId backup) {
        sql.deleteFrom(WANTED).where(JOB.eq(backup.value())).execute();
    }

    @Override
    Assignments row(IndexJob job) {
        var walked = job.state().walked();
        var row = Stored.in(job.scope())
                .put(ID, job.id().value())
                .put(VAULT, job.vault().value())
                .put(RECOVERY_POINT, job.recoveryPoint().toString())
                .put(RESOURCE, job.resource().toString())
                .put(RESOURCE_TYPE, job.resourceType().wireName())
                .put(ROLE, job.role().toString())
                .put(POINT_CREATED_AT, Stored.millis(job.pointCreatedAt()))
                .put(CONTINUOUS, Stored.yesNo(job.continuous()))
                .put(CREATED_AT, Stored.millis(job.createdAt()))
                .put(ATTEMPTS, job.attempts())
                .put(WALKED_AT, walked.map(IndexState.Walk::at).map(Stored::millis))
                .put(WALKED_ITEMS, walked.map(IndexState.Walk::items))
                .put(WALKED_SESSION, walked.map(IndexState.Walk::session).map(SessionId::value));
        columns(job.state()).putInto(row);
        return row;
    }

    @Override
    IndexJob job(Record row) {
        return new IndexJob(
                new JobId(row.get(ID)),
                Stored.scope(row),
                new VaultName(row.get(VAULT)),
                Stored.arn(row, RECOVERY_POINT),
                Stored.arn(row, RESOURCE),
                Stored.type(row, RESOURCE_TYPE),
                Stored.arn(row, ROLE),
                Stored.instant(row, POINT_CREATED_AT),
                row.get(CONTINUOUS) != 0,
                Stored.instant(row, CREATED_AT),
                row.get(ATTEMPTS),
                state(StateColumns.of(row), walk(row)));
    }

    private static Optional<IndexState.Walk> walk(Record row) {
        return Stored.maybeInstant(row, WALKED_AT)
                .map(at -> new IndexState.Walk(at, row.get(WALKED_ITEMS), new SessionId(row.get(WALKED_SESSION))));
    }

    private static StateColumns columns(IndexState state) {
        var name = state.wireName();
        return switch (state) {
            case IndexState.Waiting(var notBefore, var obstacle, var _) ->
                StateColumns.waiting(name, notBefore, obstacle);
            case IndexState.Running(var lease, var startedAt, var _) ->
                StateColumns.held(name, lease, Optional.of(startedAt));
            case IndexState.Active(var walk) -> StateColumns.ended(name, walk.at(), Optional.empty());
            case IndexState.Failed(var at, var message) -> StateColumns.ended(name, at, Optional.of(message));
            case IndexState.Deleting(var at) -> StateColumns.ended(name, at, Optional.empty());
        };
    }

    private static IndexState state(StateColumns row, Optional<IndexState.Walk> walked) {
        return switch (row.name()) {
            case IndexState.PENDING, IndexState.ACTIVE -> open(row, walked);
            case IndexState.FAILED -> new IndexState.Failed(row.mustHaveEnded(), row.mustHaveMessage());
            case IndexState.DELETING -> new IndexState.Deleting(row.mustHaveEnded());
            default -> throw new IllegalStateException("The catalog holds an unknown index state: " + row.name());
        };
    }

    private static IndexState open(StateColumns row, Optional<IndexState.Walk> walked) {
        if (row.lease().isPresent()) {
            return new IndexState.Running(row.mustHaveLease(), row.mustHaveStarted(), walked);
        }
        if (row.endedAt().isEmpty()) {
            return new IndexState.Waiting(row.mustHaveNotBefore(), row.message(), walked);
        }
        return new IndexState.Active(walked.orElseThrow(
                () -> new IllegalStateException("The catalog holds an ACTIVE index without a walk.")));
    }
}
