package dev.coffer.engine.continuous;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.connector.Activity;
import dev.coffer.core.connector.ChangeFeed;
import dev.coffer.core.connector.FeedMark;
import dev.coffer.core.connector.FeedPosition;
import dev.coffer.core.connector.FollowRequest;
import dev.coffer.core.connector.MarkWriter;
import dev.coffer.core.connector.ResourceConnector;
import dev.coffer.core.connector.Round;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.continuous.Mark;
import dev.coffer.core.continuous.MarkFacts;
import dev.coffer.core.continuous.Series;
import dev.coffer.core.continuous.Standing;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.recoverypoint.PointFacts;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.repository.Capture;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.resource.Source;
import dev.coffer.engine.access.Roles;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.source.Inventory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out rounds of following. A round takes the series, first lists marks that an earlier round has stored and not listed, then lets the connector look at what has changed, and lets go. Wherever it dies, the next one
 * goes on from the last durable mark. A source that cannot be followed any more interrupts the series.
 */
public final class Rounds {
    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);
    private static final Optional<String> GONE = Optional.of("The newest marks are no longer in the vault.");
    private static final Duration AFTER_TROUBLE = Duration.ofMinutes(1);

    private final Catalog catalog;
    private final Repositories repositories;
    private final Inventory inventory;
    private final InstantSource clock;
    private final Events events;

    public Rounds(Catalog catalog, Repositories repositories, Inventory inventory, InstantSource clock, Events events) {
        this.catalog = catalog;
        this.repositories = repositories;
        this.inventory = inventory;
        this.clock = clock;
        this.events = events;
    }

    /** How a round went. */
    public sealed interface Outcome {
        /** The series is followed up to now. */
        record Done() implements Outcome {}

        /** Somebody else has the series, who follows it. */
        record Elsewhere() implements Outcome {}

        /** The series is as it was, and due again, or it is interrupted. */
        record Failed(RuntimeException why) implements Outcome {}
    }

    /**
     * One round.
     *
     * @param scheduled whether the plan's schedule asks for it; then an interrupted series is taken up again
     * @param change what else changes when the series is taken
     */
    public Outcome run(
            RunnerId runner, Series seen, boolean scheduled, BiConsumer<Transaction, Series> change, Activity activity)
            throws InterruptedException {
        var holding = Holding.claim(catalog, clock, events, runner, seen, scheduled, change);
        if (holding.isEmpty()) {
            return new Outcome.Elsewhere();
        }
        try (var held = holding.get()) {
            return carry(held, scheduled, activity);
        }
    }

    private Outcome carry(Holding held, boolean scheduled, Activity activity) throws InterruptedException {
        try {
            new Work(held, activity).run(scheduled);
            return new Outcome.Done();
        } catch (InterruptedException stopping) {
            held.letGo();
            throw stopping;
        } catch (SeriesLost lost) {
            return new Outcome.Elsewhere();
        } catch (SourceException failure) {
            LOG.atWarn()
                    .addKeyValue("event", "continuous.failed")
                    .addKeyValue("recovery_point", held.claimed().point())
                    .addKeyValue("passing", failure.retryable())
                    .addKeyValue("reason", failure.getMessage())
                    .log("a resource could not be followed");
            if (failure.retryable()) {
                held.troubled(
                        String.valueOf(failure.getMessage()), clock.instant().plus(AFTER_TROUBLE));
            } else {
                held.interrupted(String.valueOf(failure.getMessage()));
            }
            return new Outcome.Failed(failure);
        } catch (RuntimeException fault) {
            if (Thread.interrupted()) {
                held.letGo();
                throw new InterruptedException("stopped in the middle of a round");
            }
            LOG.atError()
                    .setCause(fault)
                    .addKeyValue("event", "continuous.fault")
                    .addKeyValue("recovery_point", held.claimed().point())
                    .log("a round of following met a fault; it will be tried again");
            held.troubled(
                    "The vault or the service failed: " + fault.getMessage(),
                    clock.instant().plus(AFTER_TROUBLE));
            return new Outcome.Failed(fault);
        }
    }

    /** One round on one series. */
    private final class Work {
        private final Holding held;
        private final Activity activity;
        private final Source source;
        private final ResourceConnector connector;
        private final ChangeFeed feed;
        private final Repository repository;

        Work(Holding held, Activity activity) throws InterruptedException {
            this.held = held;
            this.activity = activity;
            var series = held.claimed();
            this.connector = inventory
                    .connector(series.type())
                    .orElseThrow(() -> new SourceException.Impossible(
                            "Resources of type " + series.type().wireName() + " cannot be backed up any more."));
            this.feed = connector
                    .changeFeed()
                    .orElseThrow(() -> new SourceException.Impossible(
                            "Resources of type " + series.type().wireName() + " cannot be followed any more."));
            catalog.read(view -> Roles.objection(
                            view.access(), series.scope().account(), point(view).role()))
                    .ifPresent(problem -> {
                        throw new SourceException.Impossible(problem.message());
                    });
            this.source = source(series);
            var vault = catalog.read(view -> view.vaults().find(series.scope(), series.vault()))
                    .orElseThrow(() -> new SeriesLost(series.point()));
            this.repository = repositories.open(vault.scope(), vault.name(), vault.id());
        }

        private Source source(Series series) {
            inventory.refreshFor(series.scope(), series.resource());
            return inventory
                    .find(series.scope(), series.resource())
                    .map(found -> found.with(series.options()))
                    .orElseThrow(() -> inventory.outages(series.scope()).stream()
                            .filter(outage -> outage.type() == series.type())
                            .findFirst()
                            .<SourceException>map(outage -> new SourceException.Unavailable(
                                    outage.message(), new IllegalStateException("outage")))
                            .orElseGet(() -> new SourceException.NotFound(
                                    "The resource " + series.resource() + " does not exist any more.")));
        }

        private RecoveryPoint point(View view) {
            var series = held.claimed();
            return view.recoveryPoints()
                    .find(series.scope(), series.vault(), series.point())
                    .orElseThrow(() -> new SeriesLost(series.point()));
        }

        private Optional<Mark> newest() {
            return catalog.read(view -> view.continuous().newest(held.claimed(), 1)).stream()
                    .findFirst();
        }

        private Optional<Mark> newestImage() {
            return catalog.read(view -> view.continuous().newestImage(held.claimed()));
        }

        void run(boolean scheduled) throws InterruptedException {
            adopt();
            var series = held.read();
            if (series.standing() instanceof Standing.Interrupted(var _, var why)) {
                base(Optional.of(why));
                return;
            }
            var image = newestImage();
            var newest = newest();
            if (image.isEmpty() || newest.isEmpty()) {
                base(GONE);
                return;
            }
            var imageReader = opened(image.get());
            if (imageReader.isEmpty()) {
                base(GONE);
                return;
            }
            try (var openImage = imageReader.get()) {
                if (image.get().number() == newest.get().number()) {
                    follow(series, image.get(), openImage, openImage, scheduled);
                    return;
                }
                var newestReader = opened(newest.get());
                if (newestReader.isEmpty()) {
                    base(GONE);
                    return;
                }
                try (var openNewest = newestReader.get()) {
                    follow(series, image.get(), openImage, openNewest, scheduled);
                }
            }
        }

        private Optional<RecoveryPointReader> opened(Mark mark) throws InterruptedException {
            try {
                return Optional.of(repository.open(held.claimed().session(mark.number())));
            } catch (RepositoryException.NotFound gone) {
                return Optional.empty();
            }
        }

        private void follow(
                Series series, Mark image, RecoveryPointReader open, RecoveryPointReader newest, boolean scheduled)
                throws InterruptedException {
            var request = new FollowRequest(source, series.position(), newest, open, image.at(), scheduled);
            switch (feed.follow(request, new OneMark(), activity)) {
                case Round.Reached(var position, var remark) -> reached(position, remark);
                case Round.Lost(var why) -> {
                    LOG.atWarn()
                            .addKeyValue("event", "continuous.gap")
                            .addKeyValue("recovery_point", series.point())
                            .addKeyValue("after", request.from().reached())
                            .addKeyValue("reason", why)
                            .log("a part of a resource's history is lost; a new base is made");
                    base(Optional.of(why));
                }
            }
        }

        /** Lists the marks that a round has stored and did not live to list. A base among them is what an interrupted series was to go on with, if it is from after the interruption. */
        private void adopt() throws InterruptedException {
            while (true) {
                long next = next();
                try (var reader = repository.open(held.claimed().session(next))) {
                    var manifest = reader.manifest();
                    var facts = MarkFacts.of(manifest.point().facts())
                            .orElseThrow(() -> new RepositoryException.Corrupt(
                                    "the manifest of mark " + next + " does not say that it is one"));
                    var series = held.read();
                    boolean resumes = facts.base()
                            && series.standing() instanceof Standing.Interrupted(var at, var _)
                            && !facts.position().reached().isBefore(at);
                    held.add(facts.mark(manifest), manifest, resumes);
                } catch (RepositoryException.NotFound none) {
                    return;
                }
            }
        }

        private long next() {
            return newest().map(mark -> mark.number() + 1).orElse(1L);
        }

        /**
         * Begins a new stretch.
         *
         * @param gap why the history before it is lost
         */
        private void base(Optional<String> gap) throws InterruptedException {
            var from = feed.begin(source);
            var number = next();
            var facts = new MarkFacts(
                    held.claimed().firstSession(), number, true, FeedMark.Kind.IMAGE, from, gap, from.reached());
            write(facts, session -> connector.capture(source, session, activity));
            reached(from, Optional.empty());
        }

        private void reached(FeedPosition position, Optional<String> remark) {
            remark.filter(text -> !held.claimed().standing().message().equals(Optional.of(text)))
                    .ifPresent(text -> LOG.atWarn()
                            .addKeyValue("event", "continuous.remark")
                            .addKeyValue("recovery_point", held.claimed().point())
                            .addKeyValue("remark", text)
                            .log("a resource is followed, but there is something to know"));
            held.reached(position, remark, clock.instant().plus(feed.interval(source)));
        }

        private void write(MarkFacts facts, Capture capture) throws InterruptedException {
            var series = held.claimed();
            var point = catalog.read(this::point);
            var now = connector.describe(source);
            var tags = catalog.read(view -> view.tags().of(series.point()));
            var description = new PointDescription(
                    point.arn().toString(),
                    point.resource().toString(),
                    point.resourceType().wireName(),
                    point.resourceName(),
                    point.createdAt(),
                    now.restoreMetadata(),
                    now.tags(),
                    facts.addTo(new PointFacts(point.role(), point.lifecycle(), tags, point.createdBy()).toMap()));
            var parent = (facts.kind() == FeedMark.Kind.IMAGE ? newestImage() : newest())
                    .map(mark -> series.session(mark.number()));
            var manifest =
                    repository.write(series.session(facts.number()), description, parent, capture, held::mustHold);
            held.add(facts.mark(manifest), manifest, facts.base());
        }

        private final class OneMark implements MarkWriter {
            private boolean written;

            @Override
            public void write(FeedPosition to, FeedMark.Kind kind, Capture capture) throws InterruptedException {
                if (written) {
                    throw new IllegalStateException("a round writes one mark");
                }
                written = true;
                var before = newest().orElseThrow().through();
                Work.this.write(
                        new MarkFacts(held.claimed().firstSession(), next(), false, kind, to, Optional.empty(), before),
                        capture);
            }
        }
    }
}
