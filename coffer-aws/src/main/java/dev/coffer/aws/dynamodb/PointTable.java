package dev.coffer.aws.dynamodb;

import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.store.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The table in a recovery point. */
final class PointTable {
    private final RecoveryPointReader point;
    private final TableDefinition definition;
    private final Attributes about;
    private final int digits;
    private final Optional<Sorter> changes;

    /** Takes items. */
    interface Visit {
        void accept(ItemKey key, byte[] item) throws InterruptedException;
    }

    private PointTable(
            RecoveryPointReader point, TableDefinition definition, Attributes about, Optional<Sorter> changes) {
        this.point = point;
        this.definition = definition;
        this.about = about;
        this.changes = changes;
        digits = (int) about.number(Pieces.DIGITS).orElse(0);
    }

    /** The table with later changes brought into its items. */
    PointTable with(Sorter later) {
        return new PointTable(point, definition, about, Optional.of(later));
    }

    /** Opens the table; Corrupt if the point holds none. */
    static PointTable open(RecoveryPointReader point) throws InterruptedException {
        var json = point.find(Pieces.DEFINITION);
        var items = point.find(Pieces.ITEMS);
        if (json.isEmpty() || items.isEmpty()) {
            throw new RepositoryException.Corrupt("the recovery point holds no table");
        }
        try {
            return new PointTable(
                    point,
                    DefinitionJson.read(content(point, json.get())),
                    items.get().attributes(),
                    Optional.empty());
        } catch (IllegalArgumentException strange) {
            throw new RepositoryException.Corrupt("the recovery point holds no table that can be read", strange);
        }
    }

    private static byte[] content(RecoveryPointReader point, Item item) throws InterruptedException {
        try (InputStream in = point.open(item, new ByteRange(0, item.size()))) {
            return in.readAllBytes();
        } catch (IOException failure) {
            throw new RepositoryException.Corrupt(item.path() + " cannot be read", failure);
        }
    }

    /** What is said about the items as a whole. */
    Attributes about() {
        return about;
    }

    int digits() {
        return digits;
    }

    /** Where the stream was left; empty if it was not followed. */
    Optional<StreamPosition> position() throws InterruptedException {
        var item = point.find(Pieces.STREAM);
        if (item.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(StreamPosition.of(new String(content(point, item.get()), StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException strange) {
            throw new RepositoryException.Corrupt(item.get().path() + " cannot be read", strange);
        }
    }

    TableDefinition definition() {
        return definition;
    }

    /** Takes pieces. */
    interface PieceVisit {
        void accept(Item piece) throws InterruptedException;
    }

    /** Shows the pieces that may hold items of these places; empty for all pieces. Reads no others. */
    void pieces(Optional<Set<Long>> hashes, PieceVisit visit) throws InterruptedException {
        var folders = new LinkedHashSet<ItemPath>();
        hashes.ifPresentOrElse(
                places -> places.forEach(hash -> folders.add(Pieces.folder(hash, digits))),
                () -> folders.add(Pieces.ITEMS));
        for (var folder : folders) {
            pieces(folder, hashes, visit);
        }
    }

    private void pieces(ItemPath under, Optional<Set<Long>> hashes, PieceVisit visit) throws InterruptedException {
        var stopped = new ArrayList<InterruptedException>(1);
        point.items(under, item -> {
            try {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (item.kind() == ItemKind.FILE && (hashes.isEmpty() || mayHold(item, hashes.get()))) {
                    visit.accept(item);
                }
                return true;
            } catch (InterruptedException stop) {
                stopped.add(stop);
                return false;
            }
        });
        if (!stopped.isEmpty()) {
            throw stopped.getFirst();
        }
    }

    private boolean mayHold(Item piece, Set<Long> hashes) {
        long first = hash(piece, Pieces.FIRST);
        long last = hash(piece, Pieces.LAST);
        return hashes.stream()
                .anyMatch(hash -> Long.compareUnsigned(first, hash) <= 0 && Long.compareUnsigned(hash, last) <= 0);
    }

    private long hash(Item piece, String name) {
        return place(piece, attribute(piece, name)).hash();
    }

    private static byte[] attribute(Item piece, String name) {
        return piece.attributes()
                .bytes(name)
                .orElseThrow(() -> new RepositoryException.Corrupt(piece.path() + " has no " + name));
    }

    private ItemKey place(Item piece, byte[] key) {
        try {
            return definition.key().of(definition.key().attributes(new ItemKey(0, key)));
        } catch (IllegalArgumentException strange) {
            throw new RepositoryException.Corrupt(piece.path() + " has a key that is none of the table", strange);
        }
    }

    /** A piece and its first key. */
    record FirstKey(ItemKey key, Item piece) {}

    /** The pieces of a folder, in the order of their keys. */
    List<FirstKey> pieces(ItemPath folder) throws InterruptedException {
        var found = new ArrayList<FirstKey>();
        pieces(
                folder,
                Optional.empty(),
                piece -> found.add(new FirstKey(place(piece, attribute(piece, Pieces.FIRST)), piece)));
        // The names of the pieces of one partition key are in no order.
        found.sort(Comparator.comparing(FirstKey::key));
        return found;
    }

    private void changedItems(KeyChoice.Sieve sieve, Sorter later, Visit visit) throws InterruptedException {
        var hashes = sieve.hashes();
        var merged = new ChangedItems(this, new ChangedItems.Result() {
            @Override
            public boolean unchanged(FirstKey piece) {
                return hashes.isPresent() && !mayHold(piece.piece(), hashes.get());
            }

            @Override
            public void item(ItemKey key, byte[] item) throws InterruptedException {
                if (hashes.isEmpty() || sieve.takes(key, decode(item))) {
                    visit.accept(key, item);
                }
            }
        });
        later.drain((key, item) -> {
            if (hashes.isEmpty() || hashes.get().contains(key.hash())) {
                merged.accept(key, item);
            }
        });
        merged.end();
    }

    /** Shows all items of a piece, in the order of their keys. */
    void itemsOf(Item piece, Visit visit) throws InterruptedException {
        items(piece, visit);
    }

    /** Shows the items that the sieve takes. */
    void items(KeyChoice.Sieve sieve, Visit visit) throws InterruptedException {
        if (changes.isPresent()) {
            changedItems(sieve, changes.get(), visit);
            return;
        }
        pieces(
                sieve.hashes(),
                piece -> items(piece, (key, item) -> {
                    if (sieve.hashes().isEmpty() || sieve.takes(key, decode(item))) {
                        visit.accept(key, item);
                    }
                }));
    }

    /** Whether {@link #itemsOfShare} can show the items: not if later changes are to be brought in, which is done in one pass. */
    boolean hasShares() {
        return changes.isEmpty();
    }

    /** Shows the items of the pieces that begin in one of the equal shares of all places, counted from 0. Together the shares show all items, each once. */
    void itemsOfShare(int share, int shares, Visit visit) throws InterruptedException {
        int folders = Pieces.folders(digits);
        int first = share * folders / shares;
        // Fewer folders than shares: some shares look into the same one.
        int end = Math.max(first + 1, (share + 1) * folders / shares);
        for (int folder = first; folder < end; folder++) {
            pieces(Pieces.folder(folder, digits), Optional.empty(), piece -> {
                if (Pieces.share(hash(piece, Pieces.FIRST), shares) == share) {
                    items(piece, visit);
                }
            });
        }
    }

    private void items(Item piece, Visit visit) throws InterruptedException {
        var bytes = content(point, piece);
        var in = new Bytes.Reader(bytes, 0, bytes.length);
        while (!in.atEnd()) {
            ItemKey key;
            byte[] item;
            try {
                key = place(piece, in.getSized());
                item = in.getSized();
            } catch (IllegalArgumentException strange) {
                throw new RepositoryException.Corrupt(piece.path() + " is not a piece of a table", strange);
            }
            visit.accept(key, item);
        }
    }

    /** The attributes of an item that {@link #items} has shown. */
    static Map<String, AttributeValue> decode(byte[] item) {
        try {
            return ItemCodec.decode(item);
        } catch (IllegalArgumentException strange) {
            throw new RepositoryException.Corrupt("an item of the table cannot be read", strange);
        }
    }
}
