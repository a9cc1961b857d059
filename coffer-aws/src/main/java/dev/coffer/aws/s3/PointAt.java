package dev.coffer.aws.s3;

import dev.coffer.core.connector.FeedMark;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A bucket as it was at a moment: the versions of some marks that are not younger. The first mark is an image from before; where another looked at a key after it and still before the moment, that one counts instead. A mark from
 * after the moment has what only became known later, since a version has its own time; what it has not any more was deleted for good in between, which counts as there until then, since nothing tells when. Versions of one key come together, in no
 * particular order of keys.
 */
final class PointAt implements RecoveryPointReader {
    private final RecoveryPointReader image;
    private final Optional<RecoveryPointReader> looked;
    private final List<RecoveryPointReader> sources;
    private final Manifest manifest;
    private final Instant moment;

    /**
     * The bucket at the moment.
     *
     * @param marks an image that is not after the moment, and those after it that know more of it. Marks of changes have all keys that were looked at since the image before them
     */
    PointAt(List<FeedMark> marks, Instant moment) {
        var later = marks.subList(1, marks.size());
        this.image = marks.getFirst().reader();
        this.looked = later.stream()
                .filter(mark -> mark.kind() == FeedMark.Kind.CHANGES && !isAfter(mark, moment))
                .reduce((_, last) -> last)
                .map(FeedMark::reader);
        var after = later.stream().filter(mark -> isAfter(mark, moment)).toList();
        // The first and the last of those after it: what lies between them is in the last one, or is gone.
        var some = new LinkedHashSet<RecoveryPointReader>();
        some.add(image);
        looked.ifPresent(some::add);
        if (!after.isEmpty()) {
            some.add(after.getFirst().reader());
            some.add(after.getLast().reader());
        }
        this.sources = List.copyOf(some);
        this.manifest = marks.getLast().reader().manifest();
        this.moment = moment;
    }

    private static boolean isAfter(FeedMark mark, Instant moment) {
        return mark.position().reached().isAfter(moment);
    }

    /** Content of one of the marks. */
    private record Content(RecoveryPointReader reader, Item.ContentRef ref) implements Item.ContentRef {}

    @Override
    public Manifest manifest() {
        return manifest;
    }

    /** {@inheritDoc} What is not an object is as the image has it, which is not after the moment. */
    @Override
    public Optional<Item> find(ItemPath path) throws InterruptedException {
        if (KeyPath.at(path).isEmpty()) {
            return image.find(path).map(item -> from(image, item));
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
        for (int i = 0; i < sources.size(); i++) {
            if (!new Walk(visit, i).over(under)) {
                return;
            }
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

    /** One walk over the keys of one source that none before it has. */
    private final class Walk {
        private final Predicate<Item> visit;
        private final int number;
        private final List<Item> versions = new ArrayList<>();

        Walk(Predicate<Item> visit, int number) {
            this.visit = visit;
            this.number = number;
        }

        /** Whether all was shown. */
        boolean over(ItemPath under) throws InterruptedException {
            var stopped = new ArrayList<InterruptedException>();
            var all = new boolean[] {true};
            sources.get(number).items(under, item -> {
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
            for (var before : sources.subList(0, number)) {
                if (hasVersions(before, key)) {
                    return true;
                }
            }
            var itemByPath = new TreeMap<String, Item>();
            boolean replaced = looked.isPresent() && ToldKeys.hasLooked(looked.get(), key);
            for (var source : sources) {
                // Where several have a version, the latest counts.
                if (!source.equals(image) || !replaced) {
                    put(itemByPath, source, key);
                }
            }
            return ranked(List.copyOf(itemByPath.values())).stream().allMatch(visit);
        }

        private void put(Map<String, Item> itemByPath, RecoveryPointReader source, ItemPath key)
                throws InterruptedException {
            if (source.equals(sources.get(number))) {
                versions.forEach(item -> itemByPath.put(item.path().toString(), from(source, item)));
                return;
            }
            source.items(key, item -> {
                if (KeyPath.at(item.path()).isPresent()) {
                    itemByPath.put(item.path().toString(), from(source, item));
                }
                return true;
            });
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
