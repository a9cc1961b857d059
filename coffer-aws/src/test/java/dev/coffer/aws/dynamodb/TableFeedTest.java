package dev.coffer.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.connector.ChangeFeed;
import dev.coffer.core.connector.FeedMark;
import dev.coffer.core.connector.FeedPosition;
import dev.coffer.core.connector.FollowRequest;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.Round;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.SessionId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table that is followed can be restored as it was in every second. */
final class TableFeedTest {
    private static final String TABLE = """
        {"TableName":"t","BillingMode":"PAY_PER_REQUEST",
         "AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"n","AttributeType":"N"}],
         "KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"n","KeyType":"RANGE"}],
         "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"}}\
        """;

    /** A mark as an engine keeps it. */
    private record Kept(FeedMark.Kind kind, FeedPosition position, Instant imageFrom, String id) {}

    @TempDir
    private Path folder;

    private Bench bench;
    private ChangeFeed feed;
    private final List<Kept> marks = new ArrayList<>();
    private final TreeMap<Instant, SortedMap<String, String>> states = new TreeMap<>();
    private Optional<FeedPosition> position = Optional.empty();
    private int restores;

    @BeforeEach
    void start() throws InterruptedException {
        bench = new Bench(folder);
        bench.clock.set(bench.clock.instant().truncatedTo(ChronoUnit.SECONDS));
        bench.tables.cutTimesTo(ChronoUnit.SECONDS);
        bench.tables.create(TABLE);
        feed = bench.connector.changeFeed().orElseThrow();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    private void put(int number, String value) {
        bench.tables.put(
                "t",
                "{\"p\":{\"S\":\"p%d\"},\"n\":{\"N\":\"%d\"},\"v\":{\"S\":\"%s\"}}"
                        .formatted(number % 5, number, value));
    }

    private void delete(int number) {
        bench.tables.delete("t", "{\"p\":{\"S\":\"p%d\"},\"n\":{\"N\":\"%d\"}}".formatted(number % 5, number));
    }

    /** Remembers what the table is now, and lets time pass. */
    private Instant note(Duration then) {
        var now = bench.clock.instant().truncatedTo(ChronoUnit.SECONDS);
        states.put(now, bench.tables.items("t"));
        bench.clock.advance(then);
        return now;
    }

    private void begin() throws InterruptedException {
        position = Optional.of(feed.begin(bench.source("t")));
        var base = bench.capture(bench.source("t"), "m0", Optional.empty(), new AtomicReference<>());
        marks.add(new Kept(FeedMark.Kind.IMAGE, position.get(), base.summary().consistentAt(), "m0"));
        bench.clock.advance(Duration.ofSeconds(2));
    }

    private Round round(boolean scheduled) throws InterruptedException {
        var newest = marks.getLast().id();
        var image = marks.stream()
                .filter(mark -> mark.kind() == FeedMark.Kind.IMAGE)
                .toList()
                .getLast();
        try (var reader = bench.open(newest);
                var imageReader = bench.open(image.id())) {
            var round = feed.follow(
                    new FollowRequest(
                            bench.source("t"),
                            position.orElseThrow(),
                            reader,
                            imageReader,
                            image.imageFrom(),
                            scheduled),
                    (to, kind, capture) -> {
                        var id = "m" + marks.size();
                        bench.vault.write(
                                new SessionId(id),
                                new PointDescription(
                                        "arn:aws:backup:eu-central-1:123456789012:recovery-point:" + id,
                                        bench.source("t").arn().toString(),
                                        "DynamoDB",
                                        "t",
                                        Instant.EPOCH,
                                        Map.of(),
                                        Map.of()),
                                Optional.of(new SessionId(kind == FeedMark.Kind.IMAGE ? image.id() : newest)),
                                capture,
                                () -> {});
                        marks.add(new Kept(kind, to, to.reached(), id));
                    },
                    (_, _) -> {});
            if (round instanceof Round.Reached(var reached, var _)) {
                position = Optional.of(reached);
            }
            return round;
        }
    }

    /** Rounds until the moment is covered. */
    private void followTo(Instant moment) throws InterruptedException {
        while (position.orElseThrow().reached().isBefore(moment)) {
            assertThat(round(false)).isInstanceOf(Round.Reached.class);
        }
    }

    private SortedMap<String, String> restored(Instant moment, Map<String, String> more) throws InterruptedException {
        var needed = new ArrayList<Kept>();
        for (var mark : marks) {
            if (mark.kind() == FeedMark.Kind.IMAGE && !mark.imageFrom().isAfter(moment)) {
                needed.clear();
            }
            if (needed.isEmpty()
                    || needed.getLast().position().reached().isBefore(moment)
                    || needed.getLast().id().equals("m0")) {
                needed.add(mark);
            }
        }
        var name = "copy" + ++restores;
        var metadata = new TreeMap<>(more);
        metadata.put("targettablename", name);
        var open = new ArrayList<FeedMark>();
        for (var mark : needed) {
            open.add(new FeedMark(mark.kind(), mark.position(), bench.open(mark.id())));
        }
        var restored = feed.restoreTo(
                moment,
                new RestoreRequest(
                        "job-" + restores, bench.clock.instant(), Bench.SCOPE, metadata, Map.of(), bench.targets()),
                open,
                (_, _) -> {});
        assertThat(restored.notRestored()).isEmpty();
        return bench.tables.items(name);
    }

    private void assertAllStates() throws InterruptedException {
        for (var state : states.entrySet()) {
            assertThat(restored(state.getKey(), Map.of()))
                    .as(state.getKey() + " of " + marks)
                    .isEqualTo(state.getValue());
        }
    }

    @Test
    void everyNotedSecondComesBackItemByItemAlsoWhenTheTableIsGone() throws Exception {
        for (int i = 0; i < 300; i++) {
            put(i, "base");
        }
        begin();
        note(Duration.ofSeconds(1));
        put(1, "one");
        put(1000, "added");
        note(Duration.ofSeconds(1));
        delete(1000);
        put(2, "two");
        note(Duration.ofSeconds(5));
        round(false);
        put(2, "three");
        var chosen = note(Duration.ofSeconds(1));
        delete(2);
        note(Duration.ofSeconds(30));
        round(false);
        round(false);
        put(7, "four");
        var last = note(Duration.ofSeconds(1));
        put(8, "after");
        followTo(last);
        assertThat(marks).hasSize(4);
        bench.tables.call("DeleteTable", "{\"TableName\":\"t\"}");
        assertThatThrownBy(() -> round(false)).isInstanceOf(SourceException.NotFound.class);

        assertAllStates();
        assertThat(
                        restored(
                                chosen,
                                Map.of(
                                        "coffer:keys",
                                        "[{\"p\":{\"S\":\"p2\"},\"n\":{\"N\":\"2\"}},{\"p\":{\"S\":\"p4\"},\"n\":{\"N\":\"9\"}}]")))
                .hasSize(2)
                .anySatisfy((_, item) -> assertThat(item).contains("three"))
                .anySatisfy((_, item) -> assertThat(item).contains("base"));
    }

    @Test
    void roundsWithoutChangesWriteNothing() throws Exception {
        begin();
        for (int i = 0; i < 3; i++) {
            bench.clock.advance(Duration.ofSeconds(30));
            var before = position.orElseThrow().reached();
            round(false);
            assertThat(position.orElseThrow().reached()).isAfter(before.plusSeconds(29));
        }
        assertThat(marks).hasSize(1);
    }

    @Test
    void aRoundThatWasNotStoredComesAgain() throws Exception {
        put(1, "base");
        begin();
        put(1, "changed");
        var moment = note(Duration.ofSeconds(5));
        var before = position;
        round(false);
        marks.removeLast();
        bench.vault.forget(new SessionId("m1"));
        position = before;
        put(2, "later");
        var later = note(Duration.ofSeconds(5));
        // The vault does not take the id of a forgotten session again.
        marks.add(marks.getFirst());
        followTo(later);
        marks.remove(1);

        assertThat(restored(moment, Map.of())).isEqualTo(states.get(moment));
        assertThat(restored(later, Map.of())).isEqualTo(states.get(later));
    }

    @Test
    void randomChangesOverSplitsAndImagesComeBackAtEverySecond() throws Exception {
        var random = new Random(11);
        for (int i = 0; i < 60; i++) {
            put(i, "base");
        }
        begin();
        Instant last = bench.clock.instant();
        for (int step = 0; step < 25; step++) {
            for (int change = random.nextInt(12); change > 0; change--) {
                int number = random.nextInt(90);
                if (random.nextInt(4) == 0) {
                    delete(number);
                } else {
                    put(number, "step " + step + " " + change);
                }
            }
            if (random.nextInt(5) == 0) {
                bench.tables.splitStream("t");
            }
            last = note(random.nextInt(6) == 0 ? Duration.ofHours(7) : Duration.ofSeconds(1 + random.nextInt(9)));
            if (random.nextInt(3) > 0) {
                assertThat(round(random.nextBoolean())).isInstanceOf(Round.Reached.class);
            }
        }
        followTo(last);

        assertThat(marks.stream().filter(mark -> mark.kind() == FeedMark.Kind.IMAGE))
                .as("%s", marks)
                .hasSizeGreaterThan(1);
        assertAllStates();
    }

    @Test
    void changesDuringTheScanOfAnImageComeBackSecondBySecond() throws Exception {
        for (int i = 0; i < 200; i++) {
            put(i, "base");
        }
        begin();
        bench.clock.advance(Duration.ofHours(13));
        var scans = new int[1];
        bench.server.disturb((operation, _) -> {
            if (operation.equals("Scan")) {
                synchronized (scans) {
                    put(scans[0]++, "during");
                    note(Duration.ofSeconds(1));
                }
            }
            return Optional.empty();
        });
        round(true);
        bench.server.calm();
        assertThat(marks.getLast().kind()).isEqualTo(FeedMark.Kind.IMAGE);
        assertThat(states).hasSizeGreaterThan(3);
        followTo(states.lastKey());

        assertAllStates();
    }

    @Test
    void aGapIsToldAndNeverBridged() throws Exception {
        put(1, "base");
        begin();
        put(1, "seen");
        bench.clock.advance(Duration.ofSeconds(5));
        round(false);
        put(1, "lost");
        bench.tables.trimStream("t");
        put(1, "late");
        bench.clock.advance(Duration.ofSeconds(5));

        assertThat(round(false))
                .isInstanceOfSatisfying(
                        Round.Lost.class, lost -> assertThat(lost.why()).contains("has dropped changes"));
        assertThat(marks).hasSize(2);
    }

    @Test
    void aStreamThatWasNotFollowedForADayIsLost() throws Exception {
        begin();
        bench.clock.advance(Duration.ofHours(24));

        assertThat(round(false))
                .isInstanceOfSatisfying(
                        Round.Lost.class, lost -> assertThat(lost.why()).contains("a stream keeps 24 hours"));
    }

    @Test
    void anotherStreamIsAGap() throws Exception {
        begin();
        bench.tables.call(
                "UpdateTable",
                "{\"TableName\":\"t\",\"StreamSpecification\":{\"StreamEnabled\":true,\"StreamViewType\":\"NEW_IMAGE\"}}");

        assertThat(round(false))
                .isInstanceOfSatisfying(
                        Round.Lost.class, lost -> assertThat(lost.why()).contains("another one"));
    }

    @Test
    void aTableWithoutAStreamCannotBeFollowed() {
        bench.tables.create(Bench.PLAIN.formatted("plain"));

        assertThatThrownBy(() -> feed.begin(bench.source("plain")))
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("NEW_IMAGE");
    }
}
