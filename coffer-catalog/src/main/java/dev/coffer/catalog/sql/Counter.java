package dev.coffer.catalog.sql;

import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Numbers that only grow. A transaction that takes one keeps others from taking one until it ends. */
public enum Counter {
    /** The fencing epochs of all jobs. */
    EPOCH("epoch"),
    /** The places of events in the outbox. */
    EVENT("event");

    private static final Table<Record> COUNTER = DSL.table(DSL.name("counter"));
    private static final Field<String> NAME = Stored.text("name");
    private static final Field<Long> LAST = Stored.number("last");

    private final String storedName;

    Counter(String storedName) {
        this.storedName = storedName;
    }

    /** The next number: greater than every one that a committed transaction took. */
    public long next(DSLContext sql) {
        sql.update(COUNTER).set(LAST, LAST.plus(1)).where(NAME.eq(storedName)).execute();
        return last(sql);
    }

    /** The last number that was taken; 0 at first. */
    public long last(DSLContext sql) {
        return sql.select(LAST)
                .from(COUNTER)
                .where(NAME.eq(storedName))
                .fetchOptional(LAST)
                .orElseThrow(() -> new IllegalStateException("The catalog has lost its counter " + storedName + "."));
    }
}
