package dev.coffer.catalog.maintenance;

import static dev.coffer.catalog.sql.Stored.ACCOUNT;
import static dev.coffer.catalog.sql.Stored.REGION;

import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.MaintenanceTable;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.maintenance.MaintenanceRun;
import dev.coffer.core.maintenance.MaintenanceRun.Kind;
import dev.coffer.core.maintenance.MaintenanceRun.State;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Maintenance runs in SQL: a row for each. */
public final class SqlMaintenance implements MaintenanceTable {
    private static final Table<Record> MAINTENANCE_RUN = DSL.table(DSL.name("maintenance_run"));
    private static final Field<String> ID = Stored.text("id");
    private static final Field<String> VAULT = Stored.text("vault");
    private static final Field<String> VAULT_ID = Stored.text("vault_id");
    private static final Field<String> KIND = Stored.text("kind");
    private static final Field<String> STATE = Stored.text("state");
    private static final Field<Long> STARTED_AT = Stored.number("started_at");
    private static final Field<Long> ENDED_AT = Stored.number("ended_at");
    private static final Field<String> LEASE_NODE = Stored.text("lease_node");
    private static final Field<String> LEASE_START = Stored.text("lease_start");
    private static final Field<Long> LEASE_UNTIL = Stored.number("lease_until");
    private static final Field<String> RESULT = Stored.text("result");
    private static final Field<String> MESSAGE = Stored.text("message");
    private static final List<Field<?>> COLUMNS = List.of(
            ACCOUNT,
            REGION,
            ID,
            VAULT,
            VAULT_ID,
            KIND,
            STATE,
            STARTED_AT,
            ENDED_AT,
            LEASE_NODE,
            LEASE_START,
            LEASE_UNTIL,
            RESULT,
            MESSAGE);
    private static final String RUNNING = "RUNNING";

    private final DSLContext sql;

    public SqlMaintenance(DSLContext sql) {
        this.sql = sql;
    }

    @Override
    public void put(MaintenanceRun run) {
        var row = Stored.in(run.scope())
                .put(ID, run.id())
                .put(VAULT, run.vault().value())
                .put(VAULT_ID, run.vaultId().toString())
                .put(KIND, run.kind().name())
                .put(STATE, run.state().name())
                .put(STARTED_AT, Stored.millis(run.startedAt()))
                .put(ENDED_AT, run.endedAt().map(Stored::millis))
                .put(LEASE_NODE, run.runner().node())
                .put(LEASE_START, run.runner().start())
                .put(LEASE_UNTIL, Stored.millis(run.leaseUntil()))
                .put(RESULT, run.result().map(ResultText::of))
                .put(MESSAGE, run.message())
                .asMap();
        sql.insertInto(MAINTENANCE_RUN)
                .set(row)
                .onConflict(ID)
                .doUpdate()
                .set(row)
                .execute();
    }

    @Override
    public void renew(RunnerId runner, Instant until) {
        sql.update(MAINTENANCE_RUN)
                .set(LEASE_UNTIL, Stored.millis(until))
                .where(DSL.condition("state = 'RUNNING'"))
                .and(LEASE_NODE.eq(runner.node()))
                .and(LEASE_START.eq(runner.start()))
                .execute();
    }

    @Override
    public void keepNewest(VaultId vault, Kind kind, int most) {
        var old = sql.select(ID)
                .from(MAINTENANCE_RUN)
                .where(VAULT_ID.eq(vault.toString()))
                .and(KIND.eq(kind.name()))
                .and(STATE.ne(RUNNING))
                .orderBy(STARTED_AT.desc(), ID.desc())
                .fetch(ID);
        old.stream()
                .skip(most)
                .forEach(id -> sql.deleteFrom(MAINTENANCE_RUN).where(ID.eq(id)).execute());
    }

    @Override
    public void forget(VaultId vault) {
        sql.deleteFrom(MAINTENANCE_RUN).where(VAULT_ID.eq(vault.toString())).execute();
    }

    @Override
    public Optional<MaintenanceRun> find(Scope scope, String id) {
        return sql.select(COLUMNS)
                .from(MAINTENANCE_RUN)
                .where(ID.eq(id))
                .and(Stored.isIn(scope))
                .fetchOptional(SqlMaintenance::run);
    }

    @Override
    public List<MaintenanceRun> of(VaultId vault) {
        return sql.select(COLUMNS)
                .from(MAINTENANCE_RUN)
                .where(VAULT_ID.eq(vault.toString()))
                .orderBy(STARTED_AT.desc(), ID.desc())
                .fetch(SqlMaintenance::run);
    }

    @Override
    public List<MaintenanceRun> running() {
        // Stated as text, so that the partial index serves.
        return sql.select(COLUMNS)
                .from(MAINTENANCE_RUN)
                .where(DSL.condition("state = 'RUNNING'"))
                .orderBy(STARTED_AT, ID)
                .fetch(SqlMaintenance::run);
    }

    private static MaintenanceRun run(Record row) {
        return new MaintenanceRun(
                row.get(ID),
                Stored.scope(row),
                new VaultName(row.get(VAULT)),
                new VaultId(UUID.fromString(row.get(VAULT_ID))),
                kind(row.get(KIND)),
                state(row.get(STATE)),
                Stored.instant(row, STARTED_AT),
                Stored.maybeInstant(row, ENDED_AT),
                new RunnerId(row.get(LEASE_NODE), row.get(LEASE_START)),
                Stored.instant(row, LEASE_UNTIL),
                Optional.ofNullable(row.get(RESULT)).map(ResultText::result),
                Optional.ofNullable(row.get(MESSAGE)));
    }

    private static Kind kind(String storedName) {
        return switch (storedName) {
            case "SWEEP" -> Kind.SWEEP;
            case "VERIFY" -> Kind.VERIFY;
            case "REWRAP" -> Kind.REWRAP;
            default -> throw new IllegalStateException("The catalog holds an unknown maintenance: " + storedName);
        };
    }

    private static State state(String storedName) {
        return switch (storedName) {
            case RUNNING -> State.RUNNING;
            case "COMPLETED" -> State.COMPLETED;
            case "FAILED" -> State.FAILED;
            case "INTERRUPTED" -> State.INTERRUPTED;
            default ->
                throw new IllegalStateException("The catalog holds an unknown state of maintenance: " + storedName);
        };
    }
}
