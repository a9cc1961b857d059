package dev.coffer.catalog.vault;

import dev.coffer.catalog.sql.Assignments;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.LockTable;
import dev.coffer.core.catalog.VaultRows;
import dev.coffer.core.vault.RetentionBounds;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultLock;
import dev.coffer.core.vault.VaultName;
import java.util.Optional;
import java.util.OptionalLong;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Locks in SQL: a row for each vault that is locked. */
public final class SqlLocks implements LockTable {
    private static final Table<Record> VAULT_LOCK = DSL.table(DSL.name("vault_lock"));
    private static final Field<String> VAULT_ID = Stored.text("vault_id");
    private static final Field<String> MODE = Stored.text("mode");
    private static final Field<Long> MIN_DAYS = Stored.number("min_days");
    private static final Field<Long> MAX_DAYS = Stored.number("max_days");
    private static final Field<Long> LOCK_DATE = Stored.number("lock_date");

    private final DSLContext sql;
    private final VaultRows vaults;

    public SqlLocks(DSLContext sql, VaultRows vaults) {
        this.sql = sql;
        this.vaults = vaults;
    }

    @Override
    public VaultLock of(Vault vault) {
        return sql.select(MODE, MIN_DAYS, MAX_DAYS, LOCK_DATE)
                .from(VAULT_LOCK)
                .where(VAULT_ID.eq(vault.id().toString()))
                .fetchOptional(SqlLocks::lock)
                .orElseGet(VaultLock.None::new);
    }

    @Override
    public VaultLock of(Scope scope, VaultName vault) {
        return vaults.find(scope, vault).map(this::of).orElseGet(VaultLock.None::new);
    }

    @Override
    public void put(Vault vault, VaultLock lock) {
        sql.deleteFrom(VAULT_LOCK).where(VAULT_ID.eq(vault.id().toString())).execute();
        if (lock.isLocked()) {
            var row = new Assignments()
                    .put(VAULT_ID, vault.id().toString())
                    .put(MODE, mode(lock))
                    .put(MIN_DAYS, boxed(lock.bounds().minDays()))
                    .put(MAX_DAYS, boxed(lock.bounds().maxDays()))
                    .put(LOCK_DATE, lock.lockDate().map(Stored::millis));
            sql.insertInto(VAULT_LOCK).set(row.asMap()).execute();
        }
    }

    private static String mode(VaultLock lock) {
        return switch (lock) {
            case VaultLock.None() -> throw new IllegalStateException("no lock has no row");
            case VaultLock.Governance(var _) -> "GOVERNANCE";
            case VaultLock.Compliance(var _, var _) -> "COMPLIANCE";
        };
    }

    private static VaultLock lock(Record row) {
        var bounds = new RetentionBounds(unboxed(row.get(MIN_DAYS)), unboxed(row.get(MAX_DAYS)));
        var mode = row.get(MODE);
        return switch (mode) {
            case "GOVERNANCE" -> new VaultLock.Governance(bounds);
            case "COMPLIANCE" -> new VaultLock.Compliance(bounds, Stored.instant(row, LOCK_DATE));
            default -> throw new IllegalStateException("The catalog holds an unknown mode of a vault lock: " + mode);
        };
    }

    private static Optional<Long> boxed(OptionalLong days) {
        return days.isPresent() ? Optional.of(days.getAsLong()) : Optional.empty();
    }

    private static OptionalLong unboxed(@org.jspecify.annotations.Nullable Long days) {
        return days == null ? OptionalLong.empty() : OptionalLong.of(days);
    }
}
