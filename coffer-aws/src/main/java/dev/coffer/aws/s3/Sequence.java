package dev.coffer.aws.s3;

import dev.coffer.core.repository.Item;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Which versions of one key are restored, the oldest first. */
final class Sequence {
    private Sequence() {}

    /**
     * The newest versions and the delete markers between them. If only the newest is wanted, a deleted key has none.
     *
     * @param most how many versions besides markers
     */
    static List<Item> of(List<Item> versions, int most) {
        var newestFirst = versions.stream()
                .sorted(Comparator.comparingLong(
                        item -> item.attributes().number(ObjectFacts.RANK).orElse(0)))
                .toList();
        if (most == 1) {
            return ObjectFacts.isMarker(newestFirst.getFirst()) ? List.of() : List.of(newestFirst.getFirst());
        }
        var taken = new ArrayList<Item>();
        int count = 0;
        for (var item : newestFirst) {
            if (!ObjectFacts.isMarker(item) && ++count > most) {
                break;
            }
            taken.addFirst(item);
        }
        // A marker before the first version says nothing.
        while (!taken.isEmpty() && ObjectFacts.isMarker(taken.getFirst())) {
            taken.removeFirst();
        }
        return List.copyOf(taken);
    }

    /** How many of the first of the sequence are the newest of what is there, because an earlier run has put them. */
    static int overlap(List<Listed> there, List<Item> sequence) {
        for (int length = Math.min(there.size(), sequence.size()); length > 0; length--) {
            boolean same = true;
            for (int i = 0; i < length && same; i++) {
                same = isSame(there.get(there.size() - length + i), sequence.get(i));
            }
            if (same) {
                return length;
            }
        }
        return 0;
    }

    private static boolean isSame(Listed there, Item item) {
        if (there.deleteMarker() != ObjectFacts.isMarker(item) || there.size() != item.size()) {
            return false;
        }
        var etag = item.attributes().text(ObjectFacts.ETAG).orElse("");
        boolean comparable = etag.matches("[0-9a-f]{32}") && there.etag().matches("[0-9a-f]{32}");
        return !comparable || etag.equals(there.etag());
    }
}
