package dev.coffer.catalog.sql;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/** The columns of one row with the values that they get; absent values become SQL nulls. Used by one thread. */
public final class Assignments {
    private final Map<Field<?>, @Nullable Object> valueByField = new LinkedHashMap<>();

    /** Sets a column. */
    public <T> Assignments put(Field<T> field, T value) {
        valueByField.put(field, value);
        return this;
    }

    /** Sets a column that may be absent. */
    public <T> Assignments put(Field<T> field, Optional<T> value) {
        valueByField.put(field, value.orElse(null));
        return this;
    }

    /** What jOOQ's {@code set} takes. */
    public Map<Field<?>, @Nullable Object> asMap() {
        return valueByField;
    }
}
