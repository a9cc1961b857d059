package dev.coffer.catalog.recoverypoint;

import static dev.coffer.catalog.sql.Stored.ACCOUNT;
import static dev.coffer.catalog.sql.Stored.REGION;

import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.recoverypoint.VaultTotal;
import dev.coffer.core.vault.VaultName;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** What the vaults hold in all, changed in the transaction that changes a point. */
public final class SqlVaultTotals {
    private static final Table<Record> VAULT_TOTAL = DSL.table(DSL.name("vault_total"));
    private static final Field<String> VAULT = Stored.text("vault");
    private static final Field<Long> POINTS = Stored.number("points");
    private static final Field<Long> LOGICAL_KIB = Stored.number("logical_kib");

    private final DSLContext sql;

    public SqlVaultTotals(DSLContext sql) {
        this.sql = sql;
    }

    /** The stored form of a point's size, in which the sizes of all points of a vault can be added up. */
    static long kib(long bytes) {
        return bytes / 1024 + 1;
    }

    void add(Scope scope, VaultName vault, long points, long kib) {
        sql.insertInto(VAULT_TOTAL)
                .set(Stored.in(scope)
                        .put(VAULT, vault.value())
                        .put(POINTS, points)
                        .put(LOGICAL_KIB, kib)
                        .asMap())
                .onConflict(ACCOUNT, REGION, VAULT)
                .doUpdate()
                .set(POINTS, present(POINTS).plus(points))
                .set(LOGICAL_KIB, present(LOGICAL_KIB).plus(kib))
                .execute();
    }

    /** The value in the table, which the inserted row has by the same name. */
    private static Field<Long> present(Field<Long> field) {
        return DSL.field(DSL.name("vault_total", field.getName()), SQLDataType.BIGINT);
    }

    long pointsIn(Scope scope, VaultName vault) {
        return sql.select(POINTS)
                .from(VAULT_TOTAL)
                .where(isIn(scope, vault))
                .fetchOptional(POINTS)
                .orElse(0L);
    }

    List<VaultTotal> of(Scope scope) {
        return sql.select(VAULT, POINTS, LOGICAL_KIB)
                .from(VAULT_TOTAL)
                .where(Stored.isIn(scope))
                .orderBy(VAULT)
                .fetch(row -> new VaultTotal(
                        new VaultName(row.value1()), row.value2(), Math.multiplyExact(row.value3(), 1024L)));
    }

    /** Forgets a vault that is deleted. */
    public void forget(Scope scope, VaultName vault) {
        sql.deleteFrom(VAULT_TOTAL).where(isIn(scope, vault)).execute();
    }

    private static Condition isIn(Scope scope, VaultName vault) {
        return Stored.isIn(scope).and(VAULT.eq(vault.value()));
    }
}
