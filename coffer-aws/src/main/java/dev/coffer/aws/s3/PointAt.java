package dev.coffer.aws.s3;

import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.ContentSink;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.store.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A bucket as it was at a moment: the versions of one or two marks that are not younger. The later mark reaches the moment; the earlier one has what was deleted for good in between, which counts as there until the later mark
 * was written, since a listing does not tell when. Versions of one key come together, in no particular order of keys.
 */
final class PointAt implements RecoveryPointReader {
    private final RecoveryPointReader earlier;
    private final RecoveryPointReader later;
    private final Instant moment;
    private final boolean two;

    /**
     * The bucket at the moment.
     *
     * @param marks one or two, the later one last
     */
    PointAt(List<RecoveryPointReader> marks, Instant moment) {
        this.earlier = marks.getFirst();
        this.later = marks.getLast();
        this.moment = moment;
        this.two = marks.size() > 1;
    }

    /** Content of one of the marks. */
    private record Content(RecoveryPointReader reader, Item.ContentRef ref) implements Item.ContentRef {}

    @Override
    public Manifest manifest() {
        return later.manifest();
    }

    /** {@inheritDoc} What is not an object is as the earlier mark has it, which is not after the moment. */
    @Override
    public Optional<Item> find(ItemPath path) throws InterruptedException {
        if (KeyPath.at(path).isEmpty()) {
            return earlier.find(path).map(item -> from(earlier, item));
        }
        // Whether a version was the newest, only all versions of its key tell.
        var found = new ArrayList<Item>();
        items(path.parent(), item -> {
            if (item.path().equals(path)) {
                found.add(item);
            }
            return found.isEmpty();
        });
        return found.stream().findFirst();
    }

    @Override
    public void items(ItemPath under, Predicate<Item> visit) throws InterruptedException {
        if (new Walk(visit, true).over(under) && two) {
            new Walk(visit, false).over(under);
        }
    }

    /** {@inheritDoc} Only versions are shown, so what has some is a key. */
    @Override
    public void children(ItemPath folder, Predicate<Item> visit) throws InterruptedException {
        items(folder, item -> !item.path().parent().equals(folder) || visit.test(item));
    }

    private static boolean hasVersions(RecoveryPointReader reader, ItemPath key) throws InterruptedException {
        var any = new boolean[1];
        reader.items(key, item -> {
            any[0] = KeyPath.at(item.path()).isPresent();
            return !any[0];
        });
        return any[0];
    }

    /**
     * One walk over keys: those of the earlier mark, with what the later one has of each, or those that only the later one has.
     */
    private final class Walk {
        private final Predicate<Item> visit;
        private final boolean first;
        private final List<Item> versions = new ArrayList<>();

        Walk(Predicate<Item> visit, boolean first) {
            this.visit = visit;
            this.first = first;
        }

        /** Whether all was shown. */
        boolean over(ItemPath under) throws InterruptedException {
            var stopped = new ArrayList<InterruptedException>();
            var all = new boolean[] {true};
            (first ? earlier : later).items(under, item -> {
                if (KeyPath.at(item.path()).isEmpty()) {
                    return true;
                }
                try {
                    if (!versions.isEmpty()
                            && !versions.getFirst()
                                    .path()
                                    .parent()
                                    .equals(item.path().parent())) {
                        all[0] = show();
                        versions.clear();
                    }
                } catch (InterruptedException stop) {
                    stopped.add(stop);
                    return false;
                }
                versions.add(item);
                return all[0];
            });
            if (!stopped.isEmpty()) {
                throw stopped.getFirst();
            }
            return all[0] && (versions.isEmpty() || show());
        }

        private boolean show() throws InterruptedException {
            var key = versions.getFirst().path().parent();
            var itemByPath = new TreeMap<String, Item>();
            var main = first ? earlier : later;
            versions.forEach(item -> itemByPath.put(item.path().toString(), from(main, item)));
            if (first && two) {
                // Where both have a version, the later mark counts.
                later.items(key, item -> {
                    if (KeyPath.at(item.path()).isPresent()) {
                        itemByPath.put(item.path().toString(), from(later, item));
                    }
                    return true;
                });
            } else if (!first && hasVersions(earlier, key)) {
                return true;
            }
            return ranked(List.copyOf(itemByPath.values())).stream().allMatch(visit);
        }
    }

    /** The versions that are not younger than the moment, the newest first, with the ranks that they had then. */
    private List<Item> ranked(List<Item> versions) {
        var old = versions.stream()
                .filter(item -> !time(item).isAfter(moment))
                .sorted(Comparator.comparing(PointAt::time)
                        .reversed()
                        .thenComparingLong(item ->
                                item.attributes().number(ObjectFacts.RANK).orElse(0)))
                .toList();
        var ranked = new ArrayList<Item>();
        for (var item : old) {
            ranked.add(new Item(
                    item.path(), item.kind(), item.size(), at(item.attributes(), ranked.size()), item.content()));
        }
        return ranked;
    }

    private static Instant time(Item item) {
        return Instant.ofEpochMilli(item.attributes().number(ObjectFacts.TIME).orElse(0));
    }

    private static Attributes at(Attributes stored, int rank) {
        var attributes = Attributes.builder();
        stored.forEach((name, value) -> {
            if (!name.equals(ObjectFacts.LATEST) && !name.equals(ObjectFacts.RANK)) {
                attributes.bytes(name, value);
            }
        });
        attributes.number(ObjectFacts.RANK, rank);
        if (rank == 0) {
            attributes.number(ObjectFacts.LATEST, 1);
        }
        return attributes.build();
    }

    private static Item from(RecoveryPointReader reader, Item item) {
        return new Item(item.path(), item.kind(), item.size(), item.attributes(), new Content(reader, item.content()));
    }

    /** The item as the mark knows it that has its content. */
    private static Item stored(Item item, Content content) {
        return new Item(item.path(), item.kind(), item.size(), item.attributes(), content.ref());
    }

    private static Content content(Item item) {
        return item.content() instanceof Content content ? content : fail(item);
    }

    private static Content fail(Item item) {
        throw new IllegalArgumentException("not an item of this point: " + item.path());
    }

    @Override
    public void read(Item item, ContentSink sink) throws IOException, InterruptedException {
        var content = content(item);
        content.reader().read(stored(item, content), sink);
    }

    @Override
    public InputStream open(Item item, ByteRange range) throws InterruptedException {
        var content = content(item);
        return content.reader().open(stored(item, content), range);
    }

    /** Closes nothing: the marks belong to the caller. */
    @Override
    public void close() {}
}
