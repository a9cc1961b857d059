package dev.coffer.catalog.access;

import static dev.coffer.catalog.sql.Stored.ACCOUNT;

import dev.coffer.catalog.sql.Assignments;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.access.AccessSession;
import dev.coffer.core.access.PolicyDocument;
import dev.coffer.core.access.PolicyKind;
import dev.coffer.core.arn.AccountId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Temporary credentials in SQL. */
final class SqlSessions {
    private static final Table<Record> ACCESS_SESSION = DSL.table(DSL.name("access_session"));
    private static final Field<String> ID = Stored.text("id");
    private static final Field<String> PRINCIPAL = Stored.text("principal");
    private static final Field<String> ISSUER = Stored.text("issuer");
    private static final Field<String> ISSUER_ID = Stored.text("issuer_id");
    private static final Field<String> POLICY = Stored.text("policy");
    private static final Field<String> SEALED_SECRET = Stored.text("sealed_secret");
    private static final Field<String> TOKEN_DIGEST = Stored.text("token_digest");
    private static final Field<Long> CREATED_AT = Stored.number("created_at");
    private static final Field<Long> EXPIRES_AT = Stored.number("expires_at");
    private static final List<Field<?>> COLUMNS = List.of(
            ID, ACCOUNT, PRINCIPAL, ISSUER, ISSUER_ID, POLICY, SEALED_SECRET, TOKEN_DIGEST, CREATED_AT, EXPIRES_AT);

    private final DSLContext sql;

    SqlSessions(DSLContext sql) {
        this.sql = sql;
    }

    void insert(AccessSession session) {
        var row = new Assignments()
                .put(ID, session.id())
                .put(ACCOUNT, session.account().value())
                .put(PRINCIPAL, session.principal().toString())
                .put(ISSUER, session.issuer().toString())
                .put(ISSUER_ID, session.issuerId())
                .put(POLICY, session.policy().map(PolicyDocument::text))
                .put(SEALED_SECRET, session.sealedSecret())
                .put(TOKEN_DIGEST, session.tokenDigest())
                .put(CREATED_AT, Stored.millis(session.createdAt()))
                .put(EXPIRES_AT, Stored.millis(session.expiresAt()));
        sql.insertInto(ACCESS_SESSION).set(row.asMap()).execute();
    }

    Optional<AccessSession> find(String id) {
        return sql.select(COLUMNS).from(ACCESS_SESSION).where(ID.eq(id)).fetchOptional(SqlSessions::session);
    }

    int deleteBefore(Instant moment) {
        return sql.deleteFrom(ACCESS_SESSION)
                .where(EXPIRES_AT.lt(Stored.millisNotBefore(moment)))
                .execute();
    }

    private static AccessSession session(Record row) {
        return new AccessSession(
                row.get(ID),
                new AccountId(row.get(ACCOUNT)),
                Stored.arn(row, PRINCIPAL),
                Stored.arn(row, ISSUER),
                row.get(ISSUER_ID),
                Optional.ofNullable(row.get(POLICY)).map(text -> StoredPolicies.of(PolicyKind.SESSION, text)),
                row.get(SEALED_SECRET),
                row.get(TOKEN_DIGEST),
                Stored.instant(row, CREATED_AT),
                Stored.instant(row, EXPIRES_AT));
    }
}
