package dev.coffer.engine.job;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.connector.ItemSearch;
import dev.coffer.core.connector.ResourceConnector;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.job.IndexJob;
import dev.coffer.core.job.IndexState;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.vault.Vault;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.source.Inventory;
import java.time.InstantSource;

/**
 * Makes one claimed index: walks all items of its point in the vault to the end, and sees that a search can read each. Nothing is written but the outcome, since the items of a point are ordered and searchable as they are. Of a
 * continuous backup the newest image is walked, and one that was walked before not again.
 */
final class IndexRunner {
    private final JobStore store;
    private final Repositories repositories;
    private final Inventory inventory;
    private final InstantSource clock;
    private final JobObserver observer;
    private final IndexEnds ends;

    IndexRunner(
            Catalog catalog,
            Repositories repositories,
            Inventory inventory,
            InstantSource clock,
            Events events,
            JobObserver observer) {
        this.store = new JobStore(catalog);
        this.repositories = repositories;
        this.inventory = inventory;
        this.clock = clock;
        this.observer = observer;
        this.ends = new IndexEnds(store, clock, events, observer);
    }

    /** What is walked, and where it is. */
    private record Work(Vault vault, SessionId session) {}

    /**
     * Works on the index until it ends, is postponed, or is recalled. Runs on a thread of its own.
     *
     * @throws JobStore.Fault if the outcome could not be stored; the walk begins again when its lease has lapsed
     */
    void run(IndexJob index, Stint stint) {
        observer.started(JobObserver.Kind.INDEX, index.resourceType());
        stint.run(
                () -> carry(index),
                walk -> ends.complete(index, stint, walk),
                () -> ends.handBack(index, stint),
                failure -> ends.settle(index, stint, failure));
    }

    private IndexState.Walk carry(IndexJob index) throws InterruptedException {
        var search = inventory
                .connector(index.resourceType())
                .flatMap(ResourceConnector::search)
                .orElseThrow(() -> new SourceException.Impossible("Recovery points of type "
                        + index.resourceType().wireName() + " cannot be indexed by this version of Coffer."));
        var work = work(index);
        var earlier = index.state().walked().filter(walk -> walk.session().equals(work.session()));
        if (earlier.isPresent()) {
            return earlier.get();
        }
        var vault = work.vault();
        try (var point =
                repositories.open(vault.scope(), vault.name(), vault.id()).open(work.session())) {
            var items = new long[1];
            point.items(ItemPath.ROOT, item -> {
                items[0] += count(search, item);
                return !Thread.currentThread().isInterrupted();
            });
            if (Thread.interrupted()) {
                throw new InterruptedException("stopped in the middle of a walk");
            }
            return new IndexState.Walk(clock.instant(), items[0], work.session());
        }
    }

    private static long count(ItemSearch search, Item item) {
        return search.of(item).isPresent() ? 1 : 0;
    }

    /** A point that was deleted meanwhile ends the walk: its index goes with it. */
    private Work work(IndexJob index) {
        return store.read(view -> {
            var point = IndexEnds.restorable(view, index).orElseThrow(() -> new CalledBack(index.id()));
            var vault = view.vaults().find(point.scope(), point.vault()).orElseThrow();
            var session = CopySource.of(view, point)
                    .orElseThrow(() -> new SourceException.Impossible("The continuous backup " + index.recoveryPoint()
                            + " has no whole image yet that could be walked."))
                    .session();
            return new Work(vault, session);
        });
    }
}
