package dev.coffer.core.connector;

import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.RepositoryException;
import java.util.Optional;

/** Reads the items of the recovery points of one type as a search finds them. Holds no state and makes no calls. */
@FunctionalInterface
public interface ItemSearch {
    /**
     * The item as a search finds it; empty for one that no search shows, as a folder or a delete marker.
     *
     * @throws RepositoryException.Corrupt if it lacks what a search filters by
     */
    Optional<SearchedItem> of(Item item);
}
