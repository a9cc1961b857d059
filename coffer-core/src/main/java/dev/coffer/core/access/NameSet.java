package dev.coffer.core.access;

import java.util.List;

/**
 * The actions or resources of a statement.
 *
 * @param except whether the statement is about all others ({@code NotAction}, {@code NotResource})
 * @param names may hold {@code *} and {@code ?}
 */
public record NameSet(boolean except, List<String> names) {
    public NameSet {
        names = List.copyOf(names);
    }
}
