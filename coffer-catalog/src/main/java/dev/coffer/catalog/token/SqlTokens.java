package dev.coffer.catalog.token;

import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.TokenTable;
import java.time.Instant;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Idempotency tokens in SQL; the primary key keeps two of the same from being added. */
public final class SqlTokens implements TokenTable {
    private static final Table<Record> REQUEST_TOKEN = DSL.table(DSL.name("request_token"));
    private static final Field<String> OPERATION = Stored.text("operation");
    private static final Field<String> TOKEN = Stored.text("token");
    private static final Field<String> REQUEST_DIGEST = Stored.text("request_digest");
    private static final Field<String> RESULT = Stored.text("result");
    private static final Field<Long> CREATED_AT = Stored.number("created_at");

    private final DSLContext sql;

    public SqlTokens(DSLContext sql) {
        this.sql = sql;
    }

    @Override
    public Optional<Token> find(Scope scope, String operation, String token) {
        return sql.select(REQUEST_DIGEST, RESULT, CREATED_AT)
                .from(REQUEST_TOKEN)
                .where(Stored.isIn(scope))
                .and(OPERATION.eq(operation))
                .and(TOKEN.eq(token))
                .fetchOptional(
                        row -> new Token(row.get(REQUEST_DIGEST), row.get(RESULT), Stored.instant(row, CREATED_AT)));
    }

    @Override
    public void insert(Scope scope, String operation, String token, Token value) {
        var row = Stored.in(scope)
                .put(OPERATION, operation)
                .put(TOKEN, token)
                .put(REQUEST_DIGEST, value.requestDigest())
                .put(RESULT, value.result())
                .put(CREATED_AT, Stored.millis(value.createdAt()));
        sql.insertInto(REQUEST_TOKEN).set(row.asMap()).execute();
    }

    @Override
    public int deleteBefore(Instant moment) {
        return sql.deleteFrom(REQUEST_TOKEN)
                .where(CREATED_AT.lt(Stored.millisNotBefore(moment)))
                .execute();
    }
}
