package dev.coffer.catalog.continuous;

import dev.coffer.catalog.sql.Assignments;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.connector.FeedMark;
import dev.coffer.core.connector.FeedPosition;
import dev.coffer.core.continuous.History;
import dev.coffer.core.continuous.Mark;
import dev.coffer.core.continuous.Series;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.OrderField;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** The marks of continuous backups in SQL. */
final class MarkRows {
    private static final Table<Record> MARK = DSL.table(DSL.name("continuous_mark"));
    private static final Field<String> VAULT = Stored.text("vault");
    private static final Field<String> POINT = Stored.text("point");
    private static final Field<Long> NUMBER = Stored.number("number");
    private static final Field<Integer> BASE = Stored.integer("base");
    private static final Field<String> KIND = Stored.text("kind");
    private static final Field<String> TOKEN = Stored.text("token");
    private static final Field<Long> REACHED = Stored.number("reached");
    private static final Field<Long> IMAGE_AT = Stored.number("image_at");
    private static final Field<Long> KNOWN_THROUGH = Stored.number("known_through");
    private static final Field<Long> CHECKED = Stored.number("checked");
    private static final Field<String> GAP = Stored.text("gap");
    private static final List<Field<?>> COLUMNS =
            List.of(NUMBER, BASE, KIND, TOKEN, REACHED, IMAGE_AT, KNOWN_THROUGH, CHECKED, GAP);
    // Written out, so that the partial indexes serve.
    private static final Condition IS_BASE = DSL.condition("base = 1");
    private static final Condition IS_IMAGE = DSL.condition("kind = 'IMAGE'");

    private final DSLContext sql;

    MarkRows(DSLContext sql) {
        this.sql = sql;
    }

    private List<Mark> some(Condition condition, OrderField<?> order, int limit) {
        return sql.select(COLUMNS)
                .from(MARK)
                .where(condition)
                .orderBy(order)
                .limit(limit)
                .fetch(MarkRows::mark);
    }

    private Optional<Mark> one(Condition condition, OrderField<?> order) {
        return some(condition, order, 1).stream().findFirst();
    }

    List<Mark> newest(Series series, int count) {
        return some(of(series), NUMBER.desc(), count).reversed();
    }

    Optional<Mark> mark(Series series, long number) {
        return one(of(series).and(NUMBER.eq(number)), NUMBER);
    }

    Optional<Mark> newestImage(Series series) {
        return one(of(series).and(IS_IMAGE), NUMBER.desc());
    }

    Optional<Mark> imageAfter(Series series, long number) {
        return one(of(series).and(IS_IMAGE).and(NUMBER.gt(number)), NUMBER);
    }

    History outline(Series series) {
        return new History(outlined(series));
    }

    private List<Mark> outlined(Series series) {
        var byNumber = new TreeMap<Long, Mark>();
        one(of(series), NUMBER).ifPresent(mark -> byNumber.put(mark.number(), mark));
        newest(series, 1).forEach(mark -> byNumber.put(mark.number(), mark));
        for (var base : some(of(series).and(IS_BASE), NUMBER, Integer.MAX_VALUE)) {
            byNumber.put(base.number(), base);
            one(of(series).and(NUMBER.lt(base.number())), NUMBER.desc())
                    .ifPresent(last -> byNumber.put(last.number(), last));
        }
        return List.copyOf(byNumber.values());
    }

    History around(Series series, Instant moment) {
        long millis = Stored.millis(moment);
        var image = sql.select(COLUMNS)
                .from(MARK)
                .where(of(series).and(IS_IMAGE).and(IMAGE_AT.le(millis)))
                .orderBy(IMAGE_AT.desc(), NUMBER.desc())
                .limit(1)
                .fetchOptional(MarkRows::mark);
        if (image.isEmpty()) {
            return new History(List.of());
        }
        var behind = of(series).and(NUMBER.ge(image.get().number()));
        var certain = one(behind.and(DSL.coalesce(CHECKED, KNOWN_THROUGH).ge(millis)), NUMBER);
        return new History(some(
                certain.map(last -> behind.and(NUMBER.le(last.number()))).orElse(behind), NUMBER, Integer.MAX_VALUE));
    }

    History outdated(Series series, Instant oldest, int limit) {
        var byNumber = new TreeMap<Long, Mark>();
        var old = some(of(series).and(IMAGE_AT.le(Stored.millis(oldest))), NUMBER, limit);
        Stream.concat(old.stream(), outlined(series).stream()).forEach(mark -> byNumber.put(mark.number(), mark));
        return new History(List.copyOf(byNumber.values()));
    }

    List<Long> numbers(Series series) {
        return sql.select(NUMBER).from(MARK).where(of(series)).orderBy(NUMBER).fetch(NUMBER);
    }

    long count(Series series) {
        return sql.fetchCount(MARK, of(series));
    }

    void put(Series series, Mark mark) {
        var row = key(series)
                .put(NUMBER, mark.number())
                .put(BASE, Stored.yesNo(mark.base()))
                .put(KIND, storedName(mark.kind()))
                .put(TOKEN, mark.position().token())
                .put(REACHED, Stored.millis(mark.position().reached()))
                .put(IMAGE_AT, Stored.millis(mark.at()))
                .put(KNOWN_THROUGH, Stored.millis(mark.through()))
                .put(CHECKED, Stored.millis(mark.checked()))
                .put(GAP, mark.gap())
                .asMap();
        var is = of(series).and(NUMBER.eq(mark.number()));
        if (sql.update(MARK).set(row).where(is).execute() == 0) {
            sql.insertInto(MARK).set(row).execute();
        }
    }

    void delete(Series series, Mark mark) {
        sql.deleteFrom(MARK).where(of(series)).and(NUMBER.eq(mark.number())).execute();
    }

    void deleteAll(Series series) {
        sql.deleteFrom(MARK).where(of(series)).execute();
    }

    private static Condition of(Series series) {
        return Stored.isIn(series.scope())
                .and(VAULT.eq(series.vault().value()))
                .and(POINT.eq(series.point().toString()));
    }

    private static Assignments key(Series series) {
        return Stored.in(series.scope())
                .put(VAULT, series.vault().value())
                .put(POINT, series.point().toString());
    }

    private static Mark mark(Record row) {
        var through = Stored.instant(row, KNOWN_THROUGH);
        var reached = Stored.instant(row, REACHED);
        var checked = row.get(CHECKED) == null ? through : Stored.instant(row, CHECKED);
        return new Mark(
                row.get(NUMBER),
                row.get(BASE) != 0,
                kind(row.get(KIND)),
                new FeedPosition(row.get(TOKEN), reached, checked.isBefore(reached) ? checked : reached),
                Stored.instant(row, IMAGE_AT),
                through,
                checked,
                Optional.ofNullable(row.get(GAP)));
    }

    private static String storedName(FeedMark.Kind kind) {
        return switch (kind) {
            case IMAGE -> "IMAGE";
            case CHANGES -> "CHANGES";
        };
    }

    private static FeedMark.Kind kind(String name) {
        return switch (name) {
            case "IMAGE" -> FeedMark.Kind.IMAGE;
            case "CHANGES" -> FeedMark.Kind.CHANGES;
            default -> throw new IllegalStateException("The catalog holds an unknown kind of a mark: " + name);
        };
    }
}
