package dev.coffer.catalog.plan;

import dev.coffer.catalog.sql.Assignments;
import dev.coffer.catalog.sql.Cursor;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.PlanTable;
import dev.coffer.core.plan.PlanClock;
import dev.coffer.core.plan.PlanId;
import dev.coffer.core.plan.PlanVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectConditionStep;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** Backup plans and their versions in SQL. */
public final class SqlPlans implements PlanTable {
    private static final Table<Record> PLAN = DSL.table(DSL.name("backup_plan"));
    private static final Table<Record> VERSION = DSL.table(DSL.name("backup_plan_version"));

    private static final Field<String> ACCOUNT = text("backup_plan", "account");
    private static final Field<String> REGION = text("backup_plan", "region");
    private static final Field<String> ID = text("backup_plan", "id");
    private static final Field<Long> PLAN_CREATED_AT = number("backup_plan", "created_at");
    private static final Field<String> CREATOR_REQUEST_ID = text("backup_plan", "creator_request_id");
    private static final Field<Long> DELETED_AT = number("backup_plan", "deleted_at");
    private static final Field<Long> CURRENT_NUMBER = number("backup_plan", "current_number");
    private static final Field<Long> LAST_EXECUTED_AT = number("backup_plan", "last_executed_at");
    private static final Field<Long> SETTLED_UNTIL = number("backup_plan", "settled_until");
    private static final Field<Long> NEXT_FIRE_AT = number("backup_plan", "next_fire_at");

    private static final Field<String> PLAN_ID = text("backup_plan_version", "plan_id");
    private static final Field<Long> NUMBER = number("backup_plan_version", "number");
    private static final Field<String> VERSION_ID = text("backup_plan_version", "version_id");
    private static final Field<Long> CREATED_AT = number("backup_plan_version", "created_at");
    private static final Field<String> DOCUMENT = text("backup_plan_version", "document");

    private static final List<Field<?>> COLUMNS = List.of(
            ACCOUNT,
            REGION,
            ID,
            PLAN_CREATED_AT,
            CREATOR_REQUEST_ID,
            DELETED_AT,
            LAST_EXECUTED_AT,
            NUMBER,
            VERSION_ID,
            CREATED_AT,
            DOCUMENT);
    private static final Condition ACTIVE = DELETED_AT.isNull();
    private static final String LIST = "backup-plans";
    private static final String VERSIONS = "backup-plan-versions";

    private final DSLContext sql;

    public SqlPlans(DSLContext sql) {
        this.sql = sql;
    }

    /** Plan and version have columns of the same names, so these say whose they are. */
    private static Field<String> text(String table, String name) {
        return DSL.field(DSL.name(table, name), SQLDataType.CLOB);
    }

    private static Field<Long> number(String table, String name) {
        return DSL.field(DSL.name(table, name), SQLDataType.BIGINT);
    }

    private static Condition isIn(Scope scope) {
        return ACCOUNT.eq(scope.account().value()).and(REGION.eq(scope.region().value()));
    }

    @Override
    public void insert(PlanVersion first, PlanClock clock) {
        var row = Stored.in(first.scope())
                .put(Stored.text("id"), first.id().value())
                .put(Stored.number("created_at"), Stored.millis(first.planCreatedAt()))
                .put(Stored.text("creator_request_id"), first.creatorRequestId())
                .put(Stored.number("deleted_at"), first.deletedAt().map(Stored::millis))
                .put(Stored.number("current_number"), first.number())
                .put(Stored.number("last_executed_at"), first.lastExecutedAt().map(Stored::millis));
        put(row, clock);
        sql.insertInto(PLAN).set(row.asMap()).execute();
        insertVersion(first);
    }

    private void insertVersion(PlanVersion version) {
        var row = new Assignments()
                .put(Stored.text("plan_id"), version.id().value())
                .put(Stored.number("number"), version.number())
                .put(Stored.text("version_id"), version.versionId())
                .put(Stored.number("created_at"), Stored.millis(version.createdAt()))
                .put(Stored.text("document"), PlanText.of(version.document()));
        sql.insertInto(VERSION).set(row.asMap()).execute();
    }

    @Override
    public void addVersion(PlanVersion next) {
        insertVersion(next);
        change(next.id(), new Assignments().put(Stored.number("current_number"), next.number()));
    }

    @Override
    public void markDeleted(PlanVersion deleted) {
        change(
                deleted.id(),
                new Assignments()
                        .put(Stored.number("deleted_at"), deleted.deletedAt().map(Stored::millis)));
    }

    @Override
    public void putClock(PlanId id, PlanClock clock) {
        change(id, put(new Assignments(), clock));
    }

    @Override
    public void putLastExecution(PlanId id, Instant at) {
        change(id, new Assignments().put(Stored.number("last_executed_at"), Stored.millis(at)));
    }

    private static Assignments put(Assignments row, PlanClock clock) {
        return row.put(Stored.number("settled_until"), Stored.millis(clock.settledUntil()))
                .put(Stored.number("next_fire_at"), clock.nextFireAt().map(Stored::millis));
    }

    private void change(PlanId id, Assignments row) {
        if (sql.update(PLAN)
                        .set(row.asMap())
                        .where(Stored.text("id").eq(id.value()))
                        .execute()
                != 1) {
            throw new IllegalStateException("There is no plan " + id + " to change.");
        }
    }

    @Override
    public Optional<PlanVersion> current(Scope scope, PlanId id) {
        return currents(isIn(scope).and(ID.eq(id.value()))).fetchOptional(SqlPlans::version);
    }

    @Override
    public Optional<PlanVersion> version(Scope scope, PlanId id, String versionId) {
        return joined(DSL.noCondition())
                .and(isIn(scope))
                .and(ID.eq(id.value()))
                .and(VERSION_ID.eq(versionId))
                .fetchOptional(SqlPlans::version);
    }

    @Override
    public Optional<PlanVersion> createdWith(Scope scope, String creatorRequestId) {
        return joined(NUMBER.eq(1L))
                .and(isIn(scope))
                .and(CREATOR_REQUEST_ID.eq(creatorRequestId))
                .and(ACTIVE)
                .fetchOptional(SqlPlans::version);
    }

    @Override
    public Page<PlanVersion> list(Scope scope, boolean includeDeleted, PageRequest page) {
        var behind = Cursor.of(LIST, 2, page)
                .map(cursor -> DSL.condition(
                        "({0}, {1}) > ({2}, {3})",
                        PLAN_CREATED_AT,
                        ID,
                        DSL.val(cursor.millis()),
                        DSL.val(cursor.key().get(1))))
                .orElseGet(DSL::noCondition);
        var rows = currents(isIn(scope))
                .and(includeDeleted ? DSL.noCondition() : ACTIVE)
                .and(behind)
                .orderBy(PLAN_CREATED_AT, ID)
                .limit(Cursor.rowsFor(page))
                .fetch(SqlPlans::version);
        return Cursor.page(
                LIST,
                page,
                rows,
                plan -> List.of(
                        Long.toString(Stored.millis(plan.planCreatedAt())),
                        plan.id().value()));
    }

    @Override
    public Page<PlanVersion> versions(Scope scope, PlanId id, PageRequest page) {
        var behind = Cursor.of(VERSIONS, 1, page)
                .map(cursor -> NUMBER.lt(cursor.millis()))
                .orElseGet(DSL::noCondition);
        var rows = joined(DSL.noCondition())
                .and(isIn(scope))
                .and(ID.eq(id.value()))
                .and(behind)
                .orderBy(NUMBER.desc())
                .limit(Cursor.rowsFor(page))
                .fetch(SqlPlans::version);
        return Cursor.page(VERSIONS, page, rows, version -> List.of(Long.toString(version.number())));
    }

    @Override
    public List<PlanVersion> active(Scope scope) {
        return currents(isIn(scope)).and(ACTIVE).orderBy(PLAN_CREATED_AT, ID).fetch(SqlPlans::version);
    }

    @Override
    public List<PlanVersion> active(Optional<PlanId> behind, int limit) {
        return currents(behind.map(id -> ID.gt(id.value())).orElseGet(DSL::noCondition))
                .and(ACTIVE)
                .orderBy(ID)
                .limit(limit)
                .fetch(SqlPlans::version);
    }

    @Override
    public List<PlanVersion> due(Instant now, int limit) {
        return currents(NEXT_FIRE_AT.le(Stored.millis(now)))
                .and(ACTIVE)
                .orderBy(NEXT_FIRE_AT, ID)
                .limit(limit)
                .fetch(SqlPlans::version);
    }

    @Override
    public PlanClock clock(PlanId id) {
        return sql.select(SETTLED_UNTIL, NEXT_FIRE_AT)
                .from(PLAN)
                .where(ID.eq(id.value()))
                .fetchOptional(row ->
                        new PlanClock(Stored.instant(row, SETTLED_UNTIL), Stored.maybeInstant(row, NEXT_FIRE_AT)))
                .orElseThrow(() -> new IllegalStateException("There is no plan " + id + "."));
    }

    private SelectConditionStep<Record> currents(Condition condition) {
        return joined(NUMBER.eq(CURRENT_NUMBER)).and(condition);
    }

    private SelectConditionStep<Record> joined(Condition version) {
        return sql.select(COLUMNS)
                .from(PLAN)
                .join(VERSION)
                .on(PLAN_ID.eq(ID).and(version))
                .where(DSL.noCondition());
    }

    private static PlanVersion version(Record row) {
        return new PlanVersion(
                new Scope(new AccountId(row.get(ACCOUNT)), new Region(row.get(REGION))),
                new PlanId(row.get(ID)),
                row.get(VERSION_ID),
                row.get(NUMBER),
                PlanText.plan(row.get(DOCUMENT)),
                Stored.instant(row, PLAN_CREATED_AT),
                Stored.instant(row, CREATED_AT),
                Stored.maybeInstant(row, DELETED_AT),
                Stored.maybeInstant(row, LAST_EXECUTED_AT),
                Optional.ofNullable(row.get(CREATOR_REQUEST_ID)));
    }
}
