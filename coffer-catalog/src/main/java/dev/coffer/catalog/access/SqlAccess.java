package dev.coffer.catalog.access;

import static dev.coffer.catalog.sql.Stored.ACCOUNT;

import dev.coffer.catalog.sql.Assignments;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.access.AccessKey;
import dev.coffer.core.access.AccessSession;
import dev.coffer.core.access.PolicyKind;
import dev.coffer.core.access.Role;
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

/** Access keys, sessions and used signatures in SQL. */
public final class SqlAccess implements AccessTable {
    private static final Table<Record> ACCESS_KEY = DSL.table(DSL.name("access_key"));
    private static final Field<String> ID = Stored.text("id");
    private static final Field<String> PRINCIPAL = Stored.text("principal");
    private static final Field<String> SEALED_SECRET = Stored.text("sealed_secret");
    private static final Field<Long> CREATED_AT = Stored.number("created_at");

    private static final Field<Integer> ACTIVE = Stored.integer("active");

    private static final String SERVICE_ROLE_ID = "AROA00000";
    private static final String TRUST_OF_SERVICE = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"backup.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";
    private static final List<Arn> POLICIES_OF_SERVICE = List.of(
            Stored.arn("arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"),
            Stored.arn("arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores"));

    private static final Table<Record> USED_SIGNATURE = DSL.table(DSL.name("used_signature"));
    private static final Field<String> SIGNATURE = Stored.text("signature");
    private static final Field<Long> UNTIL = Stored.number("until");
    private static final Field<Long> FIRST_AT = Stored.number("first_at");

    private final DSLContext sql;
    private final SqlPrincipals principals;
    private final SqlSessions sessions;

    public SqlAccess(DSLContext sql, SqlPrincipals principals) {
        this.sql = sql;
        this.principals = principals;
        this.sessions = new SqlSessions(sql);
    }

    @Override
    public void insert(AccessKey key) {
        sql.insertInto(ACCESS_KEY).set(row(key).asMap()).execute();
    }

    private static Assignments row(AccessKey key) {
        return new Assignments()
                .put(ID, key.id())
                .put(ACCOUNT, key.account().value())
                .put(PRINCIPAL, key.principal().toString())
                .put(SEALED_SECRET, key.sealedSecret())
                .put(CREATED_AT, Stored.millis(key.createdAt()))
                .put(ACTIVE, Stored.yesNo(key.active()));
    }

    @Override
    public Optional<AccessKey> key(String id) {
        return sql.select(ID, ACCOUNT, PRINCIPAL, SEALED_SECRET, CREATED_AT, ACTIVE)
                .from(ACCESS_KEY)
                .where(ID.eq(id))
                .fetchOptional(SqlAccess::key);
    }

    @Override
    public List<AccessKey> keysOf(AccountId account) {
        return sql.select(ID, ACCOUNT, PRINCIPAL, SEALED_SECRET, CREATED_AT, ACTIVE)
                .from(ACCESS_KEY)
                .where(ACCOUNT.eq(account.value()))
                .orderBy(CREATED_AT, ID)
                .fetch(SqlAccess::key);
    }

    @Override
    public void update(AccessKey key) {
        sql.update(ACCESS_KEY).set(row(key).asMap()).where(ID.eq(key.id())).execute();
    }

    @Override
    public void deleteKey(String id) {
        sql.deleteFrom(ACCESS_KEY).where(ID.eq(id)).execute();
    }

    @Override
    public void insert(AccessSession session) {
        sessions.insert(session);
    }

    @Override
    public Optional<AccessSession> session(String id) {
        return sessions.find(id);
    }

    @Override
    public int forgetSessionsBefore(Instant moment) {
        return sessions.deleteBefore(moment);
    }

    @Override
    public void putRole(Arn role, Instant createdAt) {
        if (principals.role(role).isEmpty()) {
            principals.insert(new Role(
                    role,
                    SERVICE_ROLE_ID + role.account(),
                    StoredPolicies.of(PolicyKind.TRUST, TRUST_OF_SERVICE),
                    Role.USUAL_SESSION,
                    Optional.empty(),
                    createdAt));
            POLICIES_OF_SERVICE.forEach(policy -> principals.attach(role, policy));
        }
    }

    @Override
    public boolean roleTrustsBackup(Arn role) {
        return principals
                .role(role)
                .filter(found -> found.trusts(Role.BACKUP_SERVICE))
                .isPresent();
    }

    @Override
    public Optional<Instant> usedBefore(String signature, Instant now, Instant until) {
        var row = new Assignments()
                .put(SIGNATURE, signature)
                .put(FIRST_AT, Stored.millis(now))
                .put(UNTIL, Stored.millisNotBefore(until));
        boolean first = sql.insertInto(USED_SIGNATURE)
                        .set(row.asMap())
                        .onConflictDoNothing()
                        .execute()
                == 1;
        return first
                ? Optional.empty()
                : sql.select(FIRST_AT)
                        .from(USED_SIGNATURE)
                        .where(SIGNATURE.eq(signature))
                        .fetchOptional(found -> Stored.instant(found, FIRST_AT));
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
                Stored.instant(row, CREATED_AT),
                row.get(ACTIVE) != 0);
    }
}
