package dev.coffer.catalog.recoverypoint;

import static dev.coffer.catalog.sql.Stored.ACCOUNT;
import static dev.coffer.catalog.sql.Stored.REGION;

import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.RecordMapper;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Points for which a moment has come and that no hold has. */
final class DuePoints {
    private static final Field<String> ARN = Stored.text("arn");
    private static final Field<String> VAULT = Stored.text("vault");
    private static final String NOT_HELD =
            "not exists (select 1 from held_point as held where held.account = recovery_point.account"
                    + " and held.region = recovery_point.region and held.vault = recovery_point.vault"
                    + " and held.arn = recovery_point.arn)";

    private final DSLContext sql;
    private final Table<Record> table;
    private final List<Field<?>> columns;
    private final RecordMapper<Record, RecoveryPoint> mapper;

    DuePoints(DSLContext sql, Table<Record> table, List<Field<?>> columns, RecordMapper<Record, RecoveryPoint> mapper) {
        this.sql = sql;
        this.table = table;
        this.columns = columns;
        this.mapper = mapper;
    }

    /**
     * The points that are due by a column, the longest due first.
     *
     * @param after the last point of the rows before; they go on behind it
     * @param dueAt what the column holds of a point
     */
    List<RecoveryPoint> by(
            Field<Long> column,
            Instant moment,
            Optional<RecoveryPoint> after,
            Function<RecoveryPoint, Optional<Instant>> dueAt,
            Condition condition,
            int limit) {
        return sql.select(columns)
                .from(table)
                .where(column.le(Stored.millis(moment)))
                .and(condition)
                .and(DSL.condition(NOT_HELD))
                .and(after.map(last -> isBehind(column, last, dueAt)).orElseGet(DSL::noCondition))
                .orderBy(column, ARN, VAULT, ACCOUNT, REGION)
                .limit(limit)
                .fetch(mapper);
    }

    private static Condition isBehind(
            Field<Long> column, RecoveryPoint last, Function<RecoveryPoint, Optional<Instant>> dueAt) {
        return DSL.condition(
                "({0}, {1}, {2}, {3}, {4}) > ({5}, {6}, {7}, {8}, {9})",
                column,
                ARN,
                VAULT,
                ACCOUNT,
                REGION,
                DSL.val(Stored.millis(dueAt.apply(last).orElseThrow())),
                DSL.val(last.arn().toString()),
                DSL.val(last.vault().value()),
                DSL.val(last.scope().account().value()),
                DSL.val(last.scope().region().value()));
    }
}
