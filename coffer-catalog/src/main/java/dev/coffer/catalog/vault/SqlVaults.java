package dev.coffer.catalog.vault;

import static dev.coffer.catalog.sql.Stored.ACCOUNT;
import static dev.coffer.catalog.sql.Stored.REGION;

import dev.coffer.catalog.recoverypoint.SqlVaultTotals;
import dev.coffer.catalog.sql.Cursor;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.VaultTable;
import dev.coffer.core.vault.EncryptionKey;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Vaults in SQL. */
public final class SqlVaults implements VaultTable {
    private static final Table<Record> VAULT = DSL.table(DSL.name("vault"));
    private static final Field<String> NAME = Stored.text("name");
    private static final Field<String> ID = Stored.text("id");
    private static final Field<String> ENCRYPTION_KEY = Stored.text("encryption_key");
    private static final Field<String> KEY_TYPE = Stored.text("key_type");
    private static final Field<Long> CREATED_AT = Stored.number("created_at");
    private static final Field<String> CREATOR_REQUEST_ID = Stored.text("creator_request_id");
    private static final List<Field<?>> COLUMNS =
            List.of(ACCOUNT, REGION, NAME, ID, ENCRYPTION_KEY, KEY_TYPE, CREATED_AT, CREATOR_REQUEST_ID);
    private static final String CUSTOMER = "CUSTOMER";
    private static final String MANAGED = "MANAGED";
    private static final String LIST = "vaults";

    private final DSLContext sql;

    public SqlVaults(DSLContext sql) {
        this.sql = sql;
    }

    @Override
    public void insert(Vault vault) {
        var row = Stored.in(vault.scope())
                .put(NAME, vault.name().value())
                .put(ID, vault.id().toString())
                .put(ENCRYPTION_KEY, vault.encryptionKey().arn().toString())
                .put(KEY_TYPE, vault.encryptionKey().ofCustomer() ? CUSTOMER : MANAGED)
                .put(CREATED_AT, Stored.millis(vault.createdAt()))
                .put(CREATOR_REQUEST_ID, vault.creatorRequestId());
        sql.insertInto(VAULT).set(row.asMap()).execute();
    }

    @Override
    public void delete(Vault vault) {
        sql.deleteFrom(VAULT)
                .where(Stored.isIn(vault.scope()))
                .and(NAME.eq(vault.name().value()))
                .and(ID.eq(vault.id().toString()))
                .execute();
        new SqlVaultTotals(sql).forget(vault.scope(), vault.name());
    }

    @Override
    public Optional<Vault> find(Scope scope, VaultName name) {
        return sql.select(COLUMNS)
                .from(VAULT)
                .where(Stored.isIn(scope))
                .and(NAME.eq(name.value()))
                .fetchOptional(SqlVaults::vault);
    }

    @Override
    public Page<Vault> list(Scope scope, PageRequest page) {
        var behind = Cursor.of(LIST, 2, page).map(SqlVaults::isBehind).orElseGet(DSL::noCondition);
        var rows = sql.select(COLUMNS)
                .from(VAULT)
                .where(Stored.isIn(scope))
                .and(behind)
                .orderBy(CREATED_AT, NAME)
                .limit(Cursor.rowsFor(page))
                .fetch(SqlVaults::vault);
        return Cursor.page(
                LIST,
                page,
                rows,
                vault -> List.of(
                        Long.toString(Stored.millis(vault.createdAt())),
                        vault.name().value()));
    }

    @Override
    public long count(Scope scope) {
        return sql.fetchCount(VAULT, Stored.isIn(scope));
    }

    @Override
    public List<Vault> all() {
        return sql.select(COLUMNS)
                .from(VAULT)
                .orderBy(ACCOUNT, REGION, CREATED_AT, NAME)
                .fetch(SqlVaults::vault);
    }

    private static Condition isBehind(Cursor cursor) {
        return DSL.condition(
                "({0}, {1}) > ({2}, {3})",
                CREATED_AT, NAME, DSL.val(cursor.millis()), DSL.val(cursor.key().get(1)));
    }

    private static Vault vault(Record row) {
        return new Vault(
                Stored.scope(row),
                new VaultName(row.get(NAME)),
                new VaultId(UUID.fromString(row.get(ID))),
                new EncryptionKey(
                        Stored.arn(row, ENCRYPTION_KEY), row.get(KEY_TYPE).equals(CUSTOMER)),
                Stored.instant(row, CREATED_AT),
                Optional.ofNullable(row.get(CREATOR_REQUEST_ID)));
    }
}
