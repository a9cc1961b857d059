package dev.coffer.catalog.plan;

import static dev.coffer.catalog.sql.Stored.ACCOUNT;
import static dev.coffer.catalog.sql.Stored.REGION;

import dev.coffer.catalog.sql.Assignments;
import dev.coffer.catalog.sql.Cursor;
import dev.coffer.catalog.sql.Narrowest;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.ScheduledRunTable;
import dev.coffer.core.plan.PlanId;
import dev.coffer.core.plan.RuleId;
import dev.coffer.core.plan.RunState;
import dev.coffer.core.plan.ScheduledRun;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** The instants at which plans fired in SQL. */
public final class SqlScheduledRuns implements ScheduledRunTable {
    private static final Table<Record> RUN = DSL.table(DSL.name("scheduled_run"));
    private static final Field<String> PLAN_ID = Stored.text("plan_id");
    private static final Field<String> RULE_ID = Stored.text("rule_id");
    private static final Field<Long> FIRE_AT = Stored.number("fire_at");
    private static final Field<String> VERSION_ID = Stored.text("version_id");
    private static final Field<Long> WINDOW_ENDS_AT = Stored.number("window_ends_at");
    private static final Field<String> STATE = Stored.text("state");
    private static final Field<String> AFTER_RESOURCE = Stored.text("after_resource");
    private static final Field<Long> JOBS = Stored.number("jobs");
    private static final Field<Long> ENDED_AT = Stored.number("ended_at");
    private static final Field<String> REASON = Stored.text("reason");
    private static final Field<String> MERGED_INTO = Stored.text("merged_into");
    private static final List<Field<?>> COLUMNS = List.of(
            ACCOUNT,
            REGION,
            PLAN_ID,
            RULE_ID,
            FIRE_AT,
            VERSION_ID,
            WINDOW_ENDS_AT,
            STATE,
            AFTER_RESOURCE,
            JOBS,
            ENDED_AT,
            REASON,
            MERGED_INTO);
    private static final String LIST = "plan-runs";

    private final DSLContext sql;

    public SqlScheduledRuns(DSLContext sql) {
        this.sql = sql;
    }

    @Override
    public boolean insertIfAbsent(ScheduledRun run) {
        return sql.insertInto(RUN)
                        .set(row(run).asMap())
                        .onConflict(PLAN_ID, RULE_ID, FIRE_AT)
                        .doNothing()
                        .execute()
                == 1;
    }

    @Override
    public void update(ScheduledRun run) {
        if (sql.update(RUN)
                        .set(row(run).asMap())
                        .where(is(run.plan(), run.rule(), run.fireAt()))
                        .execute()
                != 1) {
            throw new IllegalStateException("There is no such run to update: " + run);
        }
    }

    @Override
    public int deleteEndedBefore(Instant moment) {
        return sql.deleteFrom(RUN)
                .where(ENDED_AT.isNotNull())
                .and(WINDOW_ENDS_AT.lt(Stored.millisNotBefore(moment)))
                .execute();
    }

    @Override
    public Optional<ScheduledRun> find(PlanId plan, RuleId rule, Instant fireAt) {
        return sql.select(COLUMNS).from(RUN).where(is(plan, rule, fireAt)).fetchOptional(SqlScheduledRuns::run);
    }

    @Override
    public Page<ScheduledRun> list(Scope scope, Filter filter, PageRequest page) {
        var rows = sql.select(COLUMNS)
                .from(RUN)
                .where(Stored.isIn(scope))
                .and(passes(filter))
                .and(Cursor.of(LIST, 3, page).map(SqlScheduledRuns::isBehind).orElseGet(DSL::noCondition))
                .orderBy(FIRE_AT.desc(), PLAN_ID.desc(), RULE_ID.desc())
                .limit(Cursor.rowsFor(page))
                .fetch(SqlScheduledRuns::run);
        return Cursor.page(
                LIST,
                page,
                rows,
                run -> List.of(
                        Long.toString(Stored.millis(run.fireAt())),
                        run.plan().value(),
                        run.rule().value()));
    }

    private static Condition isBehind(Cursor cursor) {
        return DSL.condition(
                "({0}, {1}, {2}) < ({3}, {4}, {5})",
                FIRE_AT,
                PLAN_ID,
                RULE_ID,
                DSL.val(cursor.millis()),
                DSL.val(cursor.key().get(1)),
                DSL.val(cursor.key().get(2)));
    }

    /** A plan has some thousand runs at most; a state may have all others. */
    private static Condition passes(Filter filter) {
        return new Narrowest()
                .and(PLAN_ID, filter.plan().map(PlanId::value))
                .and(STATE, filter.state())
                .condition()
                .and(Stored.isBetween(ENDED_AT, filter.endedAfter(), filter.endedBefore()));
    }

    @Override
    public List<ScheduledRun> open(int limit) {
        return sql.select(COLUMNS)
                .from(RUN)
                .where(ENDED_AT.isNull())
                .orderBy(FIRE_AT, PLAN_ID, RULE_ID)
                .limit(limit)
                .fetch(SqlScheduledRuns::run);
    }

    @Override
    public List<ScheduledRun> standing(PlanId plan, Instant after) {
        return sql.select(COLUMNS)
                .from(RUN)
                .where(PLAN_ID.eq(plan.value()))
                .and(WINDOW_ENDS_AT.gt(Stored.millis(after)))
                .and(STATE.in(RunState.OPEN, RunState.DONE))
                .orderBy(FIRE_AT, RULE_ID)
                .fetch(SqlScheduledRuns::run);
    }

    @Override
    public List<ScheduledRun> of(PlanId plan, int limit) {
        return sql.select(COLUMNS)
                .from(RUN)
                .where(PLAN_ID.eq(plan.value()))
                .orderBy(FIRE_AT, RULE_ID)
                .limit(limit)
                .fetch(SqlScheduledRuns::run);
    }

    private static Condition is(PlanId plan, RuleId rule, Instant fireAt) {
        return DSL.and(PLAN_ID.eq(plan.value()), RULE_ID.eq(rule.value()), FIRE_AT.eq(Stored.millis(fireAt)));
    }

    private static Assignments row(ScheduledRun run) {
        var row = Stored.in(run.scope())
                .put(PLAN_ID, run.plan().value())
                .put(RULE_ID, run.rule().value())
                .put(FIRE_AT, Stored.millis(run.fireAt()))
                .put(VERSION_ID, run.versionId())
                .put(WINDOW_ENDS_AT, Stored.millis(run.windowEndsAt()))
                .put(STATE, run.state().wireName())
                .put(JOBS, run.state().jobs())
                .put(ENDED_AT, run.state().endedAt().map(Stored::millis));
        return switch (run.state()) {
            case RunState.Open(var after, long _) -> row.put(AFTER_RESOURCE, after.map(Object::toString));
            case RunState.Done _ -> row;
            case RunState.Missed(var _, var reason, long _) -> row.put(REASON, reason);
            case RunState.Merged(var _, var into) -> row.put(MERGED_INTO, into.value());
        };
    }

    private static ScheduledRun run(Record row) {
        return new ScheduledRun(
                Stored.scope(row),
                new PlanId(row.get(PLAN_ID)),
                new RuleId(row.get(RULE_ID)),
                Stored.instant(row, FIRE_AT),
                row.get(VERSION_ID),
                Stored.instant(row, WINDOW_ENDS_AT),
                state(row));
    }

    private static RunState state(Record row) {
        return switch (row.get(STATE)) {
            case RunState.OPEN ->
                new RunState.Open(Optional.ofNullable(row.get(AFTER_RESOURCE)).map(Stored::arn), row.get(JOBS));
            case RunState.DONE -> new RunState.Done(Stored.instant(row, ENDED_AT), row.get(JOBS));
            case RunState.MISSED -> new RunState.Missed(Stored.instant(row, ENDED_AT), row.get(REASON), row.get(JOBS));
            case RunState.MERGED ->
                new RunState.Merged(Stored.instant(row, ENDED_AT), new RuleId(row.get(MERGED_INTO)));
            default -> throw new IllegalStateException("The catalog holds an unknown run state: " + row.get(STATE));
        };
    }
}
