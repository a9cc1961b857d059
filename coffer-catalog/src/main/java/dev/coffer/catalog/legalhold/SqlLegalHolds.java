package dev.coffer.catalog.legalhold;

import static dev.coffer.catalog.sql.Stored.ACCOUNT;
import static dev.coffer.catalog.sql.Stored.REGION;

import dev.coffer.catalog.recoverypoint.SqlRecoveryPoints;
import dev.coffer.catalog.sql.Cursor;
import dev.coffer.catalog.sql.JsonText;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.LegalHoldTable;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.legalhold.HoldId;
import dev.coffer.core.legalhold.HoldSelection;
import dev.coffer.core.legalhold.HoldState;
import dev.coffer.core.legalhold.LegalHold;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.vault.VaultName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Legal holds in SQL: a row for each, and one for each point that one has. */
public final class SqlLegalHolds implements LegalHoldTable {
    private static final Table<Record> LEGAL_HOLD = DSL.table(DSL.name("legal_hold"));
    private static final Field<String> ID = Stored.text("id");
    private static final Field<String> TITLE = Stored.text("title");
    private static final Field<String> DESCRIPTION = Stored.text("description");
    private static final Field<String> VAULT_NAMES = Stored.text("vault_names");
    private static final Field<String> RESOURCE_IDENTIFIERS = Stored.text("resource_identifiers");
    private static final Field<Long> FROM_DATE = Stored.number("from_date");
    private static final Field<Long> TO_DATE = Stored.number("to_date");
    private static final Field<Long> CREATED_AT = Stored.number("created_at");
    private static final Field<String> STATE = Stored.text("state");
    private static final Field<String> PLACE = Stored.text("place");
    private static final Field<Long> CANCELLED_AT = Stored.number("cancelled_at");
    private static final Field<String> CANCEL_DESCRIPTION = Stored.text("cancel_description");
    private static final Field<Long> RECORD_UNTIL = Stored.number("record_until");
    private static final List<Field<?>> COLUMNS = List.of(
            ACCOUNT,
            REGION,
            ID,
            TITLE,
            DESCRIPTION,
            VAULT_NAMES,
            RESOURCE_IDENTIFIERS,
            FROM_DATE,
            TO_DATE,
            CREATED_AT,
            STATE,
            PLACE,
            CANCELLED_AT,
            CANCEL_DESCRIPTION,
            RECORD_UNTIL);

    private static final Table<Record> HELD_POINT = DSL.table(DSL.name("held_point"));
    private static final Field<String> VAULT = Stored.text("vault");
    private static final Field<String> ARN = Stored.text("arn");
    private static final Field<String> HOLD_ID = Stored.text("hold_id");

    private static final String LIST = "legal-holds";
    private static final String POINTS = "held-points";

    private final DSLContext sql;
    private final SqlRecoveryPoints points;

    public SqlLegalHolds(DSLContext sql, SqlRecoveryPoints points) {
        this.sql = sql;
        this.points = points;
    }

    @Override
    public void put(LegalHold hold) {
        var why = hold.state().cancellation();
        var row = Stored.in(hold.scope())
                .put(ID, hold.id().value())
                .put(TITLE, hold.title())
                .put(DESCRIPTION, hold.description())
                .put(VAULT_NAMES, JsonText.of(hold.selection().vaultNames()))
                .put(RESOURCE_IDENTIFIERS, JsonText.of(hold.selection().resourceIdentifiers()))
                .put(FROM_DATE, hold.selection().createdWithin().map(range -> Stored.millis(range.from())))
                .put(TO_DATE, hold.selection().createdWithin().map(range -> Stored.millis(range.to())))
                .put(CREATED_AT, Stored.millis(hold.createdAt()))
                .put(STATE, hold.state().wireName())
                .put(PLACE, hold.state() instanceof HoldState.Creating(var cursor) ? cursor : Optional.<String>empty())
                .put(CANCELLED_AT, why.map(cancellation -> Stored.millis(cancellation.at())))
                .put(CANCEL_DESCRIPTION, why.map(HoldState.Cancellation::description))
                .put(RECORD_UNTIL, why.map(cancellation -> Stored.millis(cancellation.recordUntil())))
                .asMap();
        sql.insertInto(LEGAL_HOLD)
                .set(row)
                .onConflict(ACCOUNT, REGION, ID)
                .doUpdate()
                .set(row)
                .execute();
    }

    @Override
    public void delete(LegalHold hold) {
        sql.deleteFrom(LEGAL_HOLD)
                .where(Stored.isIn(hold.scope()))
                .and(ID.eq(hold.id().value()))
                .execute();
    }

    @Override
    public void hold(LegalHold hold, RecoveryPoint point) {
        var row = Stored.in(point.scope())
                .put(VAULT, point.vault().value())
                .put(ARN, point.arn().toString())
                .put(HOLD_ID, hold.id().value())
                .asMap();
        sql.insertInto(HELD_POINT)
                .set(row)
                .onConflict(ACCOUNT, REGION, VAULT, ARN, HOLD_ID)
                .doNothing()
                .execute();
    }

    @Override
    public int release(LegalHold hold, int limit) {
        var some = sql.select(VAULT, ARN)
                .from(HELD_POINT)
                .where(isOf(hold))
                .orderBy(ARN, VAULT)
                .limit(limit)
                .fetch();
        for (var row : some) {
            sql.deleteFrom(HELD_POINT)
                    .where(isOf(hold))
                    .and(VAULT.eq(row.get(VAULT)))
                    .and(ARN.eq(row.get(ARN)))
                    .execute();
        }
        return some.size();
    }

    @Override
    public Optional<LegalHold> find(Scope scope, HoldId id) {
        return sql.select(COLUMNS)
                .from(LEGAL_HOLD)
                .where(Stored.isIn(scope))
                .and(ID.eq(id.value()))
                .fetchOptional(SqlLegalHolds::legalHold);
    }

    @Override
    public Page<LegalHold> list(Scope scope, PageRequest page) {
        var behind = Cursor.of(LIST, 2, page)
                .map(cursor -> DSL.condition(
                        "({0}, {1}) < ({2}, {3})",
                        CREATED_AT,
                        ID,
                        DSL.val(cursor.millis()),
                        DSL.val(cursor.key().get(1))))
                .orElseGet(DSL::noCondition);
        var rows = sql.select(COLUMNS)
                .from(LEGAL_HOLD)
                .where(Stored.isIn(scope))
                .and(behind)
                .orderBy(CREATED_AT.desc(), ID.desc())
                .limit(Cursor.rowsFor(page))
                .fetch(SqlLegalHolds::legalHold);
        return Cursor.page(
                LIST,
                page,
                rows,
                hold -> List.of(
                        Long.toString(Stored.millis(hold.createdAt())),
                        hold.id().value()));
    }

    @Override
    public long countInForce(Scope scope) {
        return sql.fetchCount(LEGAL_HOLD, Stored.isIn(scope).and(STATE.in("CREATING", "ACTIVE")));
    }

    @Override
    public List<LegalHold> unsettled(int limit) {
        return sql.select(COLUMNS)
                .from(LEGAL_HOLD)
                // As the partial index says it.
                .where(DSL.condition("state in ('CREATING', 'CANCELING')"))
                .orderBy(CREATED_AT, ID)
                .limit(limit)
                .fetch(SqlLegalHolds::legalHold);
    }

    @Override
    public List<LegalHold> recordsUntil(Instant moment, int limit) {
        return sql.select(COLUMNS)
                .from(LEGAL_HOLD)
                .where(RECORD_UNTIL.le(Stored.millis(moment)))
                .and(STATE.eq("CANCELED"))
                .orderBy(RECORD_UNTIL, ID)
                .limit(limit)
                .fetch(SqlLegalHolds::legalHold);
    }

    @Override
    public boolean holds(RecoveryPoint point) {
        boolean held = sql.fetchExists(sql.selectOne()
                .from(HELD_POINT)
                .where(Stored.isIn(point.scope()))
                .and(VAULT.eq(point.vault().value()))
                .and(ARN.eq(point.arn().toString())));
        return held
                || sql
                        .select(COLUMNS)
                        .from(LEGAL_HOLD)
                        .where(Stored.isIn(point.scope()))
                        .and(STATE.eq("CREATING"))
                        .fetch(SqlLegalHolds::legalHold)
                        .stream()
                        .anyMatch(hold -> hold.takes(point));
    }

    @Override
    public Page<RecoveryPoint> pointsOf(LegalHold hold, PageRequest page) {
        var behind = Cursor.of(POINTS, 2, page)
                .map(cursor -> DSL.condition(
                        "({0}, {1}) > ({2}, {3})",
                        ARN,
                        VAULT,
                        DSL.val(cursor.key().get(0)),
                        DSL.val(cursor.key().get(1))))
                .orElseGet(DSL::noCondition);
        var rows = sql.select(ARN, VAULT)
                .from(HELD_POINT)
                .where(isOf(hold))
                .and(behind)
                .orderBy(ARN, VAULT)
                .limit(Cursor.rowsFor(page))
                .fetch(row -> points.find(hold.scope(), new VaultName(row.get(VAULT)), Stored.arn(row, ARN))
                        .orElseThrow(() -> new IllegalStateException(
                                "The catalog holds a legal hold on a recovery point that is gone: " + row.get(ARN))));
        return Cursor.page(
                POINTS,
                page,
                rows,
                point -> List.of(point.arn().toString(), point.vault().value()));
    }

    private static Condition isOf(LegalHold hold) {
        return Stored.isIn(hold.scope()).and(HOLD_ID.eq(hold.id().value()));
    }

    private static LegalHold legalHold(Record row) {
        var range = Stored.maybeInstant(row, FROM_DATE)
                .map(from -> new HoldSelection.DateRange(from, Stored.instant(row, TO_DATE)));
        return new LegalHold(
                Stored.scope(row),
                new HoldId(row.get(ID)),
                row.get(TITLE),
                row.get(DESCRIPTION),
                new HoldSelection(
                        JsonText.textList(row.get(VAULT_NAMES)),
                        JsonText.textList(row.get(RESOURCE_IDENTIFIERS)),
                        range),
                Stored.instant(row, CREATED_AT),
                state(row));
    }

    private static HoldState state(Record row) {
        var name = row.get(STATE);
        return switch (name) {
            case "CREATING" -> new HoldState.Creating(Optional.ofNullable(row.get(PLACE)));
            case "ACTIVE" -> new HoldState.Active();
            case "CANCELING" -> new HoldState.Canceling(cancellation(row));
            case "CANCELED" -> new HoldState.Canceled(cancellation(row));
            default -> throw new IllegalStateException("The catalog holds an unknown state of a legal hold: " + name);
        };
    }

    private static HoldState.Cancellation cancellation(Record row) {
        return new HoldState.Cancellation(
                Stored.instant(row, CANCELLED_AT), row.get(CANCEL_DESCRIPTION), Stored.instant(row, RECORD_UNTIL));
    }
}
