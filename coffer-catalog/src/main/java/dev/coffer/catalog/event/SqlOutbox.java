package dev.coffer.catalog.event;

import static dev.coffer.catalog.sql.Stored.ACCOUNT;
import static dev.coffer.catalog.sql.Stored.REGION;

import dev.coffer.catalog.sql.Assignments;
import dev.coffer.catalog.sql.Counter;
import dev.coffer.catalog.sql.JsonText;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.OutboxTable;
import dev.coffer.core.event.Event;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/**
 * The outbox in SQL. Positions come from a counter that the transaction holds until it ends, so they grow in the order of commits and none is given twice, even after its event was removed.
 */
public final class SqlOutbox implements OutboxTable {
    private static final Table<Record> EVENT = DSL.table(DSL.name("event"));
    private static final Field<Long> POSITION = Stored.number("position");
    private static final Field<String> ID = Stored.text("id");
    private static final Field<String> DETAIL_TYPE = Stored.text("detail_type");
    private static final Field<Long> HAPPENED_AT = Stored.number("happened_at");
    private static final Field<String> RESOURCES = Stored.text("resources");
    private static final Field<String> DETAIL = Stored.text("detail");

    private static final Table<Record> EVENT_SINK = DSL.table(DSL.name("event_sink"));
    private static final Field<String> NAME = Stored.text("name");

    private final DSLContext sql;

    public SqlOutbox(DSLContext sql) {
        this.sql = sql;
    }

    @Override
    public void append(Event event) {
        var row = Stored.in(event.scope())
                .put(POSITION, Counter.EVENT.next(sql))
                .put(ID, event.id().toString())
                .put(DETAIL_TYPE, event.detailType())
                .put(HAPPENED_AT, Stored.millis(event.at()))
                .put(
                        RESOURCES,
                        JsonText.of(
                                event.resources().stream().map(Arn::toString).toList()))
                .put(DETAIL, JsonText.of(event.detail()));
        sql.insertInto(EVENT).set(row.asMap()).execute();
    }

    @Override
    public List<Entry> after(long position, int limit) {
        return sql.select(POSITION, ID, DETAIL_TYPE, ACCOUNT, REGION, HAPPENED_AT, RESOURCES, DETAIL)
                .from(EVENT)
                .where(POSITION.gt(position))
                .orderBy(POSITION)
                .limit(limit)
                .fetch(SqlOutbox::entry);
    }

    @Override
    public long positionOf(String sink) {
        return sql.select(POSITION)
                .from(EVENT_SINK)
                .where(NAME.eq(sink))
                .fetchOptional(POSITION)
                .orElse(0L);
    }

    @Override
    public void advance(String sink, long position) {
        sql.deleteFrom(EVENT_SINK).where(NAME.eq(sink)).execute();
        var row = new Assignments().put(NAME, sink).put(POSITION, position);
        sql.insertInto(EVENT_SINK).set(row.asMap()).execute();
    }

    /** {@inheritDoc} A sink is known once it has advanced, be it to 0. Without any known sink, age alone decides. */
    @Override
    public int deleteBefore(Instant moment) {
        var slowest = sql.select(DSL.min(POSITION)).from(EVENT_SINK);
        var known = sql.fetchExists(EVENT_SINK);
        return sql.deleteFrom(EVENT)
                .where(HAPPENED_AT.lt(Stored.millisNotBefore(moment)))
                .and(known ? POSITION.le(slowest) : DSL.noCondition())
                .execute();
    }

    private static Entry entry(Record row) {
        return new Entry(
                row.get(POSITION),
                new Event(
                        UUID.fromString(row.get(ID)),
                        row.get(DETAIL_TYPE),
                        Stored.scope(row),
                        Stored.instant(row, HAPPENED_AT),
                        JsonText.textList(row.get(RESOURCES)).stream()
                                .map(Stored::arn)
                                .toList(),
                        JsonText.object(row.get(DETAIL))));
    }
}
