package dev.coffer.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.resource.Source;
import dev.coffer.testkit.connector.ObservedSession;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TableRoundTripTest {
    private static final String RICH = """
            {"TableName":"orders","BillingMode":"PROVISIONED",
             "AttributeDefinitions":[{"AttributeName":"customer","AttributeType":"S"},
               {"AttributeName":"number","AttributeType":"N"},{"AttributeName":"state","AttributeType":"S"},
               {"AttributeName":"blob","AttributeType":"B"}],
             "KeySchema":[{"AttributeName":"customer","KeyType":"HASH"},{"AttributeName":"number","KeyType":"RANGE"}],
             "ProvisionedThroughput":{"ReadCapacityUnits":40000,"WriteCapacityUnits":70},
             "GlobalSecondaryIndexes":[{"IndexName":"by-state","KeySchema":[{"AttributeName":"state","KeyType":"HASH"}],
               "Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["note"]},
               "ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":6}}],
             "LocalSecondaryIndexes":[{"IndexName":"by-blob","KeySchema":[{"AttributeName":"customer","KeyType":"HASH"},
               {"AttributeName":"blob","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}}],
             "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"},
             "SSESpecification":{"Enabled":true,"SSEType":"KMS","KMSMasterKeyId":"arn:aws:kms:eu-central-1:123456789012:key/1"},
             "TableClass":"STANDARD_INFREQUENT_ACCESS","DeletionProtectionEnabled":true,
             "Tags":[{"Key":"team","Value":"blue"}]}""";

    @TempDir
    private Path folder;

    private Bench bench;

    @BeforeEach
    void start() throws InterruptedException {
        bench = new Bench(folder);
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    private void rich() {
        bench.tables.create(RICH);
        bench.tables.call(
                "UpdateTimeToLive",
                "{\"TableName\":\"orders\",\"TimeToLiveSpecification\":{\"Enabled\":true,\"AttributeName\":\"ttl\"}}");
        bench.tables.call(
                "UpdateContinuousBackups",
                "{\"TableName\":\"orders\",\"PointInTimeRecoverySpecification\":{\"PointInTimeRecoveryEnabled\":true,\"RecoveryPeriodInDays\":7}}");
    }

    private static String order(String customer, int number, String rest) {
        return "{\"customer\":{\"S\":\"%s\"},\"number\":{\"N\":\"%d\"}%s}".formatted(customer, number, rest);
    }

    private static String plain(int id, String value) {
        return "{\"id\":{\"S\":\"key-%05d\"},\"v\":{\"S\":\"%s\"}}".formatted(id, value);
    }

    private void plainTable(int items) {
        bench.tables.create(Bench.PLAIN.formatted("plain"));
        for (int i = 0; i < items; i++) {
            bench.tables.put("plain", plain(i, "first"));
        }
    }

    @Test
    void everyTypeComesBackExactly() throws Exception {
        rich();
        var big = "x".repeat(390 * 1024);
        var binary = Base64.getEncoder().encodeToString(new byte[] {0, -1, 127, -128});
        bench.tables.put("orders", order("all", 1, """
                        ,"s":{"S":"grün €\\ud83d\\ude00"},"empty":{"S":""},"n":{"N":"12345678901234567890123456789012345678"},
                        "small":{"N":"-0.00000000000000000000000000000000000012345678901234567890123456789"},
                        "huge":{"N":"9.9E+125"},"b":{"B":"%s"},"nob":{"B":""},"t":{"BOOL":true},"f":{"BOOL":false},"nul":{"NULL":true},
                        "m":{"M":{"x":{"L":[{"N":"1E+20"},{"M":{}},{"L":[]}]},"":{"S":"no name"}}},"l":{"L":[{"S":"b"},{"S":"a"},{"S":"a"}]},
                        "ss":{"SS":["z","","a"]},"ns":{"NS":["3","-1","2.5"]},"bs":{"BS":["%s","AAA="]}""".formatted(binary, binary)));
        bench.tables.put("orders", order("big", 2, ",\"v\":{\"S\":\"" + big + "\"}"));
        bench.tables.put("orders", order("", 0, ""));
        for (int i = 0; i < 200; i++) {
            bench.tables.put("orders", order("c" + i % 7, i, ",\"state\":{\"S\":\"new\"}"));
        }

        bench.capture("orders", "one");
        var restored = bench.restore("one", "job-1", Map.of("targettablename", "again"));

        assertThat(restored.notRestored()).isEmpty();
        assertThat(restored.resource().toString()).isEqualTo("arn:aws:dynamodb:eu-central-1:123456789012:table/again");
        assertThat(bench.tables.items("again"))
                .isEqualTo(bench.tables.items("orders"))
                .hasSize(203);
        assertThat(bench.tables.definition("again")).isEqualTo(bench.tables.definition("orders"));
    }

    @Test
    void twoPointsKeepTwoStates() throws Exception {
        plainTable(500);
        var atOne = bench.tables.items("plain");
        bench.capture("plain", "one");
        bench.tables.put("plain", plain(3, "changed"));
        bench.tables.put("plain", plain(9999, "added"));
        bench.tables.delete("plain", "{\"id\":{\"S\":\"key-00007\"}}");
        var atTwo = bench.tables.items("plain");
        bench.capture(bench.source("plain"), "two", Optional.of("one"), new AtomicReference<>());
        for (var key : atTwo.keySet()) {
            bench.tables.delete("plain", key);
        }

        bench.restore("one", "job-1", Map.of("targettablename", "first"));
        bench.restore("two", "job-2", Map.of("targettablename", "second"));

        assertThat(bench.tables.items("first")).isEqualTo(atOne);
        assertThat(bench.tables.items("second")).isEqualTo(atTwo);
    }

    @Test
    void anUnchangedTableCostsNothing() throws Exception {
        plainTable(500);
        bench.capture("plain", "one");
        var session = new AtomicReference<ObservedSession>();

        // Other segments and pages give the items in another order.
        var second = bench.capture(bench.source("plain", Map.of("segments", "3")), "two", Optional.of("one"), session);

        assertThat(second.newBytes()).isZero();
        assertThat(session.get().read()).isEmpty();
    }

    @Test
    void changesDuringTheScanAreFoldedInWithAStream() throws Exception {
        rich();
        for (int i = 0; i < 600; i++) {
            bench.tables.put("orders", order("c" + i, i, ",\"v\":{\"N\":\"0\"}"));
        }
        var scans = new AtomicInteger();
        bench.server.disturb((operation, _) -> {
            if (operation.equals("Scan")) {
                int scan = scans.incrementAndGet();
                bench.tables.put("orders", order("c1", 1, ",\"v\":{\"N\":\"" + scan + "\"}"));
                bench.tables.put("orders", order("late" + scan, 1, ""));
                bench.tables.delete("orders", order("c" + (scan + 10), scan + 10, ""));
                if (scan % 5 == 0) {
                    bench.tables.splitStream("orders");
                }
            }
            return Optional.empty();
        });

        var manifest = bench.capture("orders", "one");
        bench.server.calm();
        bench.restore("one", "job-1", Map.of("targettablename", "again"));

        assertThat(scans.get()).isGreaterThan(10);
        assertThat(bench.tables.items("again")).isEqualTo(bench.tables.items("orders"));
        assertThat(manifest.skipped()).isEmpty();
        try (var point = bench.open("one")) {
            assertThat(point.find(Pieces.ITEMS).orElseThrow().attributes().text(TableCapture.CONSISTENCY))
                    .contains("instant");
        }
        assertThat(bench.connector.describe(bench.source("orders")).restoreMetadata())
                .containsEntry("coffer:consistency", "instant")
                .containsEntry("encryptionType", "KMS");
    }

    @Test
    void aTableWithoutStreamIsReadOverAPeriodAndSaysSo() throws Exception {
        plainTable(10);

        bench.capture("plain", "one");

        try (var point = bench.open("one")) {
            assertThat(point.find(Pieces.ITEMS).orElseThrow().attributes().text(TableCapture.CONSISTENCY))
                    .contains("period");
        }
        assertThat(bench.connector.describe(bench.source("plain")).restoreMetadata())
                .containsEntry("coffer:consistency", "period");
    }

    @Test
    void aStreamThatMayNotBeReadIsAnIssueOfTheJob() throws Exception {
        rich();
        bench.tables.put("orders", order("a", 1, ""));
        bench.server.disturb(EvilTableTest.refusing("DescribeStream", "AccessDeniedException", "not allowed"));

        var manifest = bench.capture("orders", "one");

        assertThat(manifest.skipped())
                .singleElement()
                .satisfies(issue ->
                        assertThat(issue.reason()).contains("not brought to one instant", "dynamodb:DescribeStream"));
    }

    @Test
    void aTableLargerThanMemoryIsSortedOnDisk() throws Exception {
        bench.close();
        bench = new Bench(folder.resolve("scratch"), 20_000, 10_000);
        rich();
        var value = "y".repeat(300);
        for (int i = 0; i < 1000; i++) {
            bench.tables.put("orders", order(i % 3 == 0 ? "same" : "c" + i, i, ",\"v\":{\"S\":\"" + value + i + "\"}"));
        }

        bench.capture("orders", "one");
        bench.restore("one", "job-1", Map.of("targettablename", "again"));

        assertThat(bench.tables.items("again")).isEqualTo(bench.tables.items("orders"));
        try (var left = Files.list(folder.resolve("scratch"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aTableOfManyPiecesCarriesOverThoseThatDidNotChange() throws Exception {
        bench.close();
        bench = new Bench(folder, 1 << 20, 64L << 20);
        bench.tables.create(Bench.PLAIN.formatted("plain"));
        var value = "z".repeat(30_000);
        for (int i = 0; i < 1200; i++) {
            bench.tables.put("plain", plain(i, value + i));
        }
        bench.capture("plain", "one");
        bench.tables.put("plain", plain(600, "small now"));
        var session = new AtomicReference<ObservedSession>();

        bench.capture(bench.source("plain"), "two", Optional.of("one"), session);

        assertThat(session.get().read()).hasSize(1);
        assertThat(session.get().kept()).hasSizeGreaterThan(2);
        bench.restore("two", "job-1", Map.of("targettablename", "again"));
        assertThat(bench.tables.items("again")).isEqualTo(bench.tables.items("plain"));
    }

    @Test
    void itemsAreChosenByTheirKeysAndOthersAreNotRead() throws Exception {
        bench.close();
        bench = new Bench(folder, 1 << 20, 64L << 20);
        bench.tables.create(Bench.PLAIN.formatted("plain"));
        var value = "z".repeat(30_000);
        for (int i = 0; i < 1200; i++) {
            bench.tables.put("plain", plain(i, value + i));
        }
        bench.capture("plain", "one");

        var restored = bench.restore(
                "one",
                "job-1",
                Map.of(
                        "targettablename",
                        "some",
                        "coffer:keys",
                        "[{\"id\":{\"S\":\"key-00005\"}},{\"id\":{\"S\":\"key-00900\"}},{\"id\":{\"S\":\"nobody\"}}]"));

        assertThat(bench.tables.items("some").keySet())
                .containsExactlyInAnyOrder("{\"id\":{\"S\":\"key-00005\"}}", "{\"id\":{\"S\":\"key-00900\"}}");
        assertThat(restored.notRestored())
                .singleElement()
                .satisfies(missing -> assertThat(missing.path()).isEqualTo(ItemPath.of("id=nobody")));
        try (var point = bench.open("one")) {
            var table = PointTable.open(point);
            var all = new ArrayList<ItemPath>();
            var looked = new ArrayList<ItemPath>();
            table.pieces(Optional.empty(), piece -> all.add(piece.path()));
            var sieve = KeyChoice.keys("[{\"id\":{\"S\":\"key-00005\"}}]")
                    .of(table.definition().key());
            table.pieces(sieve.hashes(), piece -> looked.add(piece.path()));
            assertThat(all).hasSizeGreaterThan(2);
            assertThat(looked).hasSize(1);
        }
    }

    @Test
    void aKeyConditionChoosesWithinAPartition() throws Exception {
        rich();
        for (int i = 0; i < 100; i++) {
            bench.tables.put("orders", order("c" + i % 4, i, ""));
        }
        bench.capture("orders", "one");

        bench.restore(
                "one",
                "job-1",
                Map.of(
                        "targettablename",
                        "some",
                        "coffer:indexes",
                        "none",
                        "coffer:settings",
                        "false",
                        "coffer:keycondition",
                        """
                        {"customer":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"c1"}]},
                         "number":{"ComparisonOperator":"BETWEEN","AttributeValueList":[{"N":"9"},{"N":"21.0"}]}}"""));

        assertThat(bench.tables.items("some")).hasSize(4);
        assertThat(bench.tables.items("some").keySet())
                .allMatch(key -> key.contains("c1") && key.matches(".*\"(9|13|17|21)\".*"));
        var definition = bench.tables.definition("some");
        assertThat(definition)
                .doesNotContain("by-state", "by-blob", "StreamSpecification", "KMS", "blue")
                .contains("\"TimeToLive\":\"\"", "STANDARD_INFREQUENT_ACCESS");
    }

    @Test
    void anExistingTableKeepsWhatItHas() throws Exception {
        plainTable(20);
        bench.capture("plain", "one");
        bench.tables.put("plain", plain(4, "newer"));
        bench.tables.delete("plain", "{\"id\":{\"S\":\"key-00005\"}}");

        var skipped = bench.restore("one", "job-1", Map.of("targettablename", "plain", "coffer:existingtable", "true"));

        assertThat(value("plain", 4)).contains("newer");
        assertThat(value("plain", 5)).contains("first");
        assertThat(skipped.created()).isEmpty();
        assertThat(skipped.notRestored())
                .singleElement()
                .satisfies(item -> assertThat(item.path()).isEqualTo(ItemPath.of("id=key-00004")));
        bench.restore(
                "one",
                "job-2",
                Map.of("targettablename", "plain", "coffer:existingtable", "true", "coffer:conflict", "overwrite"));
        assertThat(value("plain", 4)).contains("first");
    }

    private String value(String table, int id) {
        return bench.tables.items(table).getOrDefault("{\"id\":{\"S\":\"key-%05d\"}}".formatted(id), "");
    }

    @Test
    void aTableThatIsThereIsNeverOverwritten() throws Exception {
        plainTable(3);
        bench.capture("plain", "one");

        assertThatThrownBy(() -> bench.restore("one", "job-1", Map.of("targettablename", "plain")))
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("Table already exists: plain");
    }

    @Test
    void anotherKeyIsRefused() throws Exception {
        plainTable(3);
        rich();
        bench.capture("plain", "one");

        assertThatThrownBy(() -> bench.restore(
                        "one", "job-1", Map.of("targettablename", "orders", "coffer:existingtable", "true")))
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("same key");
    }

    @Test
    void aRestoreThatWasBrokenOffGoesOnInItsOwnTable() throws Exception {
        plainTable(200);
        bench.capture("plain", "one");
        var batches = new AtomicInteger();
        bench.server.disturb((operation, request) -> operation.equals("BatchWriteItem") && batches.incrementAndGet() > 3
                ? EvilTableTest.refusing("BatchWriteItem", "AccessDeniedException", "no more")
                        .before(operation, request)
                : Optional.empty());
        assertThatThrownBy(() -> bench.restore("one", "job-1", Map.of("targettablename", "again")))
                .isInstanceOf(SourceException.Impossible.class);
        bench.server.calm();
        assertThat(bench.tables.items("again").size()).isBetween(1, 199);

        bench.restore("one", "job-1", Map.of("targettablename", "again"));

        assertThat(bench.tables.items("again")).isEqualTo(bench.tables.items("plain"));
        bench.tables.put("again", plain(1, "by a user"));
        bench.restore("one", "job-1", Map.of("targettablename", "again"));
        assertThat(value("again", 1)).as("what users do after the end stays").contains("by a user");
        assertThat(bench.tables.tags("again")).containsEntry("coffer:restore-job", "job-1");
    }

    @Test
    void whatABatchDoesNotTakeIsGivenAgain() throws Exception {
        plainTable(200);
        bench.capture("plain", "one");
        bench.tables.halveBatches(9);

        bench.restore("one", "job-1", Map.of("targettablename", "again"));

        assertThat(bench.tables.items("again")).isEqualTo(bench.tables.items("plain"));
    }

    @Test
    void aSettingThatCannotBeAppliedIsNamedAndTheRestIs() throws Exception {
        rich();
        bench.capture("orders", "one");
        bench.server.disturb(EvilTableTest.refusing("UpdateTimeToLive", "AccessDeniedException", "not yours"));

        var restored = bench.restore("one", "job-1", Map.of("targettablename", "again"));

        assertThat(restored.notRestored()).singleElement().satisfies(setting -> {
            assertThat(setting.path()).isEqualTo(ItemPath.of("settings/timeToLive"));
            assertThat(setting.reason()).contains("dynamodb:UpdateTimeToLive");
        });
        assertThat(bench.tables.definition("again")).contains("StreamViewType", "blue");
    }

    @Test
    void itemsAreExportedAsTextThatOthersRead() throws Exception {
        rich();
        bench.tables.put(
                "orders", order("a,b", 1, ",\"note\":{\"S\":\"say \\\"hi\\\"\"},\"l\":{\"L\":[{\"N\":\"1\"}]}"));
        bench.tables.put("orders", order("c", 2, ",\"ok\":{\"BOOL\":true}"));
        bench.capture("orders", "one");

        assertThat(exported(TableExport.Format.JSON, Optional.empty()).lines().sorted())
                .containsExactly(
                        "{\"Item\":{\"customer\":{\"S\":\"a,b\"},\"l\":{\"L\":[{\"N\":\"1\"}]},\"note\":{\"S\":\"say \\\"hi\\\"\"},\"number\":{\"N\":\"1\"}}}",
                        "{\"Item\":{\"customer\":{\"S\":\"c\"},\"number\":{\"N\":\"2\"},\"ok\":{\"BOOL\":true}}}");
        assertThat(exported(TableExport.Format.CSV, Optional.empty()).lines())
                .startsWith("customer,number,l,note,ok")
                .contains("\"a,b\",1,\"{\"\"L\"\":[{\"\"N\"\":\"\"1\"\"}]}\",\"say \"\"hi\"\"\",", "c,2,,,true");
        assertThat(exported(
                                TableExport.Format.CSV,
                                Optional.of("[{\"customer\":{\"S\":\"c\"},\"number\":{\"N\":\"2.0\"}}]"))
                        .lines())
                .containsExactly("customer,number,ok", "c,2,true");
    }

    private String exported(TableExport.Format format, Optional<String> keys) throws Exception {
        var out = new ByteArrayOutputStream();
        try (var point = bench.open("one")) {
            new TableExport(format, keys, Optional.empty()).write(point, out);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void discoveryFindsEveryTableWithItsTags() throws Exception {
        for (int i = 0; i < 205; i++) {
            bench.tables.create(Bench.PLAIN.formatted("table-%03d".formatted(i)));
        }
        rich();
        var found = new ArrayList<Source>();

        bench.connector.discover(bench.endpoint(), found::add);

        assertThat(found).hasSize(206);
        assertThat(found.getFirst()).satisfies(source -> {
            assertThat(source.arn().toString()).isEqualTo("arn:aws:dynamodb:eu-central-1:123456789012:table/orders");
            assertThat(source.tags()).isEqualTo(Map.of("team", "blue"));
            assertThat(source.settings()).containsEntry("table", "orders").containsKey("endpoint");
        });
        var first = new ArrayList<Source>();
        bench.connector.discover(bench.endpoint(), source -> {
            first.add(source);
            return false;
        });
        assertThat(first).hasSize(1);
    }
}
