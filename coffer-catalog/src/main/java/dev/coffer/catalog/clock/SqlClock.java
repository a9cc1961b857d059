package dev.coffer.catalog.clock;

import dev.coffer.catalog.sql.Assignments;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.catalog.ClockTable;
import dev.coffer.core.clock.Heartbeat;
import dev.coffer.core.clock.Suspicion;
import dev.coffer.core.clock.VaultClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** The record of the vault clock in SQL. Durations are milliseconds. */
public final class SqlClock implements ClockTable {
    private static final Table<Record> HEARTBEAT = DSL.table(DSL.name("heartbeat"));
    private static final Field<Long> SEQUENCE = Stored.number("sequence");
    private static final Field<String> BOOT = Stored.text("boot");
    private static final Field<Long> MONOTONIC = Stored.number("monotonic");
    private static final Field<Long> EARLIEST = Stored.number("earliest");
    private static final Field<Long> LATEST = Stored.number("latest");
    private static final Field<Long> SYSTEM = Stored.number("system_time");
    private static final Field<Long> ALLOWANCE = Stored.number("allowance");
    private static final Field<Long> UNEXPLAINED = Stored.number("unexplained");
    private static final Field<String> SUSPICION = Stored.text("suspicion");
    private static final Field<Long> SUSPECT_SINCE = Stored.number("suspect_since");
    private static final Field<String> EVIDENCE = Stored.text("evidence");
    private static final Field<String> PREVIOUS = Stored.text("previous");
    private static final Field<String> SEAL = Stored.text("seal");
    private static final List<Field<?>> COLUMNS = List.of(
            SEQUENCE,
            BOOT,
            MONOTONIC,
            EARLIEST,
            LATEST,
            SYSTEM,
            ALLOWANCE,
            UNEXPLAINED,
            SUSPICION,
            SUSPECT_SINCE,
            EVIDENCE,
            PREVIOUS,
            SEAL);

    private final DSLContext sql;

    public SqlClock(DSLContext sql) {
        this.sql = sql;
    }

    @Override
    public void append(Heartbeat line) {
        var clock = line.clock();
        var row = new Assignments()
                .put(SEQUENCE, line.sequence())
                .put(BOOT, line.boot())
                .put(MONOTONIC, line.monotonic())
                .put(EARLIEST, Stored.millis(clock.earliest()))
                .put(LATEST, Stored.millis(clock.latest()))
                .put(SYSTEM, Stored.millis(clock.system()))
                .put(ALLOWANCE, clock.allowance().toMillis())
                .put(UNEXPLAINED, clock.unexplained().toMillis())
                .put(SUSPICION, clock.suspicion().map(doubt -> doubt.reason().name()))
                .put(SUSPECT_SINCE, clock.suspicion().map(doubt -> Stored.millis(doubt.since())))
                .put(EVIDENCE, line.evidence())
                .put(PREVIOUS, line.previous())
                .put(SEAL, line.seal());
        sql.insertInto(HEARTBEAT).set(row.asMap()).execute();
    }

    @Override
    public void deleteBefore(long sequence) {
        sql.deleteFrom(HEARTBEAT).where(SEQUENCE.lt(sequence)).execute();
    }

    @Override
    public Optional<Heartbeat> last() {
        return newest(1).stream().findFirst();
    }

    @Override
    public List<Heartbeat> newest(int limit) {
        return sql.select(COLUMNS)
                .from(HEARTBEAT)
                .orderBy(SEQUENCE.desc())
                .limit(limit)
                .fetch(SqlClock::line);
    }

    private static Heartbeat line(Record row) {
        var doubt = Optional.ofNullable(row.get(SUSPICION))
                .map(name -> new Suspicion(reason(name), Stored.instant(row, SUSPECT_SINCE)));
        var clock = new VaultClock(
                Stored.instant(row, EARLIEST),
                Stored.instant(row, LATEST),
                Stored.instant(row, SYSTEM),
                Duration.ofMillis(row.get(ALLOWANCE)),
                Duration.ofMillis(row.get(UNEXPLAINED)),
                doubt);
        return new Heartbeat(
                row.get(SEQUENCE),
                row.get(BOOT),
                row.get(MONOTONIC),
                clock,
                Optional.ofNullable(row.get(EVIDENCE)),
                row.get(PREVIOUS),
                row.get(SEAL));
    }

    private static Suspicion.Reason reason(String storedName) {
        return switch (storedName) {
            case "JUMPED" -> Suspicion.Reason.JUMPED;
            case "LONG_ABSENCE" -> Suspicion.Reason.LONG_ABSENCE;
            case "WENT_BACK" -> Suspicion.Reason.WENT_BACK;
            case "SOURCES_DISAGREE" -> Suspicion.Reason.SOURCES_DISAGREE;
            case "RECORD_BROKEN" -> Suspicion.Reason.RECORD_BROKEN;
            default -> throw new IllegalStateException("The catalog holds an unknown suspicion: " + storedName);
        };
    }
}
