package dev.coffer.catalog.recoverypoint;

import static dev.coffer.catalog.sql.Stored.ACCOUNT;
import static dev.coffer.catalog.sql.Stored.REGION;

import dev.coffer.catalog.plan.CreatedByText;
import dev.coffer.catalog.sql.Assignments;
import dev.coffer.catalog.sql.Cursor;
import dev.coffer.catalog.sql.Narrowest;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.RecoveryPointTable;
import dev.coffer.core.plan.PlanId;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.recoverypoint.StorageClass;
import dev.coffer.core.recoverypoint.VaultTotal;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Recovery points in SQL. */
public final class SqlRecoveryPoints implements RecoveryPointTable {
    private static final Table<Record> RECOVERY_POINT = DSL.table(DSL.name("recovery_point"));
    private static final Field<String> VAULT = Stored.text("vault");
    private static final Field<String> ARN = Stored.text("arn");
    private static final Field<String> SESSION_ID = Stored.text("session_id");
    private static final Field<String> RESOURCE = Stored.text("resource");
    private static final Field<String> RESOURCE_TYPE = Stored.text("resource_type");
    private static final Field<String> RESOURCE_NAME = Stored.text("resource_name");
    private static final Field<String> ROLE = Stored.text("role");
    private static final Field<String> STATUS = Stored.text("status");
    private static final Field<Long> CREATED_AT = Stored.number("created_at");
    private static final Field<Long> INITIATED_AT = Stored.number("initiated_at");
    private static final Field<Long> COMPLETED_AT = Stored.number("completed_at");
    private static final Field<Long> LOGICAL_BYTES = Stored.number("logical_bytes");
    private static final Field<Long> TRANSFERRED_BYTES = Stored.number("transferred_bytes");
    private static final Field<Long> LAST_RESTORED_AT = Stored.number("last_restored_at");
    private static final Field<String> PLAN_ID = Stored.text("plan_id");
    private static final Field<Long> DELETE_AT = Stored.number("delete_at");
    private static final Field<String> STATUS_MESSAGE = Stored.text("status_message");
    private static final Field<Long> RETAINED_UNTIL = Stored.number("retained_until");
    private static final Field<String> STORAGE_CLASS = Stored.text("storage_class");
    private static final Field<Long> COLD_AT = Stored.number("cold_at");
    private static final Field<String> SOURCE_VAULT = Stored.text("source_vault");
    private static final List<Field<?>> COLUMNS = List.of(
            ACCOUNT,
            REGION,
            VAULT,
            ARN,
            SESSION_ID,
            RESOURCE,
            RESOURCE_TYPE,
            RESOURCE_NAME,
            ROLE,
            STATUS,
            CREATED_AT,
            INITIATED_AT,
            COMPLETED_AT,
            LOGICAL_BYTES,
            TRANSFERRED_BYTES,
            Stored.COLD_AFTER_DAYS,
            Stored.DELETE_AFTER_DAYS,
            Stored.OPT_IN_TO_ARCHIVE,
            LAST_RESTORED_AT,
            CreatedByText.CREATED_BY,
            STORAGE_CLASS,
            SOURCE_VAULT);
    private static final String LIST = "recovery-points";

    private final DSLContext sql;
    private final SqlVaultTotals totals;
    private final DuePoints due;

    public SqlRecoveryPoints(DSLContext sql) {
        this.sql = sql;
        this.totals = new SqlVaultTotals(sql);
        this.due = new DuePoints(sql, RECOVERY_POINT, COLUMNS, SqlRecoveryPoints::point);
    }

    @Override
    public void put(RecoveryPoint point) {
        var row = row(point).asMap();
        var kib = SqlVaultTotals.kib(point.logicalBytes());
        var before = kibOf(point);
        if (before.isEmpty()) {
            sql.insertInto(RECOVERY_POINT).set(row).execute();
            totals.add(point.scope(), point.vault(), 1, kib);
            return;
        }
        sql.update(RECOVERY_POINT).set(row).where(is(point)).execute();
        if (before.get() != kib) {
            totals.add(point.scope(), point.vault(), 0, kib - before.get());
        }
    }

    @Override
    public void delete(RecoveryPoint point) {
        var before = kibOf(point);
        if (before.isPresent()) {
            sql.deleteFrom(RECOVERY_POINT).where(is(point)).execute();
            totals.add(point.scope(), point.vault(), -1, -before.get());
        }
    }

    private Optional<Long> kibOf(RecoveryPoint point) {
        return sql.select(LOGICAL_BYTES)
                .from(RECOVERY_POINT)
                .where(is(point))
                .fetchOptional(row -> SqlVaultTotals.kib(row.value1()));
    }

    @Override
    public Optional<RecoveryPoint> find(Scope scope, VaultName vault, Arn arn) {
        return sql.select(COLUMNS)
                .from(RECOVERY_POINT)
                .where(isIn(scope, vault))
                .and(ARN.eq(arn.toString()))
                .fetchOptional(SqlRecoveryPoints::point);
    }

    /** {@inheritDoc} If several vaults have it, the newest. */
    @Override
    public Optional<RecoveryPoint> find(Scope scope, Arn arn) {
        return sql.select(COLUMNS)
                .from(RECOVERY_POINT)
                .where(Stored.isIn(scope))
                .and(ARN.eq(arn.toString()))
                .orderBy(CREATED_AT.desc(), VAULT)
                .limit(1)
                .fetchOptional(SqlRecoveryPoints::point);
    }

    @Override
    public Page<RecoveryPoint> list(Scope scope, Filter filter, PageRequest page) {
        var rows = sql.select(COLUMNS)
                .from(RECOVERY_POINT)
                .where(Stored.isIn(scope))
                .and(passes(filter, page))
                .and(Cursor.of(LIST, 3, page).map(SqlRecoveryPoints::isBehind).orElseGet(DSL::noCondition))
                .orderBy(CREATED_AT.desc(), ARN.desc(), VAULT.desc())
                .limit(Cursor.rowsFor(page))
                .fetch(SqlRecoveryPoints::point);
        return Cursor.page(
                LIST,
                page,
                rows,
                point -> List.of(
                        Long.toString(Stored.millis(point.createdAt())),
                        point.arn().toString(),
                        point.vault().value()));
    }

    @Override
    public long countIn(Scope scope, VaultName vault) {
        return totals.pointsIn(scope, vault);
    }

    @Override
    public Optional<RecoveryPoint> edge(Scope scope, Arn resource, boolean newest) {
        var of = sql.select(COLUMNS)
                .from(RECOVERY_POINT)
                .where(Stored.isIn(scope))
                .and(RESOURCE.eq(resource.toString()));
        return (newest ? of.orderBy(CREATED_AT.desc(), ARN.desc(), VAULT.desc()) : of.orderBy(CREATED_AT, ARN, VAULT))
                .limit(1)
                .fetchOptional(SqlRecoveryPoints::point);
    }

    @Override
    public List<VaultTotal> totals(Scope scope) {
        return totals.of(scope);
    }

    @Override
    public Optional<RecoveryPoint> latestCompleted(Scope scope, VaultName vault, Arn resource) {
        return sql.select(COLUMNS)
                .from(RECOVERY_POINT)
                .where(isIn(scope, vault))
                .and(STATUS.eq(storedName(RecoveryPointStatus.COMPLETED)))
                .and(RESOURCE.eq(resource.toString()))
                .orderBy(CREATED_AT.desc(), ARN.desc())
                .limit(1)
                .fetchOptional(SqlRecoveryPoints::point);
    }

    @Override
    public List<RecoveryPoint> inStatus(RecoveryPointStatus status, Optional<RecoveryPoint> after, int limit) {
        return sql.select(COLUMNS)
                .from(RECOVERY_POINT)
                .where(STATUS.eq(storedName(status)))
                // Stated although implied, so that the partial index of unsettled points serves.
                .and(
                        status == RecoveryPointStatus.COMPLETED
                                ? DSL.noCondition()
                                : DSL.condition("status <> 'COMPLETED'"))
                .and(after.map(SqlRecoveryPoints::isMarkedBehind).orElseGet(DSL::noCondition))
                .orderBy(CREATED_AT, ARN, VAULT)
                .limit(limit)
                .fetch(SqlRecoveryPoints::point);
    }

    private static Condition isMarkedBehind(RecoveryPoint last) {
        return DSL.condition(
                "({0}, {1}, {2}) > ({3}, {4}, {5})",
                CREATED_AT,
                ARN,
                VAULT,
                DSL.val(Stored.millis(last.createdAt())),
                DSL.val(last.arn().toString()),
                DSL.val(last.vault().value()));
    }

    @Override
    public List<RecoveryPoint> due(Instant moment, Optional<RecoveryPoint> after, int limit) {
        return due.by(
                DELETE_AT,
                moment,
                after,
                RecoveryPoint::expiresAt,
                DSL.condition("status in ('COMPLETED', 'EXPIRED')"),
                limit);
    }

    @Override
    public List<RecoveryPoint> dueForCold(Instant moment, Optional<RecoveryPoint> after, int limit) {
        return due.by(COLD_AT, moment, after, RecoveryPoint::coldAt, DSL.condition("status = 'COMPLETED'"), limit);
    }

    @Override
    public List<RecoveryPoint> unretained(Scope scope, VaultName vault, Instant beyond, int limit) {
        var never = unretained(scope, vault, RETAINED_UNTIL.isNull(), limit);
        if (never.size() == limit) {
            return never;
        }
        var lapsing = RETAINED_UNTIL.lt(Stored.millis(beyond)).and(DELETE_AT.isNull());
        return Stream.concat(never.stream(), unretained(scope, vault, lapsing, limit - never.size()).stream())
                .toList();
    }

    /** Two questions instead of one with "or", since each has an index. */
    private List<RecoveryPoint> unretained(Scope scope, VaultName vault, Condition which, int limit) {
        return sql.select(COLUMNS)
                .from(RECOVERY_POINT)
                .where(isIn(scope, vault))
                .and(STATUS.eq(storedName(RecoveryPointStatus.COMPLETED)))
                .and(which)
                .orderBy(RETAINED_UNTIL, ARN)
                .limit(limit)
                .fetch(SqlRecoveryPoints::point);
    }

    @Override
    public Optional<String> statusMessage(RecoveryPoint point) {
        return sql.select(STATUS_MESSAGE).from(RECOVERY_POINT).where(is(point)).fetchOptional(STATUS_MESSAGE);
    }

    @Override
    public void explain(RecoveryPoint point, String message) {
        set(point, STATUS_MESSAGE, message);
    }

    @Override
    public void retained(RecoveryPoint point, Instant until) {
        set(point, RETAINED_UNTIL, Stored.millis(until));
    }

    @Override
    public void retainAgain(RecoveryPoint point) {
        set(point, RETAINED_UNTIL, DSL.castNull(RETAINED_UNTIL));
    }

    private <T> void set(RecoveryPoint point, Field<T> column, T value) {
        set(point, column, DSL.val(value));
    }

    private <T> void set(RecoveryPoint point, Field<T> column, Field<T> value) {
        sql.update(RECOVERY_POINT).set(column, value).where(is(point)).execute();
    }

    /**
     * The newest completed point of each of the vault's next resources, in the order of the resources' ARNs. Steps from one resource to the next along an index: a vault has many more points than resources, so that this
     * reads far less than grouping all points would.
     *
     * @param behind the ARN text of the resource before; empty text for the first
     */
    public List<RecoveryPoint> newestOfNextResources(Scope scope, VaultName vault, String behind, int limit) {
        var ofVault = DSL.sql(
                "account = {0} and region = {1} and vault = {2} and status = 'COMPLETED'",
                DSL.val(scope.account().value()), DSL.val(scope.region().value()), DSL.val(vault.value()));
        return sql.resultQuery(
                        "with recursive step (resource, n) as ("
                                + "select min(resource), 1 from recovery_point where {0} and resource > {1}"
                                + " union all select (select min(resource) from recovery_point where {0}"
                                + " and resource > step.resource), n + 1 from step"
                                + " where step.resource is not null and n < {2})"
                                + " select {3} from step join recovery_point on {0} and arn ="
                                + " (select arn from recovery_point where {0} and resource = step.resource"
                                + " order by created_at desc, arn desc limit 1)"
                                + " order by step.resource",
                        ofVault,
                        DSL.val(behind),
                        DSL.val(limit),
                        DSL.list(
                                COLUMNS.stream().map(SqlRecoveryPoints::ofPoint).toList()))
                .fetch(SqlRecoveryPoints::point);
    }

    private static Field<?> ofPoint(Field<?> column) {
        return DSL.field(DSL.name("recovery_point", column.getName()));
    }

    private static Condition isIn(Scope scope, VaultName vault) {
        return Stored.isIn(scope).and(VAULT.eq(vault.value()));
    }

    private static Condition is(RecoveryPoint point) {
        return isIn(point.scope(), point.vault()).and(ARN.eq(point.arn().toString()));
    }

    private static Condition passes(Filter filter, PageRequest page) {
        return filter.vault()
                .map(vault -> VAULT.eq(vault.value()))
                .orElseGet(DSL::noCondition)
                .and(new Narrowest()
                        .and(RESOURCE, filter.resource().map(Arn::toString))
                        .and(PLAN_ID, filter.plan().map(PlanId::value))
                        .and(RESOURCE_TYPE, filter.resourceType().map(ResourceType::wireName))
                        .condition())
                .and(
                        filter.vault().isPresent() && isNarrowed(filter)
                                ? Narrowest.isAfter(CREATED_AT, filter.createdAfter(), page)
                                : Stored.isBetween(CREATED_AT, filter.createdAfter(), Optional.empty()))
                .and(Stored.isBetween(CREATED_AT, Optional.empty(), filter.createdBefore()));
    }

    private static boolean isNarrowed(Filter filter) {
        return filter.resource().isPresent()
                || filter.plan().isPresent()
                || filter.resourceType().isPresent();
    }

    private static Condition isBehind(Cursor cursor) {
        return DSL.condition(
                "({0}, {1}, {2}) < ({3}, {4}, {5})",
                CREATED_AT,
                ARN,
                VAULT,
                DSL.val(cursor.millis()),
                DSL.val(cursor.key().get(1)),
                DSL.val(cursor.key().get(2)));
    }

    private static Assignments row(RecoveryPoint point) {
        var row = Stored.in(point.scope())
                .put(VAULT, point.vault().value())
                .put(ARN, point.arn().toString())
                .put(SESSION_ID, point.sessionId())
                .put(RESOURCE, point.resource().toString())
                .put(RESOURCE_TYPE, point.resourceType().wireName())
                .put(RESOURCE_NAME, point.resourceName())
                .put(ROLE, point.role().toString())
                .put(STATUS, storedName(point.status()))
                .put(CREATED_AT, Stored.millis(point.createdAt()))
                .put(INITIATED_AT, point.initiatedAt().map(Stored::millis))
                .put(COMPLETED_AT, point.completedAt().map(Stored::millis))
                .put(LOGICAL_BYTES, point.logicalBytes())
                .put(TRANSFERRED_BYTES, point.transferredBytes())
                .put(LAST_RESTORED_AT, point.lastRestoredAt().map(Stored::millis))
                .put(CreatedByText.CREATED_BY, point.createdBy().map(CreatedByText::of))
                .put(PLAN_ID, point.createdBy().map(creator -> creator.plan().value()))
                .put(DELETE_AT, point.expiresAt().map(Stored::millis))
                .put(STORAGE_CLASS, storedName(point.storage()))
                .put(COLD_AT, point.coldAt().map(Stored::millis))
                .put(SOURCE_VAULT, point.sourceVault().map(Arn::toString));
        Stored.put(row, point.lifecycle());
        return row;
    }

    private static RecoveryPoint point(Record row) {
        return new RecoveryPoint(
                Stored.scope(row),
                new VaultName(row.get(VAULT)),
                Stored.arn(row, ARN),
                row.get(SESSION_ID),
                Stored.arn(row, RESOURCE),
                Stored.type(row, RESOURCE_TYPE),
                row.get(RESOURCE_NAME),
                Stored.arn(row, ROLE),
                status(row.get(STATUS)),
                Stored.instant(row, CREATED_AT),
                Stored.maybeInstant(row, INITIATED_AT),
                Stored.maybeInstant(row, COMPLETED_AT),
                row.get(LOGICAL_BYTES),
                row.get(TRANSFERRED_BYTES),
                Stored.lifecycle(row),
                Stored.maybeInstant(row, LAST_RESTORED_AT),
                CreatedByText.of(row),
                storage(row.get(STORAGE_CLASS)),
                Optional.ofNullable(row.get(SOURCE_VAULT)).map(Stored::arn));
    }

    private static String storedName(RecoveryPointStatus status) {
        return switch (status) {
            case CREATING -> "CREATING";
            case COMPLETED -> "COMPLETED";
            case AVAILABLE -> "AVAILABLE";
            case STOPPED -> "STOPPED";
            case DELETING -> "DELETING";
            case EXPIRED -> "EXPIRED";
        };
    }

    private static String storedName(StorageClass storage) {
        return switch (storage) {
            case WARM -> "WARM";
            case COLD -> "COLD";
        };
    }

    private static StorageClass storage(String storedName) {
        return switch (storedName) {
            case "WARM" -> StorageClass.WARM;
            case "COLD" -> StorageClass.COLD;
            default -> throw new IllegalStateException("The catalog holds an unknown storage class: " + storedName);
        };
    }

    private static RecoveryPointStatus status(String storedName) {
        return switch (storedName) {
            case "CREATING" -> RecoveryPointStatus.CREATING;
            case "COMPLETED" -> RecoveryPointStatus.COMPLETED;
            case "AVAILABLE" -> RecoveryPointStatus.AVAILABLE;
            case "STOPPED" -> RecoveryPointStatus.STOPPED;
            case "DELETING" -> RecoveryPointStatus.DELETING;
            case "EXPIRED" -> RecoveryPointStatus.EXPIRED;
            default ->
                throw new IllegalStateException("The catalog holds an unknown recovery point status: " + storedName);
        };
    }
}
