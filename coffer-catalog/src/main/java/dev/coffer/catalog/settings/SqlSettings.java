package dev.coffer.catalog.settings;

import dev.coffer.catalog.sql.Assignments;
import dev.coffer.catalog.sql.JsonText;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.SettingsTable;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.settings.GlobalSetting;
import dev.coffer.core.settings.GlobalSettings;
import dev.coffer.core.settings.RegionSettings;
import java.time.Instant;
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
    private static final String GLOBAL = "global-settings";
    private static final String UPDATED_AT = "updatedAt";

    private final DSLContext sql;

    public SqlSettings(DSLContext sql) {
        this.sql = sql;
    }

    @Override
    public RegionSettings of(Scope scope) {
        return sql.select(OPT_IN, MANAGEMENT)
                .from(REGION_SETTINGS)
                .where(Stored.isIn(scope))
                .fetchOptional(row -> RegionSettings.defaults()
                        .with(types(choices(row.get(OPT_IN))), types(choices(row.get(MANAGEMENT))))
                        .withOthers(others(choices(row.get(OPT_IN)))))
                .orElseGet(RegionSettings::defaults);
    }

    @Override
    public GlobalSettings global() {
        return installation(GLOBAL).map(SqlSettings::globalOf).orElse(GlobalSettings.DEFAULTS);
    }

    private static GlobalSettings globalOf(String json) {
        var stored = new TreeMap<>(JsonText.object(json));
        var updatedAt = Optional.ofNullable(stored.remove(UPDATED_AT)).map(text -> Instant.parse(text.toString()));
        var chosen = new EnumMap<GlobalSetting, Boolean>(GlobalSetting.class);
        stored.forEach((name, value) -> chosen.put(
                GlobalSetting.ofWireName(name)
                        .orElseThrow(() ->
                                new IllegalStateException("The catalog holds an unknown global setting: " + name)),
                yes(name, value)));
        return new GlobalSettings(chosen, updatedAt);
    }

    @Override
    public void putGlobal(GlobalSettings settings) {
        var stored = new TreeMap<String, Object>();
        settings.chosen().forEach((setting, yes) -> stored.put(setting.wireName(), yes));
        settings.updatedAt().ifPresent(at -> stored.put(UPDATED_AT, at.toString()));
        putInstallation(GLOBAL, JsonText.of(stored));
    }

    @Override
    public Optional<String> installation(String name) {
        return sql.select(CONTENT).from(INSTALLATION).where(NAME.eq(name)).fetchOptional(CONTENT);
    }

    @Override
    public void put(Scope scope, RegionSettings settings) {
        sql.deleteFrom(REGION_SETTINGS).where(Stored.isIn(scope)).execute();
        var optIn = byName(settings.optIn());
        optIn.putAll(settings.otherOptIn());
        var row = Stored.in(scope)
                .put(OPT_IN, JsonText.of(optIn))
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

    private static Map<String, Boolean> choices(String json) {
        var choices = new TreeMap<String, Boolean>();
        JsonText.object(json).forEach((name, value) -> choices.put(name, yes(name, value)));
        return choices;
    }

    private static boolean yes(String name, Object value) {
        if (value instanceof Boolean yes) {
            return yes;
        }
        throw new IllegalStateException("The catalog holds a setting that is neither yes nor no: " + name);
    }

    private static Map<ResourceType, Boolean> types(Map<String, Boolean> byName) {
        var byType = new EnumMap<ResourceType, Boolean>(ResourceType.class);
        byName.forEach((name, yes) -> {
            if (!RegionSettings.OTHER_TYPES.contains(name)) {
                byType.put(Stored.type(name), yes);
            }
        });
        return byType;
    }

    private static Map<String, Boolean> others(Map<String, Boolean> byName) {
        var others = new TreeMap<>(byName);
        others.keySet().retainAll(RegionSettings.OTHER_TYPES);
        return others;
    }
}
