package dev.coffer.catalog.access;

import static dev.coffer.catalog.sql.Stored.ACCOUNT;

import dev.coffer.catalog.sql.Assignments;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.access.AccessKey;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.AccessTable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Access keys, roles and used signatures in SQL. */
public final class SqlAccess implements AccessTable {
    private static final Table<Record> ACCESS_KEY = DSL.table(DSL.name("access_key"));
    private static final Field<String> ID = Stored.text("id");
    private static final Field<String> PRINCIPAL = Stored.text("principal");
    private static final Field<String> SEALED_SECRET = Stored.text("sealed_secret");
    private static final Field<Long> CREATED_AT = Stored.number("created_at");

    private static final Table<Record> TRUSTING_ROLE = DSL.table(DSL.name("trusting_role"));
    private static final Field<String> ARN = Stored.text("arn");

    private static final Table<Record> USED_SIGNATURE = DSL.table(DSL.name("used_signature"));
    private static final Field<String> SIGNATURE = Stored.text("signature");
    private static final Field<Long> UNTIL = Stored.number("until");

    private final DSLContext sql;

    public SqlAccess(DSLContext sql) {
        this.sql = sql;
    }

    @Override
    public void insert(AccessKey key) {
        var row = new Assignments()
                .put(ID, key.id())
                .put(ACCOUNT, key.account().value())
                .put(PRINCIPAL, key.principal().toString())
                .put(SEALED_SECRET, key.sealedSecret())
                .put(CREATED_AT, Stored.millis(key.createdAt()));
        sql.insertInto(ACCESS_KEY).set(row.asMap()).execute();
    }

    @Override
    public Optional<AccessKey> key(String id) {
        return sql.select(ID, ACCOUNT, PRINCIPAL, SEALED_SECRET, CREATED_AT)
                .from(ACCESS_KEY)
                .where(ID.eq(id))
                .fetchOptional(SqlAccess::key);
    }

    @Override
    public List<AccessKey> keysOf(AccountId account) {
        return sql.select(ID, ACCOUNT, PRINCIPAL, SEALED_SECRET, CREATED_AT)
                .from(ACCESS_KEY)
                .where(ACCOUNT.eq(account.value()))
                .orderBy(CREATED_AT, ID)
                .fetch(SqlAccess::key);
    }

    @Override
    public void putRole(Arn role, Instant createdAt) {
        var row = new Assignments().put(ARN, role.toString()).put(CREATED_AT, Stored.millis(createdAt));
        sql.insertInto(TRUSTING_ROLE).set(row.asMap()).onConflictDoNothing().execute();
    }

    @Override
    public boolean roleTrustsBackup(Arn role) {
        return sql.fetchExists(TRUSTING_ROLE, ARN.eq(role.toString()));
    }

    @Override
    public boolean firstUse(String signature, Instant until) {
        var row = new Assignments().put(SIGNATURE, signature).put(UNTIL, Stored.millisNotBefore(until));
        return sql.insertInto(USED_SIGNATURE)
                        .set(row.asMap())
                        .onConflictDoNothing()
                        .execute()
                == 1;
    }

    @Override
    public int forgetSignaturesBefore(Instant moment) {
        return sql.deleteFrom(USED_SIGNATURE)
                .where(UNTIL.lt(Stored.millisNotBefore(moment)))
                .execute();
    }

    private static AccessKey key(Record row) {
        return new AccessKey(
                row.get(ID),
                new AccountId(row.get(ACCOUNT)),
                Stored.arn(row, PRINCIPAL),
                row.get(SEALED_SECRET),
                Stored.instant(row, CREATED_AT));
    }
}
