package dev.coffer.catalog.job;

import static dev.coffer.catalog.job.JobColumns.CREATED_AT;
import static dev.coffer.catalog.job.JobColumns.ENDED_AT;
import static dev.coffer.catalog.job.JobColumns.HELD;
import static dev.coffer.catalog.job.JobColumns.ID;
import static dev.coffer.catalog.job.JobColumns.LEASE_EPOCH;
import static dev.coffer.catalog.job.JobColumns.LEASE_UNTIL;
import static dev.coffer.catalog.job.JobColumns.OPEN;
import static dev.coffer.catalog.job.JobColumns.RESOURCE_TYPE;
import static dev.coffer.catalog.job.JobColumns.STATE;

import dev.coffer.catalog.sql.Assignments;
import dev.coffer.catalog.sql.Cursor;
import dev.coffer.catalog.sql.Narrowest;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Days;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.job.Job;
import dev.coffer.core.job.JobCount;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.MessageCategory;
import dev.coffer.core.job.Progress;
import dev.coffer.core.resource.ResourceType;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** The jobs of one kind in SQL: what is done with every kind alike. What the methods promise is written where the ports of the kinds have them. */
abstract class SqlJobs<J extends Job> {
    final DSLContext sql;
    final Table<Record> table;
    private final List<Field<?>> columns;
    private final Field<String> category;
    private final String list;
    private final SqlJobDays days;

    /**
     * The jobs of a kind.
     *
     * @param kind as the names of its table and of its list begin
     * @param columns what {@link #job} reads
     * @param category the column of the message category; null in SQL for a kind without one
     */
    SqlJobs(DSLContext sql, String kind, List<Field<?>> columns, Field<String> category) {
        this.sql = sql;
        this.table = DSL.table(DSL.name(kind + "_job"));
        this.columns = columns;
        this.category = category;
        this.list = kind + "-jobs";
        this.days = new SqlJobDays(sql, kind.toUpperCase(Locale.ROOT));
    }

    abstract J job(Record row);

    abstract Assignments row(J job);

    /** Empty for a kind without one. */
    abstract Optional<MessageCategory> category(J job);

    public void insert(J job) {
        sql.insertInto(table).set(row(job).asMap()).execute();
        if (job.completedAt().isPresent()) {
            count(job, 1);
        }
    }

    /** Replaces the row; a job that is not there is a bug of the caller. */
    public void update(J job) {
        if (job.completedAt().isPresent()) {
            sql.select(columns)
                    .from(table)
                    .where(ID.eq(job.id().value()))
                    .and(ENDED_AT.isNotNull())
                    .fetchOptional(this::job)
                    .ifPresent(before -> count(before, -1));
            count(job, 1);
        }
        if (sql.update(table)
                        .set(row(job).asMap())
                        .where(ID.eq(job.id().value()))
                        .execute()
                != 1) {
            throw new IllegalStateException("There is no job " + job.id() + " to update.");
        }
    }

    /** Counts an ended job among those of its day, or takes it out. */
    void count(J job, long by) {
        days.add(
                job.scope(),
                new SqlJobDays.Likeness(job.createdAt(), job.state().wireName(), job.resourceType(), category(job)),
                by);
    }

    public boolean leaseHolds(JobId id, Lease lease) {
        return sql.fetchExists(table, isUnder(id, lease));
    }

    public boolean renew(JobId id, Lease lease, Progress progress) {
        var row = new Assignments().put(LEASE_UNTIL, Stored.millis(lease.until()));
        JobColumns.put(row, progress);
        return sql.update(table).set(row.asMap()).where(isUnder(id, lease)).execute() == 1;
    }

    static Condition isUnder(JobId id, Lease lease) {
        return ID.eq(id.value()).and(OPEN).and(LEASE_EPOCH.eq(lease.epoch()));
    }

    public int deleteEndedBefore(Instant moment, int limit) {
        return sql.deleteFrom(table)
                .where(ID.in(sql.select(ID)
                        .from(table)
                        .where(ENDED_AT.isNotNull())
                        .and(ENDED_AT.lt(Stored.millisNotBefore(moment)))
                        .orderBy(ENDED_AT)
                        .limit(limit)))
                .execute();
    }

    public Optional<J> find(Scope scope, JobId id) {
        return sql.select(columns)
                .from(table)
                .where(ID.eq(id.value()))
                .and(Stored.isIn(scope))
                .fetchOptional(this::job);
    }

    public List<J> claimable(Instant now, String node, String start, int limit) {
        return sql.select(columns)
                .from(table)
                .where(JobColumns.claimable(now, node, start))
                .orderBy(CREATED_AT, ID)
                .limit(limit)
                .fetch(this::job);
    }

    public int held(ResourceType type, Instant now) {
        return sql.fetchCount(
                table, HELD.and(RESOURCE_TYPE.eq(type.wireName())).and(LEASE_UNTIL.gt(Stored.millis(now))));
    }

    public Map<String, Long> openByState() {
        var countByState = new TreeMap<String, Long>();
        sql.select(STATE, DSL.count())
                .from(table)
                .where(OPEN)
                .groupBy(STATE)
                .forEach(row -> countByState.put(row.value1(), row.value2().longValue()));
        return countByState;
    }

    /** All that the condition fits, in the order of the field. */
    final List<J> jobs(Condition condition, Field<Long> order, int limit) {
        return sql.select(columns)
                .from(table)
                .where(condition)
                .orderBy(order, ID)
                .limit(limit)
                .fetch(this::job);
    }

    /** A page of those that pass, the newest first. */
    final Page<J> page(Scope scope, Condition passes, PageRequest page) {
        var rows = sql.select(columns)
                .from(table)
                .where(Stored.isIn(scope))
                .and(passes)
                .and(Cursor.of(list, 2, page).map(SqlJobs::isBehind).orElseGet(DSL::noCondition))
                .orderBy(CREATED_AT.desc(), ID.desc())
                .limit(Cursor.rowsFor(page))
                .fetch(this::job);
        return Cursor.page(
                list,
                page,
                rows,
                job -> List.of(
                        Long.toString(Stored.millis(job.createdAt())), job.id().value()));
    }

    private static Condition isBehind(Cursor cursor) {
        return DSL.condition(
                "({0}, {1}) < ({2}, {3})",
                CREATED_AT, ID, DSL.val(cursor.millis()), DSL.val(cursor.key().get(1)));
    }

    /** Ended jobs as their days have them, and those that are open as they are. */
    final List<JobCount> counted(
            Scope scope,
            Days over,
            Optional<String> state,
            Optional<ResourceType> type,
            Optional<MessageCategory> wanted) {
        var condition = Stored.isIn(scope)
                .and(state.map(name -> Narrowest.leavingOut(STATE, name)).orElseGet(DSL::noCondition))
                .and(type.map(one -> Narrowest.leavingOut(RESOURCE_TYPE, one.wireName()))
                        .orElseGet(DSL::noCondition))
                .and(wanted.map(one -> Narrowest.leavingOut(category, one.name()))
                        .orElseGet(DSL::noCondition));
        return Stream.concat(days.of(scope, over, state, type, wanted).stream(), open(over, condition).stream())
                .toList();
    }

    private List<JobCount> open(Days over, Condition condition) {
        var day = CREATED_AT.div(DSL.inline(JobColumns.MILLIS_OF_DAY));
        return sql.select(day, STATE, RESOURCE_TYPE, category, DSL.count())
                .from(table)
                .where(condition)
                .and(OPEN)
                .and(CREATED_AT.ge(over.first().toEpochDay() * JobColumns.MILLIS_OF_DAY))
                .and(CREATED_AT.lt(over.end().toEpochDay() * JobColumns.MILLIS_OF_DAY))
                .groupBy(day, STATE, RESOURCE_TYPE, category)
                .fetch(row -> new JobCount(
                        LocalDate.ofEpochDay(row.value1()),
                        row.value2(),
                        Stored.type(row.value3()),
                        Optional.ofNullable(row.value4()).map(MessageCategory::valueOf),
                        row.value5()));
    }
}
