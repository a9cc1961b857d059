package dev.coffer.catalog.duty;

import dev.coffer.catalog.sql.Assignments;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.catalog.DutyTable;
import dev.coffer.core.job.RunnerId;
import java.time.Instant;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Duties in SQL: a row for each that somebody has or had. */
public final class SqlDuties implements DutyTable {
    private static final Table<Record> DUTY = DSL.table(DSL.name("duty"));
    private static final Field<String> NAME = Stored.text("name");
    private static final Field<String> NODE = Stored.text("node");
    private static final Field<String> START = Stored.text("start");
    private static final Field<Long> UNTIL = Stored.number("until");

    private final DSLContext sql;

    public SqlDuties(DSLContext sql) {
        this.sql = sql;
    }

    @Override
    public boolean take(String name, RunnerId holder, Instant now, Instant until) {
        sql.deleteFrom(DUTY)
                .where(NAME.eq(name))
                .and(NODE.eq(holder.node()).or(UNTIL.le(Stored.millis(now))))
                .execute();
        var row = new Assignments()
                .put(NAME, name)
                .put(NODE, holder.node())
                .put(START, holder.start())
                .put(UNTIL, Stored.millis(until));
        return sql.insertInto(DUTY).set(row.asMap()).onConflictDoNothing().execute() == 1;
    }

    @Override
    public boolean isHeld(String name, RunnerId holder) {
        return sql.fetchExists(DUTY, is(name, holder));
    }

    @Override
    public void release(String name, RunnerId holder) {
        sql.deleteFrom(DUTY).where(is(name, holder)).execute();
    }

    private static Condition is(String name, RunnerId holder) {
        return NAME.eq(name).and(NODE.eq(holder.node())).and(START.eq(holder.start()));
    }
}
