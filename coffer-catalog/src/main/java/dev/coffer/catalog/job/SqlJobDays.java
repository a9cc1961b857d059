package dev.coffer.catalog.job;

import static dev.coffer.catalog.sql.Stored.ACCOUNT;
import static dev.coffer.catalog.sql.Stored.REGION;

import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Days;
import dev.coffer.core.job.JobCount;
import dev.coffer.core.job.MessageCategory;
import dev.coffer.core.resource.ResourceType;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** How many jobs of a kind have ended, by the day of their creation. Changed in the transaction that ends a job, and kept when the job is removed, so that a count of some days reads some rows, however many jobs there were. */
final class SqlJobDays {
    private static final Table<Record> JOB_DAY = DSL.table(DSL.name("job_day"));
    private static final Field<String> KIND = Stored.text("kind");
    private static final Field<Long> DAY = Stored.number("day");
    private static final Field<String> STATE = Stored.text("state");
    private static final Field<String> RESOURCE_TYPE = Stored.text("resource_type");
    private static final Field<String> MESSAGE_CATEGORY = Stored.text("message_category");
    private static final Field<Long> JOBS = Stored.number("jobs");
    /** The value in the table, which the inserted row has by the same name. */
    private static final Field<Long> PRESENT = DSL.field(DSL.name("job_day", "jobs"), SQLDataType.BIGINT);

    private final DSLContext sql;
    private final String kind;

    SqlJobDays(DSLContext sql, String kind) {
        this.sql = sql;
        this.kind = kind;
    }

    /** Jobs that are alike; the category is absent for kinds that have none. */
    record Likeness(Instant createdAt, String state, ResourceType type, Optional<MessageCategory> category) {}

    void add(Scope scope, Likeness like, long jobs) {
        sql.insertInto(JOB_DAY)
                .set(Stored.in(scope)
                        .put(KIND, kind)
                        .put(DAY, Math.floorDiv(Stored.millis(like.createdAt()), JobColumns.MILLIS_OF_DAY))
                        .put(STATE, like.state())
                        .put(RESOURCE_TYPE, like.type().wireName())
                        .put(
                                MESSAGE_CATEGORY,
                                like.category().map(MessageCategory::name).orElse(""))
                        .put(JOBS, jobs)
                        .asMap())
                .onConflict(ACCOUNT, REGION, KIND, DAY, STATE, RESOURCE_TYPE, MESSAGE_CATEGORY)
                .doUpdate()
                .set(JOBS, PRESENT.plus(jobs))
                .execute();
    }

    List<JobCount> of(
            Scope scope,
            Days days,
            Optional<String> state,
            Optional<ResourceType> type,
            Optional<MessageCategory> category) {
        return sql.select(DAY, STATE, RESOURCE_TYPE, MESSAGE_CATEGORY, JOBS)
                .from(JOB_DAY)
                .where(Stored.isIn(scope))
                .and(KIND.eq(kind))
                .and(DAY.ge(days.first().toEpochDay()))
                .and(DAY.lt(days.end().toEpochDay()))
                .and(like(state, type, category))
                .and(JOBS.gt(0L))
                .fetch(row -> new JobCount(
                        LocalDate.ofEpochDay(row.value1()),
                        row.value2(),
                        Stored.type(row.value3()),
                        Optional.of(row.value4())
                                .filter(name -> !name.isEmpty())
                                .map(MessageCategory::valueOf),
                        row.value5()));
    }

    private static Condition like(
            Optional<String> state, Optional<ResourceType> type, Optional<MessageCategory> category) {
        return DSL.and(
                state.map(STATE::eq).orElseGet(DSL::noCondition),
                type.map(wanted -> RESOURCE_TYPE.eq(wanted.wireName())).orElseGet(DSL::noCondition),
                category.map(wanted -> MESSAGE_CATEGORY.eq(wanted.name())).orElseGet(DSL::noCondition));
    }

    /** Forgets the counts of all scopes and kinds of days before this one. */
    static int forgetBefore(DSLContext sql, LocalDate day) {
        return sql.deleteFrom(JOB_DAY).where(DAY.lt(day.toEpochDay())).execute();
    }
}
