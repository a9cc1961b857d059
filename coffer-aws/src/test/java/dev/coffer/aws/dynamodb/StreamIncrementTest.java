package dev.coffer.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.Manifest;
import dev.coffer.testkit.connector.ObservedSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Later backups of a table with a stream read the stream only. */
final class StreamIncrementTest {
    private static final String TABLE = """
        {"TableName":"t","BillingMode":"PAY_PER_REQUEST",
         "AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"n","AttributeType":"N"}],
         "KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"n","KeyType":"RANGE"}],
         "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"}}\
        """;
    private static final int ITEM_BYTES = 60_000;

    @TempDir
    private Path folder;

    private Bench bench;
    private final AtomicReference<ObservedSession> session = new AtomicReference<>();
    private int restores;

    @BeforeEach
    void start() throws InterruptedException {
        bench = new Bench(folder, 1_000_000, 64L << 20);
        bench.tables.create(TABLE);
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    /** An item that is one of many of a partition key, or of few. */
    private void put(int number, String text) {
        bench.tables.put(
                "t",
                "{\"p\":{\"S\":\"%s\"},\"n\":{\"N\":\"%d\"},\"v\":{\"S\":\"%s\"}}"
                        .formatted(partition(number), number, text.repeat(ITEM_BYTES / text.length())));
    }

    private void delete(int number) {
        bench.tables.delete("t", "{\"p\":{\"S\":\"%s\"},\"n\":{\"N\":\"%d\"}}".formatted(partition(number), number));
    }

    private static String partition(int number) {
        return number % 2 == 0 ? "hot" : "p" + number % 50;
    }

    private void fill(int items) {
        for (int i = 0; i < items; i++) {
            put(i, "first " + i + " ");
        }
    }

    private Manifest backUp(String id, String parent) throws InterruptedException {
        return backUp(id, parent, Map.of());
    }

    private Manifest backUp(String id, String parent, Map<String, String> settings) throws InterruptedException {
        bench.server.takeCalls();
        return bench.capture(bench.source("t", settings), id, Optional.of(parent), session);
    }

    private void assertReadByStream() {
        assertThat(bench.server.takeCalls()).contains("GetRecords").doesNotContain("Scan");
    }

    private static String issue(Manifest manifest) {
        return String.valueOf(manifest.summary().skipped());
    }

    private void assertReadWhole(Manifest manifest, String why) throws InterruptedException {
        assertThat(bench.server.takeCalls()).contains("Scan");
        assertThat(issue(manifest)).contains("read whole", why);
        assertHoldsTable(manifest.id().value());
    }

    private void assertHoldsTable(String point) throws InterruptedException {
        var copy = "copy" + ++restores;
        bench.restore(point, "job-" + restores, Map.of("targettablename", copy));
        assertThat(bench.tables.items(copy)).isEqualTo(bench.tables.items("t"));
    }

    private Map<ItemPath, String> pieces(String point) throws InterruptedException {
        var pieces = new TreeMap<ItemPath, String>();
        try (var reader = bench.open(point)) {
            reader.items(Pieces.ITEMS, item -> {
                if (!item.path().equals(Pieces.ITEMS)) {
                    pieces.put(item.path(), item.attributes().toString());
                }
                return true;
            });
        }
        return pieces;
    }

    @Test
    void onlyTheStreamIsReadAndOnlyPiecesThatChangedAreWritten() throws Exception {
        fill(500);
        bench.capture("t", "one");
        put(7, "changed ");
        put(1001, "added ");
        delete(9);

        var second = backUp("two", "one");

        assertReadByStream();
        assertThat(second.summary().skippedItems()).as(issue(second)).isZero();
        assertThat(session.get().kept()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(session.get().read().stream().filter(path -> path.isWithin(Pieces.ITEMS)))
                .hasSizeBetween(1, 3);
        assertThat(second.newBytes()).isLessThan(second.logicalBytes() / 4);
        assertHoldsTable("two");
        bench.capture("t", "fresh");
        assertThat(pieces("two")).isEqualTo(pieces("fresh"));
    }

    @Test
    void aTableWithoutChangesIsCarriedOver() throws Exception {
        fill(200);
        bench.capture("t", "one");

        var second = backUp("two", "one");

        assertReadByStream();
        assertThat(second.newBytes()).isLessThan(1000);
        assertThat(pieces("two")).isEqualTo(pieces("one"));
        assertHoldsTable("two");
    }

    @Test
    void aChainOfRandomChangesIsAsAScanWouldMakeIt() throws Exception {
        var random = new Random(7);
        fill(400);
        bench.capture("t", "0");
        for (int round = 1; round <= 4; round++) {
            if (round % 3 == 0) {
                bench.tables.splitStream("t");
            }
            for (int change = random.nextInt(120); change > 0; change--) {
                int number = random.nextInt(700);
                if (random.nextInt(3) == 0) {
                    delete(number);
                } else {
                    put(number, "round " + round + " ");
                }
                if (random.nextInt(60) == 0) {
                    bench.tables.splitStream("t");
                }
            }
            var manifest = backUp(String.valueOf(round), String.valueOf(round - 1));
            assertReadByStream();
            assertThat(manifest.summary().skippedItems()).as(issue(manifest)).isZero();
        }

        bench.capture("t", "fresh");
        assertThat(pieces("4")).isEqualTo(pieces("fresh"));
        assertHoldsTable("4");
    }

    @Test
    void aTableThatLostAllOrHadNothingIsKept() throws Exception {
        bench.capture("t", "empty");
        fill(100);
        backUp("full", "empty");
        assertReadByStream();
        assertHoldsTable("full");
        for (int i = 0; i < 100; i++) {
            delete(i);
        }
        backUp("again", "full");
        assertReadByStream();
        assertHoldsTable("again");
        assertThat(pieces("again")).isEmpty();
    }

    @Test
    void changesDuringABackupAreInItOrInTheNext() throws Exception {
        fill(300);
        bench.capture("t", "one");
        var numbers = new ArrayList<>(List.of(3, 5, 7));
        bench.server.disturb((operation, _) -> {
            if (operation.equals("GetRecords") && !numbers.isEmpty()) {
                put(numbers.removeFirst(), "during ");
            }
            return Optional.empty();
        });
        backUp("two", "one");
        bench.server.calm();

        backUp("three", "two");

        assertReadByStream();
        assertHoldsTable("three");
    }

    @Test
    void aGapInTheStreamMakesANewBaseAndIsTold() throws Exception {
        fill(50);
        bench.capture("t", "one");
        put(1, "one ");
        backUp("two", "one");
        put(2, "two ");
        put(3, "three ");
        bench.tables.trimStream("t");

        var third = backUp("three", "two");

        assertReadWhole(third, "has dropped changes");
        put(4, "four ");
        assertThat(backUp("four", "three").summary().skippedItems()).isZero();
        assertReadByStream();
        assertHoldsTable("four");
    }

    @Test
    void aShardThatIsGoneMakesANewBase() throws Exception {
        fill(50);
        bench.capture("t", "one");
        put(1, "one ");
        bench.tables.splitStream("t");
        bench.tables.trimStream("t");

        assertReadWhole(backUp("two", "one"), "has dropped changes");
    }

    @Test
    void aStreamThatWasSwitchedOffInBetweenMakesANewBase() throws Exception {
        fill(50);
        bench.capture("t", "one");
        bench.tables.call("UpdateTable", "{\"TableName\":\"t\",\"StreamSpecification\":{\"StreamEnabled\":false}}");
        put(1, "unseen ");
        bench.tables.call(
                "UpdateTable",
                "{\"TableName\":\"t\",\"StreamSpecification\":{\"StreamEnabled\":true,\"StreamViewType\":\"NEW_IMAGE\"}}");

        assertReadWhole(backUp("two", "one"), "another one");
    }

    @Test
    void aTableThatWasMadeAnewIsReadWhole() throws Exception {
        fill(50);
        bench.capture("t", "one");
        bench.tables.call("DeleteTable", "{\"TableName\":\"t\"}");
        bench.tables.create(TABLE);
        fill(20);

        assertReadWhole(backUp("two", "one"), "another one");
    }

    @Test
    void aPointOlderThanTheStreamMakesANewBase() throws Exception {
        fill(50);
        bench.capture("t", "one");
        bench.clock.advance(Duration.ofHours(24));
        put(1, "late ");

        assertReadWhole(backUp("two", "one"), "more than 23 hours");
    }

    @Test
    void theTableIsReadWholeNowAndThenWithoutAWord() throws Exception {
        fill(50);
        bench.capture("t", "0");
        int scans = 0;
        for (int run = 1; run <= 10; run++) {
            bench.clock.advance(Duration.ofHours(20));
            put(run, "run " + run + " ");
            var manifest = backUp(String.valueOf(run), String.valueOf(run - 1), Map.of("recheckDays", "3"));
            assertThat(manifest.summary().skippedItems()).as(issue(manifest)).isZero();
            scans += bench.server.takeCalls().contains("Scan") ? 1 : 0;
        }
        assertThat(scans).isEqualTo(2);
        assertHoldsTable("10");
        backUp("11", "10", Map.of("recheckDays", "0"));
        assertThat(bench.server.takeCalls()).contains("Scan");
    }

    @Test
    void whatTheVaultHasLostIsReadFromTheTable() throws Exception {
        fill(300);
        bench.capture("t", "one");
        put(1, "one ");
        var lost = pieces("one").keySet().stream()
                .filter(path -> path.isWithin(Pieces.folder(0L, 0)) && !path.equals(Pieces.folder(0L, 0)))
                .findFirst()
                .orElseThrow();
        bench.lose(lost);

        assertReadWhole(backUp("two", "one"), "the last recovery point is damaged");
    }
}
