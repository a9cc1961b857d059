package dev.coffer.core.catalog;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Some rows of a list, and the place where the next ones begin; absent on the last page. Rows that stay are never shown twice or left out, whatever is added between two pages. */
public record Page<T>(List<T> rows, Optional<String> next) {
    public Page {
        rows = List.copyOf(rows);
    }

    /** The same page of other things. */
    public <R> Page<R> map(Function<? super T, ? extends R> change) {
        return new Page<>(rows.stream().<R>map(change).toList(), next);
    }
}
