package dev.coffer.catalog.event;

import static dev.coffer.catalog.sql.Stored.ACCOUNT;
import static dev.coffer.catalog.sql.Stored.REGION;

import dev.coffer.catalog.sql.JsonText;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.EventRuleTable;
import dev.coffer.core.event.EventRule;
import dev.coffer.core.event.EventRule.Origin;
import dev.coffer.core.event.EventTarget;
import dev.coffer.core.event.TargetSettings;
import dev.coffer.core.event.TargetType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Rules in SQL. */
public final class SqlEventRules implements EventRuleTable {
    private static final Table<Record> EVENT_RULE = DSL.table(DSL.name("event_rule"));
    private static final Field<String> NAME = Stored.text("name");
    private static final Field<String> PATTERN = Stored.text("pattern");
    private static final Field<Integer> ENABLED = Stored.integer("enabled");
    private static final Field<String> ORIGIN = Stored.text("origin");
    private static final Field<String> TARGETS = Stored.text("targets");
    private static final Field<Long> CHANGED_AT = Stored.number("changed_at");
    private static final List<Field<?>> COLUMNS =
            List.of(ACCOUNT, REGION, NAME, PATTERN, ENABLED, ORIGIN, TARGETS, CHANGED_AT);

    private final DSLContext sql;

    public SqlEventRules(DSLContext sql) {
        this.sql = sql;
    }

    @Override
    public void put(EventRule rule) {
        delete(rule.scope(), rule.name());
        var row = Stored.in(rule.scope())
                .put(NAME, rule.name())
                .put(PATTERN, rule.pattern())
                .put(ENABLED, Stored.yesNo(rule.enabled()))
                .put(ORIGIN, rule.origin().name())
                .put(
                        TARGETS,
                        JsonText.of(rule.targets().stream()
                                .map(SqlEventRules::written)
                                .toList()))
                .put(CHANGED_AT, Stored.millis(rule.changedAt()));
        sql.insertInto(EVENT_RULE).set(row.asMap()).execute();
    }

    @Override
    public void delete(Scope scope, String name) {
        sql.deleteFrom(EVENT_RULE).where(Stored.isIn(scope)).and(NAME.eq(name)).execute();
    }

    @Override
    public Optional<EventRule> find(Scope scope, String name) {
        return sql.select(COLUMNS)
                .from(EVENT_RULE)
                .where(Stored.isIn(scope))
                .and(NAME.eq(name))
                .fetchOptional(SqlEventRules::rule);
    }

    @Override
    public List<EventRule> of(Scope scope) {
        return sql.select(COLUMNS)
                .from(EVENT_RULE)
                .where(Stored.isIn(scope))
                .orderBy(NAME)
                .fetch(SqlEventRules::rule);
    }

    @Override
    public List<EventRule> all() {
        return sql.select(COLUMNS)
                .from(EVENT_RULE)
                .orderBy(ACCOUNT, REGION, NAME)
                .fetch(SqlEventRules::rule);
    }

    private static Map<String, Object> written(EventTarget target) {
        var object = new LinkedHashMap<String, Object>();
        object.put("id", target.id());
        object.put("type", target.spec().type().wireName());
        object.put("settings", TargetSettings.of(target.spec()));
        target.sealedSecret().ifPresent(secret -> object.put("sealedSecret", secret));
        return object;
    }

    private static EventRule rule(Record row) {
        return new EventRule(
                Stored.scope(row),
                row.get(NAME),
                row.get(PATTERN),
                row.get(ENABLED) != 0,
                Origin.valueOf(row.get(ORIGIN)),
                JsonText.objectList(row.get(TARGETS)).stream()
                        .map(SqlEventRules::target)
                        .toList(),
                Stored.instant(row, CHANGED_AT));
    }

    private static EventTarget target(Map<String, Object> object) {
        var settings = new LinkedHashMap<String, String>();
        if (object.get("settings") instanceof Map<?, ?> map) {
            map.forEach((key, value) -> settings.put(String.valueOf(key), String.valueOf(value)));
        }
        var type = TargetType.of(String.valueOf(object.get("type")))
                .orElseThrow(
                        () -> new IllegalStateException("The catalog holds an unknown target: " + object.get("type")));
        return new EventTarget(
                String.valueOf(object.get("id")),
                TargetSettings.spec(type, settings),
                Optional.ofNullable(object.get("sealedSecret")).map(String::valueOf));
    }
}
