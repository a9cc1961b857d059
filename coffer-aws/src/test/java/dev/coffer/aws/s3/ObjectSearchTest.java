package dev.coffer.aws.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.connector.SearchedItem;
import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.RepositoryException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a search finds of the items of a bucket's recovery point. */
final class ObjectSearchTest {
    private static final Instant TIME = Instant.parse("2026-03-01T10:00:00.123Z");

    private static Item item(ItemPath path, Attributes attributes) {
        return new Item(path, ItemKind.FILE, 42, attributes, new Item.ContentRef() {});
    }

    private static Attributes.Builder listed() {
        return Attributes.builder().text(ObjectFacts.ETAG, "abc").number(ObjectFacts.TIME, TIME.toEpochMilli());
    }

    private static Optional<SearchedItem> searched(Item item) {
        return new ObjectSearch().of(item);
    }

    @Test
    void aVersionIsFoundByItsKeySizeETagTimeAndId() {
        assertThat(searched(item(KeyPath.of("a/é! %/..", "v/1"), listed().build())))
                .contains(new SearchedItem("a/é! %/..", 42, TIME, Optional.of("abc"), Optional.of("v/1")));
    }

    @Test
    void deleteMarkersAndWhatIsNoObjectAreNotFound() {
        assertThat(searched(item(
                        KeyPath.of("a", "v"),
                        listed().number(ObjectFacts.MARKER, 1).build())))
                .isEmpty();
        assertThat(searched(item(BucketCapture.BUCKET, Attributes.NONE))).isEmpty();
    }

    @Test
    void aVersionThatCannotBeFilteredIsDamage() {
        var noTime = Attributes.builder().text(ObjectFacts.ETAG, "abc").build();
        var noTag = Attributes.builder().number(ObjectFacts.TIME, 1).build();
        assertThatThrownBy(() -> searched(item(KeyPath.of("a", "v"), noTime)))
                .isInstanceOf(RepositoryException.Corrupt.class)
                .hasMessageContaining("version v of the object a lacks the time");
        assertThatThrownBy(() -> searched(item(KeyPath.of("a", "v"), noTag)))
                .isInstanceOf(RepositoryException.Corrupt.class)
                .hasMessageContaining("lacks its ETag");
    }
}
