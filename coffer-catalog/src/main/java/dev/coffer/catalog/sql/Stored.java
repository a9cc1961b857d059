package dev.coffer.catalog.sql;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.resource.ResourceType;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * How single values are stored. Instants are milliseconds, what is finer is cut off when it is written. What is read was written by this code, so a value that cannot be understood is damage or a newer version's, and
 * an {@link IllegalStateException}.
 */
public final class Stored {
    public static final Field<String> ACCOUNT = text("account");
    public static final Field<String> REGION = text("region");
    public static final Field<Long> COLD_AFTER_DAYS = number("cold_after_days");
    public static final Field<Long> DELETE_AFTER_DAYS = number("delete_after_days");
    public static final Field<Integer> OPT_IN_TO_ARCHIVE = integer("opt_in_to_archive");

    private Stored() {}

    /** A column of text. */
    public static Field<String> text(String name) {
        return DSL.field(DSL.name(name), SQLDataType.CLOB);
    }

    /** A column of whole numbers of 64 bits. */
    public static Field<Long> number(String name) {
        return DSL.field(DSL.name(name), SQLDataType.BIGINT);
    }

    /** A column of whole numbers of 32 bits. */
    public static Field<Integer> integer(String name) {
        return DSL.field(DSL.name(name), SQLDataType.INTEGER);
    }

    /** The stored form of an instant. */
    public static long millis(Instant instant) {
        return instant.toEpochMilli();
    }

    /** The first stored instant that is not before this one: a stored x is before it exactly if x is less. */
    public static long millisNotBefore(Instant instant) {
        var cut = instant.toEpochMilli();
        return Instant.ofEpochMilli(cut).isBefore(instant) ? cut + 1 : cut;
    }

    /** The instant in a column that always has one. */
    public static Instant instant(Record row, Field<Long> field) {
        return Instant.ofEpochMilli(row.get(field));
    }

    /** The instant in a column that may have none. */
    public static Optional<Instant> maybeInstant(Record row, Field<Long> field) {
        return Optional.ofNullable(row.get(field)).map(Instant::ofEpochMilli);
    }

    /** The ARN in a column that always has one. */
    public static Arn arn(Record row, Field<String> field) {
        return arn(row.get(field));
    }

    /** The ARN of this text. Unlike a request's, it was checked before it was stored. */
    public static Arn arn(String text) {
        var parts = text.split(":", 6);
        if (parts.length < 6 || !"arn".equals(parts[0])) {
            throw new IllegalStateException("The catalog holds an ARN that is none: " + text);
        }
        return new Arn(parts[1], parts[2], parts[3], parts[4], parts[5]);
    }

    /** The type in a column. */
    public static ResourceType type(Record row, Field<String> field) {
        return type(row.get(field));
    }

    /** The type of this stored name. */
    public static ResourceType type(String name) {
        return ResourceType.ofWireName(name)
                .orElseThrow(() -> new IllegalStateException("The catalog holds an unknown resource type: " + name));
    }

    /** The scope of a row. */
    public static Scope scope(Record row) {
        return new Scope(new AccountId(row.get(ACCOUNT)), new Region(row.get(REGION)));
    }

    /** Writes the scope of a row. */
    public static Assignments in(Scope scope) {
        return new Assignments()
                .put(ACCOUNT, scope.account().value())
                .put(REGION, scope.region().value());
    }

    /** Rows of the scope. */
    public static Condition isIn(Scope scope) {
        return ACCOUNT.eq(scope.account().value()).and(REGION.eq(scope.region().value()));
    }

    /** Rows whose instant is after the one and before the other, both excluded. A row without instant is not between any. */
    public static Condition isBetween(Field<Long> field, Optional<Instant> after, Optional<Instant> before) {
        return DSL.and(
                after.map(moment -> field.gt(millis(moment))).orElseGet(DSL::noCondition),
                before.map(moment -> field.lt(millisNotBefore(moment))).orElseGet(DSL::noCondition));
    }

    /** Writes a lifecycle. */
    public static void put(Assignments row, Lifecycle lifecycle) {
        row.put(COLD_AFTER_DAYS, boxed(lifecycle.coldAfterDays()))
                .put(DELETE_AFTER_DAYS, boxed(lifecycle.deleteAfterDays()))
                .put(OPT_IN_TO_ARCHIVE, lifecycle.optInToArchive().map(Stored::yesNo));
    }

    /** The lifecycle of a row. */
    public static Lifecycle lifecycle(Record row) {
        return new Lifecycle(
                unboxed(Optional.ofNullable(row.get(COLD_AFTER_DAYS))),
                unboxed(Optional.ofNullable(row.get(DELETE_AFTER_DAYS))),
                Optional.ofNullable(row.get(OPT_IN_TO_ARCHIVE)).map(number -> number != 0));
    }

    /** The stored form of yes and no. */
    public static int yesNo(boolean yes) {
        return yes ? 1 : 0;
    }

    private static Optional<Long> boxed(OptionalLong days) {
        return days.isPresent() ? Optional.of(days.getAsLong()) : Optional.empty();
    }

    private static OptionalLong unboxed(Optional<Long> days) {
        return days.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }
}
