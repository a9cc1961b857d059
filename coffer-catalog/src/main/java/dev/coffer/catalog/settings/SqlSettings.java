package dev.coffer.catalog.settings;

import dev.coffer.catalog.sql.Assignments;
import dev.coffer.catalog.sql.JsonText;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.SettingsTable;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.settings.RegionSettings;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Settings in SQL. */
public final class SqlSettings implements SettingsTable {
    private static final Table<Record> REGION_SETTINGS = DSL.table(DSL.name("region_settings"));
    private static final Field<String> OPT_IN = Stored.text("opt_in");
    private static final Field<String> MANAGEMENT = Stored.text("management");

    private static final Table<Record> INSTALLATION = DSL.table(DSL.name("installation"));
    private static final Field<String> NAME = Stored.text("name");
    private static final Field<String> CONTENT = Stored.text("content");

    private final DSLContext sql;

    public SqlSettings(DSLContext sql) {
        this.sql = sql;
    }

    @Override
    public RegionSettings of(Scope scope) {
        return sql.select(OPT_IN, MANAGEMENT)
                .from(REGION_SETTINGS)
                .where(Stored.isIn(scope))
                .fetchOptional(
                        row -> RegionSettings.defaults().with(byType(row.get(OPT_IN)), byType(row.get(MANAGEMENT))))
                .orElseGet(RegionSettings::defaults);
    }

    @Override
    public Optional<String> installation(String name) {
        return sql.select(CONTENT).from(INSTALLATION).where(NAME.eq(name)).fetchOptional(CONTENT);
    }

    @Override
    public void put(Scope scope, RegionSettings settings) {
        sql.deleteFrom(REGION_SETTINGS).where(Stored.isIn(scope)).execute();
        var row = Stored.in(scope)
                .put(OPT_IN, JsonText.of(byName(settings.optIn())))
                .put(MANAGEMENT, JsonText.of(byName(settings.management())));
        sql.insertInto(REGION_SETTINGS).set(row.asMap()).execute();
    }

    @Override
    public void putInstallation(String name, String value) {
        sql.deleteFrom(INSTALLATION).where(NAME.eq(name)).execute();
        var row = new Assignments().put(NAME, name).put(CONTENT, value);
        sql.insertInto(INSTALLATION).set(row.asMap()).execute();
    }

    private static Map<String, Boolean> byName(Map<ResourceType, Boolean> byType) {
        var byName = new TreeMap<String, Boolean>();
        byType.forEach((type, yes) -> byName.put(type.wireName(), yes));
        return byName;
    }

    private static Map<ResourceType, Boolean> byType(String json) {
        var byType = new EnumMap<ResourceType, Boolean>(ResourceType.class);
        JsonText.object(json).forEach((name, value) -> {
            if (!(value instanceof Boolean yes)) {
                throw new IllegalStateException("The catalog holds a setting that is neither yes nor no: " + name);
            }
            byType.put(Stored.type(name), yes);
        });
        return byType;
    }
}
