package dev.coffer.catalog.vault;

import static dev.coffer.catalog.sql.Stored.ACCOUNT;
import static dev.coffer.catalog.sql.Stored.REGION;

import dev.coffer.catalog.sql.JsonText;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.VaultNotificationTable;
import dev.coffer.core.vault.VaultEvent;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultNotifications;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Which vaults notify which topics, in SQL. */
public final class SqlVaultNotifications implements VaultNotificationTable {
    private static final Table<Record> VAULT_NOTIFICATIONS = DSL.table(DSL.name("vault_notifications"));
    private static final Field<String> VAULT = Stored.text("vault");
    private static final Field<String> TOPIC = Stored.text("topic");
    private static final Field<String> EVENTS = Stored.text("events");
    private static final List<Field<?>> COLUMNS = List.of(ACCOUNT, REGION, VAULT, TOPIC, EVENTS);

    private final DSLContext sql;

    public SqlVaultNotifications(DSLContext sql) {
        this.sql = sql;
    }

    @Override
    public void put(VaultNotifications notifications) {
        delete(notifications.scope(), notifications.vault());
        var row = Stored.in(notifications.scope())
                .put(VAULT, notifications.vault().value())
                .put(TOPIC, notifications.topic().toString())
                .put(
                        EVENTS,
                        JsonText.of(notifications.events().stream()
                                .map(VaultEvent::name)
                                .toList()));
        sql.insertInto(VAULT_NOTIFICATIONS).set(row.asMap()).execute();
    }

    @Override
    public void delete(Scope scope, VaultName vault) {
        sql.deleteFrom(VAULT_NOTIFICATIONS)
                .where(Stored.isIn(scope))
                .and(VAULT.eq(vault.value()))
                .execute();
    }

    @Override
    public Optional<VaultNotifications> find(Scope scope, VaultName vault) {
        return sql.select(COLUMNS)
                .from(VAULT_NOTIFICATIONS)
                .where(Stored.isIn(scope))
                .and(VAULT.eq(vault.value()))
                .fetchOptional(SqlVaultNotifications::notifications);
    }

    @Override
    public List<VaultNotifications> of(Scope scope) {
        return sql.select(COLUMNS)
                .from(VAULT_NOTIFICATIONS)
                .where(Stored.isIn(scope))
                .orderBy(VAULT)
                .fetch(SqlVaultNotifications::notifications);
    }

    @Override
    public List<VaultNotifications> all() {
        return sql.select(COLUMNS)
                .from(VAULT_NOTIFICATIONS)
                .orderBy(ACCOUNT, REGION, VAULT)
                .fetch(SqlVaultNotifications::notifications);
    }

    private static VaultNotifications notifications(Record row) {
        return new VaultNotifications(
                Stored.scope(row),
                new VaultName(row.get(VAULT)),
                Stored.arn(row, TOPIC),
                JsonText.textList(row.get(EVENTS)).stream()
                        .map(VaultEvent::valueOf)
                        .toList());
    }
}
