package dev.coffer.aws.s3;

import dev.coffer.core.connector.ItemSearch;
import dev.coffer.core.connector.SearchedItem;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.RepositoryException;
import java.time.Instant;
import java.util.Optional;

/** Versions of objects as a search finds them: all but delete markers (AWS Backup). */
final class ObjectSearch implements ItemSearch {
    @Override
    public Optional<SearchedItem> of(Item item) {
        return KeyPath.at(item.path())
                .filter(_ -> !ObjectFacts.isMarker(item))
                .map(version -> new SearchedItem(
                        version.key(),
                        item.size(),
                        Instant.ofEpochMilli(item.attributes()
                                .number(ObjectFacts.TIME)
                                .orElseThrow(() -> lacks(version, "the time of its creation"))),
                        Optional.of(
                                item.attributes().text(ObjectFacts.ETAG).orElseThrow(() -> lacks(version, "its ETag"))),
                        Optional.of(version.id())));
    }

    private static RepositoryException lacks(KeyPath.Version version, String what) {
        return new RepositoryException.Corrupt(
                "the version " + version.id() + " of the object " + version.key() + " lacks " + what);
    }
}
