package dev.coffer.catalog.access;

import static dev.coffer.catalog.sql.Stored.ACCOUNT;

import dev.coffer.catalog.sql.Assignments;
import dev.coffer.catalog.sql.Cursor;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.access.ManagedPolicy;
import dev.coffer.core.access.PolicyDocument;
import dev.coffer.core.access.PolicyKind;
import dev.coffer.core.access.Role;
import dev.coffer.core.access.User;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.PrincipalTable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Users, roles and their policies in SQL. */
public final class SqlPrincipals implements PrincipalTable {
    private static final Table<Record> PRINCIPAL_TABLE = DSL.table(DSL.name("principal"));
    private static final Field<String> ARN = Stored.text("arn");
    private static final Field<String> KIND = Stored.text("kind");
    private static final Field<String> NAME = Stored.text("name");
    private static final Field<String> ID = Stored.text("id");
    private static final Field<String> BOUNDARY = Stored.text("boundary");
    private static final Field<String> TRUST = Stored.text("trust");
    private static final Field<Long> LONGEST_SESSION_SECONDS = Stored.number("longest_session_seconds");
    private static final Field<Long> CREATED_AT = Stored.number("created_at");
    private static final List<Field<?>> COLUMNS =
            List.of(ARN, ID, BOUNDARY, TRUST, LONGEST_SESSION_SECONDS, CREATED_AT);

    private static final Table<Record> POLICY_TABLE = DSL.table(DSL.name("policy"));
    private static final Field<String> DOCUMENT = Stored.text("document");

    private static final Table<Record> INLINE_POLICY = DSL.table(DSL.name("inline_policy"));
    private static final Table<Record> ATTACHED_POLICY = DSL.table(DSL.name("attached_policy"));
    private static final Field<String> PRINCIPAL = Stored.text("principal");
    private static final Field<String> POLICY = Stored.text("policy");

    private static final String USER = "USER";
    private static final String ROLE = "ROLE";
    private static final String BUILT_IN = "aws";

    private final DSLContext sql;

    public SqlPrincipals(DSLContext sql) {
        this.sql = sql;
    }

    @Override
    public void insert(User user) {
        var row = row(user.arn(), USER, user.name(), user.id(), user.boundary())
                .put(CREATED_AT, Stored.millis(user.createdAt()));
        sql.insertInto(PRINCIPAL_TABLE).set(row.asMap()).execute();
    }

    @Override
    public void insert(Role role) {
        var row = row(role.arn(), ROLE, role.name(), role.id(), role.boundary())
                .put(TRUST, role.trust().text())
                .put(LONGEST_SESSION_SECONDS, role.longestSession().toSeconds())
                .put(CREATED_AT, Stored.millis(role.createdAt()));
        sql.insertInto(PRINCIPAL_TABLE).set(row.asMap()).execute();
    }

    private static Assignments row(Arn arn, String kind, String name, String id, Optional<Arn> boundary) {
        return new Assignments()
                .put(ARN, arn.toString())
                .put(ACCOUNT, arn.account())
                .put(KIND, kind)
                .put(NAME, name)
                .put(ID, id)
                .put(BOUNDARY, boundary.map(Arn::toString));
    }

    @Override
    public Optional<User> user(Arn arn) {
        return sql.select(COLUMNS)
                .from(PRINCIPAL_TABLE)
                .where(ARN.eq(arn.toString()))
                .and(KIND.eq(USER))
                .fetchOptional(SqlPrincipals::user);
    }

    @Override
    public Optional<Role> role(Arn arn) {
        return sql.select(COLUMNS)
                .from(PRINCIPAL_TABLE)
                .where(ARN.eq(arn.toString()))
                .and(KIND.eq(ROLE))
                .fetchOptional(SqlPrincipals::role);
    }

    @Override
    public Optional<Role> roleNamed(AccountId account, String name) {
        return sql.select(COLUMNS)
                .from(PRINCIPAL_TABLE)
                .where(ACCOUNT.eq(account.value()))
                .and(KIND.eq(ROLE))
                .and(NAME.eq(name))
                .fetchOptional(SqlPrincipals::role);
    }

    @Override
    public Page<User> users(AccountId account, PageRequest page) {
        return page(
                "users",
                PRINCIPAL_TABLE,
                ACCOUNT.eq(account.value()).and(KIND.eq(USER)),
                COLUMNS,
                page,
                row -> user(row));
    }

    @Override
    public Page<Role> roles(AccountId account, PageRequest page) {
        return page(
                "roles",
                PRINCIPAL_TABLE,
                ACCOUNT.eq(account.value()).and(KIND.eq(ROLE)),
                COLUMNS,
                page,
                row -> role(row));
    }

    @Override
    public Page<ManagedPolicy> policies(AccountId account, PageRequest page) {
        return page(
                "policies",
                POLICY_TABLE,
                ACCOUNT.in(account.value(), BUILT_IN),
                List.of(ARN, DOCUMENT, CREATED_AT),
                page,
                row -> policy(row));
    }

    private <T> Page<T> page(
            String list,
            Table<Record> table,
            Condition which,
            List<Field<?>> columns,
            PageRequest page,
            Function<Record, T> read) {
        var behind = Cursor.of(list, 1, page)
                .<Condition>map(cursor -> ARN.gt(cursor.key().getFirst()))
                .orElseGet(DSL::noCondition);
        var rows = sql.select(columns)
                .from(table)
                .where(which)
                .and(behind)
                .orderBy(ARN)
                .limit(Cursor.rowsFor(page))
                .fetch();
        return Cursor.page(list, page, List.<Record>copyOf(rows), row -> List.of(row.get(ARN)))
                .map(read);
    }

    @Override
    public void delete(Arn principal) {
        var arn = principal.toString();
        sql.deleteFrom(INLINE_POLICY).where(PRINCIPAL.eq(arn)).execute();
        sql.deleteFrom(ATTACHED_POLICY).where(PRINCIPAL.eq(arn)).execute();
        sql.deleteFrom(PRINCIPAL_TABLE).where(ARN.eq(arn)).execute();
    }

    @Override
    public void putBoundary(Arn principal, Optional<Arn> policy) {
        var change = new Assignments().put(BOUNDARY, policy.map(Arn::toString));
        sql.update(PRINCIPAL_TABLE)
                .set(change.asMap())
                .where(ARN.eq(principal.toString()))
                .execute();
    }

    @Override
    public SortedMap<String, PolicyDocument> inline(Arn principal) {
        var documentByName = new TreeMap<String, PolicyDocument>();
        sql.select(NAME, DOCUMENT)
                .from(INLINE_POLICY)
                .where(PRINCIPAL.eq(principal.toString()))
                .forEach(row ->
                        documentByName.put(row.get(NAME), StoredPolicies.of(PolicyKind.IDENTITY, row.get(DOCUMENT))));
        return documentByName;
    }

    @Override
    public void putInline(Arn principal, String name, PolicyDocument document) {
        deleteInline(principal, name);
        var row = new Assignments()
                .put(PRINCIPAL, principal.toString())
                .put(NAME, name)
                .put(DOCUMENT, document.text());
        sql.insertInto(INLINE_POLICY).set(row.asMap()).execute();
    }

    @Override
    public boolean deleteInline(Arn principal, String name) {
        return sql.deleteFrom(INLINE_POLICY)
                        .where(PRINCIPAL.eq(principal.toString()))
                        .and(NAME.eq(name))
                        .execute()
                == 1;
    }

    @Override
    public List<ManagedPolicy> attached(Arn principal) {
        return sql.select(ARN, DOCUMENT, CREATED_AT)
                .from(POLICY_TABLE)
                .where(ARN.in(DSL.select(POLICY).from(ATTACHED_POLICY).where(PRINCIPAL.eq(principal.toString()))))
                .orderBy(ARN)
                .fetch(row -> policy(row));
    }

    @Override
    public void attach(Arn principal, Arn policy) {
        var row = new Assignments().put(PRINCIPAL, principal.toString()).put(POLICY, policy.toString());
        sql.insertInto(ATTACHED_POLICY).set(row.asMap()).onConflictDoNothing().execute();
    }

    @Override
    public boolean detach(Arn principal, Arn policy) {
        return sql.deleteFrom(ATTACHED_POLICY)
                        .where(PRINCIPAL.eq(principal.toString()))
                        .and(POLICY.eq(policy.toString()))
                        .execute()
                == 1;
    }

    @Override
    public Optional<ManagedPolicy> policy(Arn arn) {
        return sql.select(ARN, DOCUMENT, CREATED_AT)
                .from(POLICY_TABLE)
                .where(ARN.eq(arn.toString()))
                .fetchOptional(row -> policy(row));
    }

    @Override
    public Optional<ManagedPolicy> builtIn(String name) {
        return sql
                .select(ARN, DOCUMENT, CREATED_AT)
                .from(POLICY_TABLE)
                .where(ACCOUNT.eq(BUILT_IN))
                .orderBy(ARN)
                .fetch(row -> policy(row))
                .stream()
                .filter(policy -> policy.name().equals(name))
                .findFirst();
    }

    @Override
    public void put(ManagedPolicy policy) {
        int changed = sql.update(POLICY_TABLE)
                .set(DOCUMENT, policy.document().text())
                .where(ARN.eq(policy.arn().toString()))
                .execute();
        if (changed == 0) {
            var row = new Assignments()
                    .put(ARN, policy.arn().toString())
                    .put(ACCOUNT, policy.arn().account())
                    .put(DOCUMENT, policy.document().text())
                    .put(CREATED_AT, Stored.millis(policy.createdAt()));
            sql.insertInto(POLICY_TABLE).set(row.asMap()).execute();
        }
    }

    @Override
    public void deletePolicy(Arn policy) {
        sql.deleteFrom(POLICY_TABLE).where(ARN.eq(policy.toString())).execute();
    }

    @Override
    public boolean inUse(Arn policy) {
        return sql.fetchExists(ATTACHED_POLICY, POLICY.eq(policy.toString()))
                || sql.fetchExists(PRINCIPAL_TABLE, BOUNDARY.eq(policy.toString()));
    }

    private static ManagedPolicy policy(Record row) {
        return new ManagedPolicy(
                Stored.arn(row, ARN),
                StoredPolicies.of(PolicyKind.IDENTITY, row.get(DOCUMENT)),
                Stored.instant(row, CREATED_AT));
    }

    private static User user(Record row) {
        return new User(Stored.arn(row, ARN), row.get(ID), boundary(row), Stored.instant(row, CREATED_AT));
    }

    private static Role role(Record row) {
        return new Role(
                Stored.arn(row, ARN),
                row.get(ID),
                StoredPolicies.of(PolicyKind.TRUST, row.get(TRUST)),
                Duration.ofSeconds(row.get(LONGEST_SESSION_SECONDS)),
                boundary(row),
                Stored.instant(row, CREATED_AT));
    }

    private static Optional<Arn> boundary(Record row) {
        return Optional.ofNullable(row.get(BOUNDARY)).map(Stored::arn);
    }
}
