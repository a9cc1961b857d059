package dev.coffer.catalog.access;

import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.access.PolicyDocument;
import dev.coffer.core.access.PolicyKind;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.VaultPolicyTable;
import dev.coffer.core.vault.VaultName;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** The access policies of vaults in SQL. */
public final class SqlVaultPolicies implements VaultPolicyTable {
    private static final Table<Record> VAULT_POLICY = DSL.table(DSL.name("vault_policy"));
    private static final Field<String> VAULT = Stored.text("vault");
    private static final Field<String> DOCUMENT = Stored.text("document");

    private final DSLContext sql;

    public SqlVaultPolicies(DSLContext sql) {
        this.sql = sql;
    }

    @Override
    public Optional<PolicyDocument> of(Scope scope, VaultName vault) {
        return sql.select(DOCUMENT)
                .from(VAULT_POLICY)
                .where(isOf(scope, vault))
                .fetchOptional(row -> StoredPolicies.of(PolicyKind.VAULT, row.get(DOCUMENT)));
    }

    @Override
    public void put(Scope scope, VaultName vault, PolicyDocument policy) {
        delete(scope, vault);
        var row = Stored.in(scope).put(VAULT, vault.value()).put(DOCUMENT, policy.text());
        sql.insertInto(VAULT_POLICY).set(row.asMap()).execute();
    }

    @Override
    public void delete(Scope scope, VaultName vault) {
        sql.deleteFrom(VAULT_POLICY).where(isOf(scope, vault)).execute();
    }

    private static Condition isOf(Scope scope, VaultName vault) {
        return Stored.isIn(scope).and(VAULT.eq(vault.value()));
    }
}
