package dev.coffer.engine.job;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.connector.Activity;
import dev.coffer.core.connector.ChangeFeed;
import dev.coffer.core.connector.ConnectorSpec;
import dev.coffer.core.connector.FeedMark;
import dev.coffer.core.connector.FeedPosition;
import dev.coffer.core.connector.FollowRequest;
import dev.coffer.core.connector.ItemSearch;
import dev.coffer.core.connector.MarkWriter;
import dev.coffer.core.connector.ResourceConnector;
import dev.coffer.core.connector.ResourceFacts;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.Restored;
import dev.coffer.core.connector.Round;
import dev.coffer.core.connector.SearchedItem;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.WriteSession;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** A bucket of names and texts with a log of its changes, from which the connector follows it: marks hold changes, every third one the whole besides. */
final class LogConnector implements ResourceConnector {
    static final Duration INTERVAL = Duration.ofSeconds(60);
    private static final String TIME = "time";
    private static final String TEXT = "text";

    /** A change: the new text of a name; empty for a deletion. */
    private record Change(Instant at, String name, Optional<String> text) {}

    private final InstantSource clock;
    private final List<Change> log = new ArrayList<>();
    private int forgotten;
    final AtomicReference<Optional<SourceException>> fault = new AtomicReference<>(Optional.empty());
    final Map<String, Map<String, String>> restoredByTarget = new ConcurrentHashMap<>();
    /** Is asked of every item that a walk comes to; may throw, and may block. */
    final AtomicReference<ItemSearch> search = new AtomicReference<>(LogConnector::searched);

    LogConnector(InstantSource clock) {
        this.clock = clock;
    }

    synchronized void change(String name, Optional<String> text) {
        log.add(new Change(clock.instant(), name, text));
    }

    /** The log forgets all that is in it; what the bucket holds stays. */
    synchronized void loseLog() {
        forgotten = log.size();
    }

    synchronized Map<String, String> asOf(Instant moment) {
        var names = new TreeMap<String, String>();
        for (var change : log) {
            if (!change.at().isAfter(moment)) {
                apply(names, change.name(), change.text());
            }
        }
        return names;
    }

    private static void apply(Map<String, String> names, String name, Optional<String> text) {
        text.ifPresentOrElse(value -> names.put(name, value), () -> names.remove(name));
    }

    private void meetFault() {
        fault.get().ifPresent(failure -> {
            throw failure;
        });
    }

    @Override
    public ConnectorSpec spec() {
        return new ConnectorSpec(ResourceType.S3, Set.of(ConnectorSpec.Feature.CONTINUOUS), 4);
    }

    @Override
    public Optional<Problem> objectionToOptions(Map<String, String> options) {
        return Optional.empty();
    }

    @Override
    public Optional<ItemSearch> search() {
        return Optional.of(item -> search.get().of(item));
    }

    static Optional<SearchedItem> searched(Item item) {
        return item.attributes()
                .text(TEXT)
                .map(_ -> new SearchedItem(
                        item.path().toString(), item.size(), Instant.EPOCH, Optional.empty(), Optional.empty()));
    }

    @Override
    public ResourceFacts describe(Source source) {
        return new ResourceFacts(source.name(), source.tags(), Map.of("target", source.name()));
    }

    @Override
    public CaptureSummary capture(Source source, WriteSession session, Activity activity) throws InterruptedException {
        var now = clock.instant();
        for (var entry : asOf(now).entrySet()) {
            try (var content = session.open(ItemPath.of("image/" + entry.getKey()), ItemKind.FILE)) {
                content.write(ByteBuffer.wrap(entry.getValue().getBytes(StandardCharsets.UTF_8)));
                content.finish(Attributes.builder().text(TEXT, entry.getValue()).build());
            }
        }
        return new CaptureSummary(now, 0, List.of());
    }

    @Override
    public Optional<Problem> objectionTo(Map<String, String> metadata) {
        return metadata.keySet().equals(Set.of("target"))
                ? Optional.empty()
                : Optional.of(Problem.invalid("only target, and not " + metadata.keySet()));
    }

    @Override
    public Restored restore(
            RestoreRequest request, dev.coffer.core.repository.RecoveryPointReader point, Activity activity)
            throws InterruptedException {
        var names = new TreeMap<String, String>();
        image(point, names);
        return restored(request, names);
    }

    private static void image(dev.coffer.core.repository.RecoveryPointReader point, Map<String, String> names)
            throws InterruptedException {
        point.items(ItemPath.ROOT, item -> {
            item.attributes()
                    .text(TEXT)
                    .ifPresent(text -> names.put(item.path().toString().replaceFirst("^/image/", ""), text));
            return true;
        });
    }

    private Restored restored(RestoreRequest request, Map<String, String> names) {
        var target = request.metadata().getOrDefault("target", "");
        restoredByTarget.put(target, names);
        return new Restored(Arn.ofBucket(target), Optional.empty(), names.size(), 0, List.of());
    }

    @Override
    public Optional<ChangeFeed> changeFeed() {
        return Optional.of(new Feed());
    }

    private synchronized int end() {
        return log.size();
    }

    private synchronized List<Change> since(int from) {
        return List.copyOf(log.subList(from, log.size()));
    }

    private synchronized boolean lost(int from) {
        return from < forgotten;
    }

    private final class Feed implements ChangeFeed {
        @Override
        public Duration interval(Source source) {
            return INTERVAL;
        }

        @Override
        public FeedPosition begin(Source source) {
            meetFault();
            return new FeedPosition("1/" + end(), clock.instant());
        }

        @Override
        public Round follow(FollowRequest request, MarkWriter marks, Activity activity) throws InterruptedException {
            meetFault();
            var token = request.from().token().split("/");
            int from = Integer.parseInt(token[1]);
            if (lost(from)) {
                return new Round.Lost("the log was cut");
            }
            var changes = since(from);
            var now = clock.instant();
            if (changes.isEmpty()) {
                return new Round.Reached(new FeedPosition(request.from().token(), now));
            }
            int number = Integer.parseInt(token[0]) + 1;
            var to = new FeedPosition(number + "/" + (from + changes.size()), now);
            boolean whole = number % 3 == 0;
            marks.write(to, whole ? FeedMark.Kind.IMAGE : FeedMark.Kind.CHANGES, session -> {
                if (whole) {
                    var _ = capture(request.source(), session, activity);
                }
                return put(session, changes, now);
            });
            return new Round.Reached(to);
        }

        private CaptureSummary put(WriteSession session, List<Change> changes, Instant now)
                throws InterruptedException {
            int i = 0;
            for (var change : changes) {
                var attributes = Attributes.builder()
                        .number(TIME, change.at().toEpochMilli())
                        .text("name", change.name());
                change.text().ifPresent(text -> attributes.text("to", text));
                session.put(ItemPath.of("changes/%06d".formatted(i++)), ItemKind.DIRECTORY, attributes.build());
            }
            return new CaptureSummary(now, 0, List.of());
        }

        @Override
        public Restored restoreTo(Instant moment, RestoreRequest request, List<FeedMark> marks, Activity activity)
                throws InterruptedException {
            var names = new TreeMap<String, String>();
            image(marks.getFirst().reader(), names);
            for (var mark : marks.subList(1, marks.size())) {
                mark.reader().items(ItemPath.ROOT, item -> {
                    var at = item.attributes().number(TIME);
                    if (at.isPresent() && at.getAsLong() <= moment.toEpochMilli()) {
                        apply(
                                names,
                                item.attributes().text("name").orElseThrow(),
                                item.attributes().text("to"));
                    }
                    return true;
                });
            }
            return restored(request, names);
        }
    }
}
