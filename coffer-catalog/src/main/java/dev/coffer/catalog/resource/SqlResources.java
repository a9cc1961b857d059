package dev.coffer.catalog.resource;

import static dev.coffer.catalog.sql.Stored.ACCOUNT;
import static dev.coffer.catalog.sql.Stored.REGION;

import dev.coffer.catalog.recoverypoint.SqlRecoveryPoints;
import dev.coffer.catalog.sql.Cursor;
import dev.coffer.catalog.sql.JsonText;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.ResourceTable;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.resource.ProtectedResource;
import dev.coffer.core.resource.ProtectedResource.LatestRestore;
import dev.coffer.core.resource.Readiness;
import dev.coffer.core.resource.Source;
import dev.coffer.core.vault.VaultName;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Restored sources and protected resources in SQL. The facts of a protected resource do not hang on its recovery points: they stay when those go. */
public final class SqlResources implements ResourceTable {
    private static final Field<String> ARN = Stored.text("arn");
    private static final Field<String> RESOURCE_TYPE = Stored.text("resource_type");
    private static final Field<String> NAME = Stored.text("name");

    private static final Table<Record> RESTORED_SOURCE = DSL.table(DSL.name("restored_source"));
    private static final Field<String> SETTINGS = Stored.text("settings");
    private static final Field<String> TAGS = Stored.text("tags");
    private static final List<Field<?>> SOURCE_COLUMNS =
            List.of(ACCOUNT, REGION, ARN, RESOURCE_TYPE, NAME, SETTINGS, TAGS);

    private static final Table<Record> PROTECTED_RESOURCE = DSL.table(DSL.name("protected_resource"));
    private static final Field<Long> LAST_BACKUP_AT = Stored.number("last_backup_at");
    private static final Field<String> LAST_VAULT = Stored.text("last_vault");
    private static final Field<String> LAST_RECOVERY_POINT = Stored.text("last_recovery_point");
    private static final Field<Long> RESTORE_CREATED_AT = Stored.number("restore_created_at");
    private static final Field<Long> RESTORE_MINUTES = Stored.number("restore_minutes");
    private static final Field<Long> RESTORE_POINT_CREATED_AT = Stored.number("restore_point_created_at");
    private static final List<Field<?>> PROTECTED_COLUMNS = List.of(
            ARN,
            RESOURCE_TYPE,
            NAME,
            LAST_BACKUP_AT,
            LAST_VAULT,
            LAST_RECOVERY_POINT,
            RESTORE_CREATED_AT,
            RESTORE_MINUTES,
            RESTORE_POINT_CREATED_AT);
    private static final String LIST = "protected-resources";
    private static final String LIST_OF_VAULT = "protected-resources-of-vault";

    private final DSLContext sql;
    private final SqlRecoveryPoints points;

    public SqlResources(DSLContext sql, SqlRecoveryPoints points) {
        this.sql = sql;
        this.points = points;
    }

    @Override
    public void putRestoredSource(Source source) {
        var row = Stored.in(source.scope())
                .put(ARN, source.arn().toString())
                .put(RESOURCE_TYPE, source.type().wireName())
                .put(NAME, source.name())
                .put(SETTINGS, JsonText.of(source.settings()))
                .put(TAGS, JsonText.of(source.tags()))
                .asMap();
        sql.insertInto(RESTORED_SOURCE)
                .set(row)
                .onConflict(ACCOUNT, REGION, ARN)
                .doUpdate()
                .set(row)
                .execute();
    }

    @Override
    public void putProtected(Scope scope, ProtectedResource resource) {
        var restore = resource.latestRestore();
        var row = Stored.in(scope)
                .put(ARN, resource.arn().toString())
                .put(RESOURCE_TYPE, resource.type().wireName())
                .put(NAME, resource.name())
                .put(LAST_BACKUP_AT, Stored.millis(resource.lastBackupAt()))
                .put(LAST_VAULT, resource.lastVault().toString())
                .put(LAST_RECOVERY_POINT, resource.lastRecoveryPoint().toString())
                .put(
                        RESTORE_CREATED_AT,
                        restore.map(LatestRestore::jobCreatedAt).map(Stored::millis))
                .put(RESTORE_MINUTES, restore.map(LatestRestore::executionMinutes))
                .put(
                        RESTORE_POINT_CREATED_AT,
                        restore.map(LatestRestore::recoveryPointCreatedAt).map(Stored::millis))
                .asMap();
        sql.insertInto(PROTECTED_RESOURCE)
                .set(row)
                .onConflict(ACCOUNT, REGION, ARN)
                .doUpdate()
                .set(row)
                .execute();
    }

    @Override
    public Optional<Source> restoredSource(Scope scope, Arn arn) {
        return sql.select(SOURCE_COLUMNS)
                .from(RESTORED_SOURCE)
                .where(Stored.isIn(scope))
                .and(ARN.eq(arn.toString()))
                .fetchOptional(SqlResources::source);
    }

    @Override
    public List<Source> restoredSources() {
        return sql.select(SOURCE_COLUMNS)
                .from(RESTORED_SOURCE)
                .orderBy(ACCOUNT, REGION, ARN)
                .fetch(SqlResources::source);
    }

    @Override
    public List<Source> restoredSources(Scope scope) {
        return sql.select(SOURCE_COLUMNS)
                .from(RESTORED_SOURCE)
                .where(Stored.isIn(scope))
                .orderBy(ARN)
                .fetch(SqlResources::source);
    }

    @Override
    public Optional<ProtectedResource> findProtected(Scope scope, Arn arn) {
        return sql.select(PROTECTED_COLUMNS)
                .from(PROTECTED_RESOURCE)
                .where(Stored.isIn(scope))
                .and(ARN.eq(arn.toString()))
                .fetchOptional(SqlResources::protectedResource);
    }

    @Override
    public Page<ProtectedResource> listProtected(Scope scope, PageRequest page) {
        var rows = sql.select(PROTECTED_COLUMNS)
                .from(PROTECTED_RESOURCE)
                .where(Stored.isIn(scope))
                .and(Cursor.of(LIST, 1, page)
                        .map(cursor -> ARN.gt(cursor.key().getFirst()))
                        .orElseGet(DSL::noCondition))
                .orderBy(ARN)
                .limit(Cursor.rowsFor(page))
                .fetch(SqlResources::protectedResource);
        return Cursor.page(LIST, page, rows, resource -> List.of(resource.arn().toString()));
    }

    @Override
    public Page<ProtectedResource> listProtected(Scope scope, VaultName vault, PageRequest page) {
        var behind = Cursor.of(LIST_OF_VAULT, 1, page)
                .map(cursor -> cursor.key().getFirst())
                .orElse("");
        var newest = points.newestOfNextResources(scope, vault, behind, Cursor.rowsFor(page));
        var restoreByArn = latestRestores(scope, newest);
        var rows = newest.stream()
                .map(point -> seenFrom(
                        point,
                        Optional.ofNullable(restoreByArn.get(point.resource().toString()))))
                .toList();
        return Cursor.page(
                LIST_OF_VAULT, page, rows, resource -> List.of(resource.arn().toString()));
    }

    private Map<String, LatestRestore> latestRestores(Scope scope, List<RecoveryPoint> of) {
        var arns = of.stream().map(point -> point.resource().toString()).toList();
        var restoreByArn = new HashMap<String, LatestRestore>();
        sql.select(PROTECTED_COLUMNS)
                .from(PROTECTED_RESOURCE)
                .where(Stored.isIn(scope))
                .and(ARN.in(arns))
                .and(RESTORE_CREATED_AT.isNotNull())
                .forEach(row -> latestRestore(row).ifPresent(restore -> restoreByArn.put(row.get(ARN), restore)));
        return restoreByArn;
    }

    private static ProtectedResource seenFrom(RecoveryPoint point, Optional<LatestRestore> restore) {
        return new ProtectedResource(
                point.resource(),
                point.resourceType(),
                point.resourceName(),
                point.createdAt(),
                Arn.ofVault(point.scope(), point.vault().value()),
                point.arn(),
                restore);
    }

    @Override
    public Readiness readiness(Scope scope, Instant since) {
        var all = sql.select(
                        DSL.count(),
                        DSL.count(RESTORE_CREATED_AT),
                        DSL.count(DSL.when(LAST_BACKUP_AT.ge(Stored.millis(since)), DSL.inline(1))))
                .from(PROTECTED_RESOURCE)
                .where(Stored.isIn(scope))
                .fetchSingle();
        return new Readiness(all.value1(), all.value2(), all.value3());
    }

    @Override
    public List<ProtectedResource> longestWithoutBackup(Scope scope, int limit) {
        return sql.select(PROTECTED_COLUMNS)
                .from(PROTECTED_RESOURCE)
                .where(Stored.isIn(scope))
                .orderBy(LAST_BACKUP_AT, ARN)
                .limit(limit)
                .fetch(SqlResources::protectedResource);
    }

    private static Source source(Record row) {
        return new Source(
                Stored.type(row, RESOURCE_TYPE),
                Stored.scope(row),
                Stored.arn(row, ARN),
                row.get(NAME),
                JsonText.texts(row.get(SETTINGS)),
                JsonText.texts(row.get(TAGS)));
    }

    private static ProtectedResource protectedResource(Record row) {
        return new ProtectedResource(
                Stored.arn(row, ARN),
                Stored.type(row, RESOURCE_TYPE),
                row.get(NAME),
                Stored.instant(row, LAST_BACKUP_AT),
                Stored.arn(row, LAST_VAULT),
                Stored.arn(row, LAST_RECOVERY_POINT),
                latestRestore(row));
    }

    private static Optional<LatestRestore> latestRestore(Record row) {
        return Stored.maybeInstant(row, RESTORE_CREATED_AT)
                .map(createdAt -> new LatestRestore(
                        createdAt, row.get(RESTORE_MINUTES), Stored.instant(row, RESTORE_POINT_CREATED_AT)));
    }
}
