package dev.coffer.host.efs;

import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.RecoveryPointReader;
import java.util.ArrayList;

/** Walks the items of a point with a visitor that may be interrupted. */
final class PointItems {
    private PointItems() {}

    /** What is done with each item. */
    interface Visit {
        void accept(Item item) throws InterruptedException;
    }

    /** Shows the item at the path and all below it, in path order. */
    static void each(RecoveryPointReader point, ItemPath under, Visit visit) throws InterruptedException {
        var stopped = new ArrayList<InterruptedException>(1);
        point.items(under, item -> {
            try {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                visit.accept(item);
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
}
