package dev.coffer.catalog.event;

import static dev.coffer.catalog.sql.Stored.ACCOUNT;
import static dev.coffer.catalog.sql.Stored.REGION;

import dev.coffer.catalog.sql.Assignments;
import dev.coffer.catalog.sql.Counter;
import dev.coffer.catalog.sql.JsonText;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.OutboxTable;
import dev.coffer.core.event.Event;
import dev.coffer.core.event.SinkState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
    private static final Field<String> SOURCE = Stored.text("source");
    private static final Field<String> DETAIL_TYPE = Stored.text("detail_type");
    private static final Field<Long> HAPPENED_AT = Stored.number("happened_at");
    private static final Field<String> RESOURCES = Stored.text("resources");
    private static final Field<String> DETAIL = Stored.text("detail");

    private static final Table<Record> EVENT_SINK = DSL.table(DSL.name("event_sink"));
    private static final Field<String> NAME = Stored.text("name");
    private static final Field<Long> DELIVERED = Stored.number("delivered");
    private static final Field<Long> DEAD = Stored.number("dead");
    private static final Field<Integer> ATTEMPTS = Stored.integer("attempts");
    private static final Field<Long> NOT_BEFORE = Stored.number("not_before");
    private static final Field<String> LAST_ERROR = Stored.text("last_error");
    private static final Field<Long> LAST_ERROR_AT = Stored.number("last_error_at");
    private static final Field<Long> LAST_DELIVERED_AT = Stored.number("last_delivered_at");
    private static final Field<String> DIGEST_DAY = Stored.text("digest_day");
    private static final List<Field<?>> SINK_COLUMNS = List.of(
            NAME,
            POSITION,
            DELIVERED,
            DEAD,
            ATTEMPTS,
            NOT_BEFORE,
            LAST_ERROR,
            LAST_ERROR_AT,
            LAST_DELIVERED_AT,
            DIGEST_DAY);

    private final DSLContext sql;

    public SqlOutbox(DSLContext sql) {
        this.sql = sql;
    }

    @Override
    public void append(Event event) {
        var row = Stored.in(event.scope())
                .put(POSITION, Counter.EVENT.next(sql))
                .put(ID, event.id().toString())
                .put(SOURCE, event.source())
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
        return sql.select(POSITION, ID, SOURCE, DETAIL_TYPE, ACCOUNT, REGION, HAPPENED_AT, RESOURCES, DETAIL)
                .from(EVENT)
                .where(POSITION.gt(position))
                .orderBy(POSITION)
                .limit(limit)
                .fetch(SqlOutbox::entry);
    }

    @Override
    public long countAfter(long position, Scope scope) {
        return sql.fetchCount(EVENT, Stored.isIn(scope).and(POSITION.gt(position)));
    }

    @Override
    public long last() {
        return Counter.EVENT.last(sql);
    }

    @Override
    public Optional<SinkState> state(String sink) {
        return sql.select(SINK_COLUMNS).from(EVENT_SINK).where(NAME.eq(sink)).fetchOptional(SqlOutbox::sink);
    }

    @Override
    public void put(SinkState state) {
        forget(state.sink());
        var row = new Assignments()
                .put(NAME, state.sink())
                .put(POSITION, state.position())
                .put(DELIVERED, state.delivered())
                .put(DEAD, state.dead())
                .put(ATTEMPTS, state.attempts())
                .put(NOT_BEFORE, state.notBefore().map(Stored::millis))
                .put(LAST_ERROR, state.lastError())
                .put(LAST_ERROR_AT, state.lastErrorAt().map(Stored::millis))
                .put(LAST_DELIVERED_AT, state.lastDeliveredAt().map(Stored::millis))
                .put(DIGEST_DAY, state.digestDay());
        sql.insertInto(EVENT_SINK).set(row.asMap()).execute();
    }

    @Override
    public void forget(String sink) {
        sql.deleteFrom(EVENT_SINK).where(NAME.eq(sink)).execute();
    }

    /** {@inheritDoc} Without any known sink, age alone decides. */
    @Override
    public int deleteBefore(Instant moment) {
        var slowest = sql.select(DSL.min(POSITION)).from(EVENT_SINK);
        var known = sql.fetchExists(EVENT_SINK);
        return sql.deleteFrom(EVENT)
                .where(HAPPENED_AT.lt(Stored.millisNotBefore(moment)))
                .and(known ? POSITION.le(slowest) : DSL.noCondition())
                .execute();
    }

    private static SinkState sink(Record row) {
        return new SinkState(
                row.get(NAME),
                row.get(POSITION),
                row.get(DELIVERED),
                row.get(DEAD),
                row.get(ATTEMPTS),
                Stored.maybeInstant(row, NOT_BEFORE),
                Optional.ofNullable(row.get(LAST_ERROR)),
                Stored.maybeInstant(row, LAST_ERROR_AT),
                Stored.maybeInstant(row, LAST_DELIVERED_AT),
                Optional.ofNullable(row.get(DIGEST_DAY)));
    }

    private static Entry entry(Record row) {
        return new Entry(
                row.get(POSITION),
                new Event(
                        UUID.fromString(row.get(ID)),
                        row.get(SOURCE),
                        row.get(DETAIL_TYPE),
                        Stored.scope(row),
                        Stored.instant(row, HAPPENED_AT),
                        JsonText.textList(row.get(RESOURCES)).stream()
                                .map(Stored::arn)
                                .toList(),
                        JsonText.object(row.get(DETAIL))));
    }
}
