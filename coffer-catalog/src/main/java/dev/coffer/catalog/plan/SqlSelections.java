package dev.coffer.catalog.plan;

import static dev.coffer.catalog.sql.Stored.ACCOUNT;
import static dev.coffer.catalog.sql.Stored.REGION;

import dev.coffer.catalog.sql.Cursor;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.SelectionTable;
import dev.coffer.core.plan.BackupSelection;
import dev.coffer.core.plan.PlanId;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** The selections of plans in SQL. */
public final class SqlSelections implements SelectionTable {
    private static final Table<Record> SELECTION = DSL.table(DSL.name("backup_selection"));
    private static final Field<String> ID = Stored.text("id");
    private static final Field<String> PLAN_ID = Stored.text("plan_id");
    private static final Field<String> NAME = Stored.text("name");
    private static final Field<String> ROLE = Stored.text("role");
    private static final Field<String> DOCUMENT = Stored.text("document");
    private static final Field<Long> CREATED_AT = Stored.number("created_at");
    private static final Field<String> CREATOR_REQUEST_ID = Stored.text("creator_request_id");
    private static final List<Field<?>> COLUMNS =
            List.of(ACCOUNT, REGION, ID, PLAN_ID, NAME, ROLE, DOCUMENT, CREATED_AT, CREATOR_REQUEST_ID);
    private static final String LIST = "backup-selections";

    private final DSLContext sql;

    public SqlSelections(DSLContext sql) {
        this.sql = sql;
    }

    @Override
    public void insert(BackupSelection selection) {
        var row = Stored.in(selection.scope())
                .put(ID, selection.id())
                .put(PLAN_ID, selection.plan().value())
                .put(NAME, selection.document().name())
                .put(ROLE, selection.document().role().toString())
                .put(DOCUMENT, SelectionText.of(selection.document()))
                .put(CREATED_AT, Stored.millis(selection.createdAt()))
                .put(CREATOR_REQUEST_ID, selection.creatorRequestId());
        sql.insertInto(SELECTION).set(row.asMap()).execute();
    }

    @Override
    public void delete(BackupSelection selection) {
        sql.deleteFrom(SELECTION)
                .where(isOf(selection.scope(), selection.plan()))
                .and(ID.eq(selection.id()))
                .execute();
    }

    @Override
    public Optional<BackupSelection> find(Scope scope, PlanId plan, String id) {
        return sql.select(COLUMNS)
                .from(SELECTION)
                .where(isOf(scope, plan))
                .and(ID.eq(id))
                .fetchOptional(SqlSelections::selection);
    }

    @Override
    public Page<BackupSelection> list(Scope scope, PlanId plan, PageRequest page) {
        var behind = Cursor.of(LIST, 2, page)
                .map(cursor -> DSL.condition(
                        "({0}, {1}) > ({2}, {3})",
                        CREATED_AT,
                        ID,
                        DSL.val(cursor.millis()),
                        DSL.val(cursor.key().get(1))))
                .orElseGet(DSL::noCondition);
        var rows = sql.select(COLUMNS)
                .from(SELECTION)
                .where(isOf(scope, plan))
                .and(behind)
                .orderBy(CREATED_AT, ID)
                .limit(Cursor.rowsFor(page))
                .fetch(SqlSelections::selection);
        return Cursor.page(
                LIST,
                page,
                rows,
                selection -> List.of(Long.toString(Stored.millis(selection.createdAt())), selection.id()));
    }

    @Override
    public List<BackupSelection> of(Scope scope, PlanId plan) {
        return sql.select(COLUMNS)
                .from(SELECTION)
                .where(isOf(scope, plan))
                .orderBy(CREATED_AT, ID)
                .fetch(SqlSelections::selection);
    }

    private static Condition isOf(Scope scope, PlanId plan) {
        return Stored.isIn(scope).and(PLAN_ID.eq(plan.value()));
    }

    private static BackupSelection selection(Record row) {
        return new BackupSelection(
                Stored.scope(row),
                new PlanId(row.get(PLAN_ID)),
                row.get(ID),
                SelectionText.selection(row.get(NAME), Stored.arn(row, ROLE), row.get(DOCUMENT)),
                Stored.instant(row, CREATED_AT),
                Optional.ofNullable(row.get(CREATOR_REQUEST_ID)));
    }
}
