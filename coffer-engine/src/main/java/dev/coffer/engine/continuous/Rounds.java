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
import dev.coffer.core.continuous.History;
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
import java.time.Instant;
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

        private History history() {
            return catalog.read(view -> view.continuous().history(held.claimed()));
        }

        void run(boolean scheduled) throws InterruptedException {
            adopt();
            var series = held.read();
            var newest = newest();
            if (newest.isEmpty() || !series.standing().isFollowed()) {
                base();
                return;
            }
            try (var reader = newest.get()) {
                var position = series.position();
                var request = new FollowRequest(
                        source, position, reader, history().imageAt().orElse(Instant.EPOCH), scheduled);
                switch (feed.follow(request, new OneMark(), activity)) {
                    case Round.Reached(var reached) -> reached(reached);
                    case Round.Lost(var why) -> {
                        LOG.atWarn()
                                .addKeyValue("event", "continuous.gap")
                                .addKeyValue("recovery_point", series.point())
                                .addKeyValue("after", position.reached())
                                .addKeyValue("reason", why)
                                .log("a part of a resource's history is lost; a new base is made");
                        base();
                    }
                }
            }
        }

        private Optional<RecoveryPointReader> newest() throws InterruptedException {
            var marks = history().marks();
            if (marks.isEmpty()) {
                return Optional.empty();
            }
            try {
                return Optional.of(
                        repository.open(held.claimed().session(marks.getLast().number())));
            } catch (RepositoryException.NotFound gone) {
                return Optional.empty();
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
            var marks = history().marks();
            return marks.isEmpty() ? 1 : marks.getLast().number() + 1;
        }

        /** Begins a new stretch. */
        private void base() throws InterruptedException {
            var from = feed.begin(source);
            var number = next();
            var facts = new MarkFacts(
                    held.claimed().firstSession(), number, true, FeedMark.Kind.IMAGE, from, from.reached());
            write(facts, session -> connector.capture(source, session, activity));
            reached(from);
        }

        private void reached(FeedPosition position) {
            held.reached(position.reached(), position, clock.instant().plus(feed.interval(source)));
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
            var parent =
                    Optional.of(facts.number()).filter(number -> number > 1).map(number -> series.session(number - 1));
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
                var before = history().reached().orElseThrow();
                Work.this.write(new MarkFacts(held.claimed().firstSession(), next(), false, kind, to, before), capture);
            }
        }
    }
}
