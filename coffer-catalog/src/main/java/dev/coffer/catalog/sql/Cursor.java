package dev.coffer.catalog.sql;

import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The place of a row in a list, as the values that the list is ordered by. Pages continue behind the values and not at a number of rows, so rows that are added or removed in between move nothing.
 *
 * @param list the list that the place belongs to
 * @param key the ordering values of the last row that was shown
 */
public record Cursor(String list, List<String> key) {
    /**
     * Where the page begins; empty for the first page.
     *
     * @throws Refused if the marker is not one of this list
     */
    public static Optional<Cursor> of(String list, int values, PageRequest page) {
        return page.after().map(text -> {
            var parts = parts(text);
            if (parts.size() != values + 1 || !parts.getFirst().equals(list)) {
                throw foreign();
            }
            return new Cursor(list, parts.subList(1, parts.size()));
        });
    }

    /** The first value, an instant in its stored form. */
    public long millis() {
        try {
            return Long.parseLong(key.getFirst());
        } catch (NumberFormatException notOurs) {
            throw foreign();
        }
    }

    /**
     * The page of rows that were fetched with {@link #rowsFor}.
     *
     * @param key the ordering values of a row
     */
    public static <T> Page<T> page(String list, PageRequest page, List<T> fetched, Function<T, List<String>> key) {
        if (fetched.size() <= page.limit()) {
            return new Page<>(fetched, Optional.empty());
        }
        var shown = fetched.subList(0, page.limit());
        return new Page<>(shown, Optional.of(new Cursor(list, key.apply(shown.getLast())).text()));
    }

    /** How many rows to fetch: one more than is shown tells whether there is another page. */
    public static int rowsFor(PageRequest page) {
        if (page.limit() < 1) {
            throw new IllegalArgumentException("a page has at least one row");
        }
        return Math.addExact(page.limit(), 1);
    }

    private String text() {
        var parts = new ArrayList<String>();
        parts.add(list);
        parts.addAll(key);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(JsonText.of(parts).getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> parts(String text) {
        try {
            return JsonText.textList(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | IllegalStateException notOurs) {
            throw foreign();
        }
    }

    private static Refused foreign() {
        return new Refused(Problem.invalid(
                "NextToken was not issued for this list. Start again without it, or pass it on as it was returned."));
    }
}
