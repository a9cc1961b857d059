package dev.coffer.aws.s3;

import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.RecoveryPointReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The keys of a recovery point with their versions. Memory holds the versions of one key that are asked for. */
final class PointKeys {
    private final RecoveryPointReader point;
    private final boolean newestAlone;

    /** @param most how many of the newest versions are asked for, besides delete markers */
    PointKeys(RecoveryPointReader point, int most) {
        this.point = point;
        this.newestAlone = most == 1;
    }

    /** Takes a key with its versions in the order of their ids. */
    @FunctionalInterface
    interface Visitor {
        void visit(String key, List<Item> versions) throws InterruptedException;
    }

    /** Shows every key whose versions are beneath the path, once. */
    void each(ItemPath under, Visitor visitor) throws InterruptedException {
        var versions = new ArrayList<Item>();
        var keys = new String[] {""};
        var stopped = new ArrayList<InterruptedException>();
        point.items(under, item -> {
            var version = KeyPath.at(item.path());
            if (version.isEmpty()) {
                return true;
            }
            try {
                if (!versions.isEmpty() && !version.get().key().equals(keys[0])) {
                    visitor.visit(keys[0], List.copyOf(versions));
                    versions.clear();
                }
            } catch (InterruptedException stop) {
                stopped.add(stop);
                return false;
            }
            keys[0] = version.get().key();
            if (newestAlone && !versions.isEmpty()) {
                versions.set(0, newer(versions.getFirst(), item));
            } else {
                versions.add(item);
            }
            return true;
        });
        if (!stopped.isEmpty()) {
            throw stopped.getFirst();
        }
        if (!versions.isEmpty()) {
            visitor.visit(keys[0], List.copyOf(versions));
        }
    }

    private static Item newer(Item one, Item other) {
        return rank(other) < rank(one) ? other : one;
    }

    private static long rank(Item item) {
        return item.attributes().number(ObjectFacts.RANK).orElse(0);
    }

    /** The newest version of the key; empty if it is a delete marker, or there is none. */
    Optional<Item> newest(String key) throws InterruptedException {
        var newest = new ArrayList<Item>();
        each(KeyPath.of(key, "x").parent(), (found, versions) -> {
            if (found.equals(key)) {
                newest.addAll(Sequence.of(versions, 1));
            }
        });
        return newest.stream().findFirst();
    }
}
