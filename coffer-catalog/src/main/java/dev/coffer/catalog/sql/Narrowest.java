package dev.coffer.catalog.sql;

import dev.coffer.core.catalog.PageRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;

/**
 * The equalities of a list's filter, of which one index can serve one. Left alone, a database without statistics takes any of them; here the first that was added is the one that rows are looked up by, and the others only
 * leave out rows, which indexes that end in their columns do without reading them.
 */
public final class Narrowest {
    private final List<Condition> conditions = new ArrayList<>();

    /** Adds an equality, if there is a value. Those that fit fewer rows come first. */
    public Narrowest and(Field<String> field, Optional<String> value) {
        value.ifPresent(text -> conditions.add(conditions.isEmpty() ? field.eq(text) : leavingOut(field, text)));
        return this;
    }

    /** Adds two equalities, of which one index serves both. */
    public Narrowest and(Field<String> first, Optional<String> one, Field<String> second, Optional<String> other) {
        boolean together = conditions.isEmpty() && one.isPresent();
        and(first, one);
        if (!together) {
            return and(second, other);
        }
        other.map(second::eq).ifPresent(conditions::add);
        return this;
    }

    /** An equality that rows are not looked up by: no index is about an expression. */
    public static Condition leavingOut(Field<String> field, String value) {
        return DSL.coalesce(field, DSL.inline("")).eq(value);
    }

    /**
     * The lower bound of a list that is looked up by two equalities. A page that follows another is bounded from above by its place; bounded on both sides, the index of one equality seems as good to SQLite as that of
     * both. So there the lower bound only leaves rows out, at the price of steps over older rows of the index on the last page.
     */
    public static Condition isAfter(Field<Long> order, Optional<Instant> after, PageRequest page) {
        return Stored.isBetween(page.after().isPresent() ? order.plus(0) : order, after, Optional.empty());
    }

    /** All of them. */
    public Condition condition() {
        return DSL.and(conditions);
    }
}
