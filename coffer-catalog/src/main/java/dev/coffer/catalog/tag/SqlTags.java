package dev.coffer.catalog.tag;

import dev.coffer.catalog.sql.Assignments;
import dev.coffer.catalog.sql.JsonText;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.TagTable;
import dev.coffer.core.tag.Tags;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Tags in SQL: one row for each thing that has any. */
public final class SqlTags implements TagTable {
    private static final Table<Record> TAG_SET = DSL.table(DSL.name("tag_set"));
    private static final Field<String> ARN = Stored.text("arn");
    private static final Field<String> TAGS = Stored.text("tags");

    private final DSLContext sql;

    public SqlTags(DSLContext sql) {
        this.sql = sql;
    }

    @Override
    public Tags of(Arn arn) {
        return sql.select(TAGS)
                .from(TAG_SET)
                .where(ARN.eq(arn.toString()))
                .fetchOptional(row -> Tags.of(JsonText.texts(row.get(TAGS))))
                .orElse(Tags.NONE);
    }

    @Override
    public void put(Arn arn, Tags tags) {
        sql.deleteFrom(TAG_SET).where(ARN.eq(arn.toString())).execute();
        if (!tags.valueByKey().isEmpty()) {
            var row = new Assignments().put(ARN, arn.toString()).put(TAGS, JsonText.of(tags.valueByKey()));
            sql.insertInto(TAG_SET).set(row.asMap()).execute();
        }
    }
}
