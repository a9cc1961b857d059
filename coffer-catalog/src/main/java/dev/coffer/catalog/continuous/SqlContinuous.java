package dev.coffer.catalog.continuous;

import static dev.coffer.catalog.sql.Stored.ACCOUNT;
import static dev.coffer.catalog.sql.Stored.REGION;

import dev.coffer.catalog.sql.Assignments;
import dev.coffer.catalog.sql.Cursor;
import dev.coffer.catalog.sql.JsonText;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.ContinuousTable;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.connector.FeedPosition;
import dev.coffer.core.continuous.History;
import dev.coffer.core.continuous.Mark;
import dev.coffer.core.continuous.Series;
import dev.coffer.core.continuous.Standing;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.RunnerId;
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

/** Continuous backups in SQL. */
public final class SqlContinuous implements ContinuousTable {
    private static final Table<Record> SERIES = DSL.table(DSL.name("continuous_series"));
    private static final Table<Record> WANTED = DSL.table(DSL.name("continuous_job"));
    private static final String LIST = "continuous";
    private static final Field<String> VAULT = Stored.text("vault");
    private static final Field<String> POINT = Stored.text("point");
    private static final Field<String> RESOURCE = Stored.text("resource");
    private static final Field<String> RESOURCE_TYPE = Stored.text("resource_type");
    private static final Field<String> FIRST_SESSION = Stored.text("first_session");
    private static final Field<Long> DAYS = Stored.number("days");
    private static final Field<String> OPTIONS = Stored.text("options");
    private static final Field<String> STATE = Stored.text("state");
    private static final Field<Long> STOPPED_AT = Stored.number("stopped_at");
    private static final Field<String> MESSAGE = Stored.text("message");
    private static final Field<String> TOKEN = Stored.text("token");
    private static final Field<Long> REACHED = Stored.number("reached");
    private static final Field<Long> CHECKED = Stored.number("checked");
    private static final Field<Long> ROUND_AT = Stored.number("round_at");
    private static final Field<Long> FAILING_SINCE = Stored.number("failing_since");
    private static final Field<Long> NEXT_AT = Stored.number("next_at");
    private static final Field<Long> EPOCH = Stored.number("epoch");
    private static final Field<String> LEASE_NODE = Stored.text("lease_node");
    private static final Field<String> LEASE_START = Stored.text("lease_start");
    private static final Field<Long> LEASE_UNTIL = Stored.number("lease_until");
    private static final List<Field<?>> SERIES_COLUMNS = List.of(
            ACCOUNT,
            REGION,
            VAULT,
            POINT,
            RESOURCE,
            RESOURCE_TYPE,
            FIRST_SESSION,
            DAYS,
            OPTIONS,
            STATE,
            STOPPED_AT,
            MESSAGE,
            TOKEN,
            REACHED,
            CHECKED,
            ROUND_AT,
            FAILING_SINCE,
            NEXT_AT,
            EPOCH,
            LEASE_NODE,
            LEASE_START,
            LEASE_UNTIL);
    private static final Field<String> JOB = Stored.text("job");

    private final DSLContext sql;
    private final MarkRows marks;

    public SqlContinuous(DSLContext sql) {
        this.sql = sql;
        this.marks = new MarkRows(sql);
    }

    @Override
    public Optional<Series> find(Scope scope, VaultName vault, Arn point) {
        return sql.select(SERIES_COLUMNS)
                .from(SERIES)
                .where(Stored.isIn(scope))
                .and(VAULT.eq(vault.value()))
                .and(POINT.eq(point.toString()))
                .fetchOptional(SqlContinuous::series);
    }

    @Override
    public Page<Series> list(Scope scope, Filter filter, PageRequest page) {
        var rows = sql.select(SERIES_COLUMNS)
                .from(SERIES)
                .where(Stored.isIn(scope))
                .and(filter.vault().map(vault -> VAULT.eq(vault.value())).orElseGet(DSL::noCondition))
                .and(filter.resource()
                        .map(resource -> RESOURCE.eq(resource.toString()))
                        .orElseGet(DSL::noCondition))
                .and(Cursor.of(LIST, 2, page)
                        .map(last -> DSL.condition(
                                "({0}, {1}) > ({2}, {3})",
                                POINT,
                                VAULT,
                                DSL.val(last.key().getFirst()),
                                DSL.val(last.key().getLast())))
                        .orElseGet(DSL::noCondition))
                .orderBy(POINT, VAULT)
                .limit(Cursor.rowsFor(page))
                .fetch(SqlContinuous::series);
        return Cursor.page(
                LIST,
                page,
                rows,
                series -> List.of(series.point().toString(), series.vault().value()));
    }

    @Override
    public List<Series> ofResource(Scope scope, Arn resource) {
        return sql.select(SERIES_COLUMNS)
                .from(SERIES)
                .where(Stored.isIn(scope))
                .and(RESOURCE.eq(resource.toString()))
                .orderBy(POINT, VAULT)
                .fetch(SqlContinuous::series);
    }

    @Override
    public List<Series> due(Instant now, int limit) {
        return sql.select(SERIES_COLUMNS)
                .from(SERIES)
                // Written out, so that the partial index serves.
                .where(DSL.condition("state = 'FOLLOWED'"))
                .and(NEXT_AT.le(Stored.millis(now)))
                .orderBy(NEXT_AT, POINT, VAULT)
                .limit(limit)
                .fetch(SqlContinuous::series);
    }

    @Override
    public List<Series> all(Optional<Series> after, int limit) {
        return sql.select(SERIES_COLUMNS)
                .from(SERIES)
                .where(after.map(SqlContinuous::isBehind).orElseGet(DSL::noCondition))
                .orderBy(ACCOUNT, REGION, VAULT, POINT)
                .limit(limit)
                .fetch(SqlContinuous::series);
    }

    private static Condition isBehind(Series last) {
        return DSL.condition(
                "({0}, {1}, {2}, {3}) > ({4}, {5}, {6}, {7})",
                ACCOUNT,
                REGION,
                VAULT,
                POINT,
                DSL.val(last.scope().account().value()),
                DSL.val(last.scope().region().value()),
                DSL.val(last.vault().value()),
                DSL.val(last.point().toString()));
    }

    @Override
    public List<Mark> newest(Series series, int count) {
        return marks.newest(series, count);
    }

    @Override
    public Optional<Mark> mark(Series series, long number) {
        return marks.mark(series, number);
    }

    @Override
    public Optional<Mark> newestImage(Series series) {
        return marks.newestImage(series);
    }

    @Override
    public Optional<Mark> imageAfter(Series series, long number) {
        return marks.imageAfter(series, number);
    }

    @Override
    public History outline(Series series) {
        return marks.outline(series);
    }

    @Override
    public History around(Series series, Instant moment) {
        return marks.around(series, moment);
    }

    @Override
    public History outdated(Series series, Instant oldest, int limit) {
        return marks.outdated(series, oldest, limit);
    }

    @Override
    public List<Long> numbers(Series series) {
        return marks.numbers(series);
    }

    @Override
    public long count(Series series) {
        return marks.count(series);
    }

    @Override
    public boolean isWanted(JobId job) {
        return sql.fetchExists(WANTED, JOB.eq(job.value()));
    }

    @Override
    public void put(Series series) {
        var row = row(series).asMap();
        if (sql.update(SERIES).set(row).where(is(series)).execute() == 0) {
            sql.insertInto(SERIES).set(row).execute();
        }
    }

    @Override
    public void put(Series series, Mark mark) {
        marks.put(series, mark);
    }

    @Override
    public void delete(Series series, Mark mark) {
        marks.delete(series, mark);
    }

    @Override
    public void delete(Series series) {
        marks.deleteAll(series);
        sql.deleteFrom(SERIES).where(is(series)).execute();
    }

    @Override
    public void want(JobId job) {
        if (!isWanted(job)) {
            sql.insertInto(WANTED)
                    .set(new Assignments().put(JOB, job.value()).asMap())
                    .execute();
        }
    }

    @Override
    public void settle(JobId job) {
        sql.deleteFrom(WANTED).where(JOB.eq(job.value())).execute();
    }

    private static Condition is(Series series) {
        return Stored.isIn(series.scope())
                .and(VAULT.eq(series.vault().value()))
                .and(POINT.eq(series.point().toString()));
    }

    private static Assignments key(Series series) {
        return Stored.in(series.scope())
                .put(VAULT, series.vault().value())
                .put(POINT, series.point().toString());
    }

    private static Assignments row(Series series) {
        var standing = series.standing();
        Optional<Instant> failingSince =
                standing instanceof Standing.Followed(var _, var since) ? since : Optional.empty();
        Optional<Instant> stoppedAt = switch (standing) {
            case Standing.Followed _ -> Optional.empty();
            case Standing.Interrupted(var at, var _) -> Optional.of(at);
            case Standing.Over(var at, var _) -> Optional.of(at);
        };
        return key(series)
                .put(RESOURCE, series.resource().toString())
                .put(RESOURCE_TYPE, series.type().wireName())
                .put(FIRST_SESSION, series.firstSession())
                .put(DAYS, series.days())
                .put(OPTIONS, JsonText.of(series.options()))
                .put(STATE, storedName(standing))
                .put(STOPPED_AT, stoppedAt.map(Stored::millis))
                .put(MESSAGE, standing.message())
                .put(TOKEN, series.position().token())
                .put(REACHED, Stored.millis(series.position().reached()))
                .put(CHECKED, Stored.millis(series.position().checked()))
                .put(ROUND_AT, series.roundAt().map(Stored::millis))
                .put(FAILING_SINCE, failingSince.map(Stored::millis))
                .put(NEXT_AT, Stored.millis(series.nextAt()))
                .put(EPOCH, series.epoch())
                .put(LEASE_NODE, series.lease().map(Lease::runner).map(RunnerId::node))
                .put(LEASE_START, series.lease().map(Lease::runner).map(RunnerId::start))
                .put(LEASE_UNTIL, series.lease().map(Lease::until).map(Stored::millis));
    }

    private static Series series(Record row) {
        var lease = Optional.ofNullable(row.get(LEASE_NODE))
                .map(node -> new Lease(
                        new RunnerId(node, row.get(LEASE_START)), row.get(EPOCH), Stored.instant(row, LEASE_UNTIL)));
        return new Series(
                Stored.scope(row),
                new VaultName(row.get(VAULT)),
                Stored.arn(row, POINT),
                Stored.arn(row, RESOURCE),
                Stored.type(row, RESOURCE_TYPE),
                row.get(FIRST_SESSION),
                row.get(DAYS),
                JsonText.texts(row.get(OPTIONS)),
                standing(row),
                new FeedPosition(
                        row.get(TOKEN),
                        Stored.instant(row, REACHED),
                        Stored.instant(row, row.get(CHECKED) == null ? REACHED : CHECKED)),
                Stored.instant(row, NEXT_AT),
                Stored.maybeInstant(row, ROUND_AT),
                row.get(EPOCH),
                lease);
    }

    private static String storedName(Standing standing) {
        return switch (standing) {
            case Standing.Followed _ -> "FOLLOWED";
            case Standing.Interrupted _ -> "INTERRUPTED";
            case Standing.Over _ -> "OVER";
        };
    }

    private static Standing standing(Record row) {
        var name = row.get(STATE);
        return switch (name) {
            case "FOLLOWED" ->
                new Standing.Followed(Optional.ofNullable(row.get(MESSAGE)), Stored.maybeInstant(row, FAILING_SINCE));
            case "INTERRUPTED" -> new Standing.Interrupted(Stored.instant(row, STOPPED_AT), row.get(MESSAGE));
            case "OVER" -> new Standing.Over(Stored.instant(row, STOPPED_AT), row.get(MESSAGE));
            default -> throw new IllegalStateException("The catalog holds an unknown state of a series: " + name);
        };
    }
}
