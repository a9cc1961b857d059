package dev.coffer.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.aws.dynamodb.TableCapture.Consistency;
import dev.coffer.aws.dynamodb.TableCapture.Read;
import dev.coffer.aws.endpoint.EndpointClients;
import dev.coffer.core.connector.EndpointPolicy;
import dev.coffer.core.connector.Findings;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.WriteSession;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import dev.coffer.testkit.repository.MemoryRepositories;
import dev.coffer.testkit.time.TestClock;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Points with pieces of 4 MiB and more. */
final class ItemLoaderTest {
    private static final int ITEMS_OF_HOT = 300;
    private static final int PARTITIONS = 500;
    private static final String HOT = "hot";
    private static final AttributeValue VALUE = AttributeValue.fromS("x".repeat(64 * 1024));
    private static final PrimaryKey KEY =
            new PrimaryKey(new PrimaryKey.Part("id", "S"), Optional.of(new PrimaryKey.Part("number", "N")));

    private final TestClock clock = new TestClock(Instant.EPOCH);
    private final Calls calls = new Calls(clock, clock::advance, new SecureRandom(), "a table");
    private final TreeMap<ItemKey, Map<String, AttributeValue>> items = new TreeMap<>();

    private void add(String partition, int number) {
        var item = Map.of("id", AttributeValue.fromS(partition), "number", number(number), "value", VALUE);
        items.put(KEY.of(item), item);
    }

    private static AttributeValue number(int number) {
        return AttributeValue.fromN(Integer.toString(number));
    }

    private void addAll() {
        for (int i = 0; i < ITEMS_OF_HOT; i++) {
            add(HOT, i);
        }
        for (int i = 0; i < PARTITIONS; i++) {
            add("p" + i, 0);
        }
    }

    private RecoveryPointReader point(int digits) throws InterruptedException {
        var repositories = new MemoryRepositories();
        var name = new VaultName("daily");
        var id = new VaultId(new UUID(1, 1));
        repositories.create(Bench.SCOPE, name, id);
        Repository vault = repositories.open(Bench.SCOPE, name, id);
        vault.write(
                new SessionId("one"),
                new PointDescription("arn", "source", "DynamoDB", "t", Instant.EPOCH, Map.of(), Map.of()),
                Optional.empty(),
                session -> write(session, digits),
                () -> {});
        return vault.open(new SessionId("one"));
    }

    private CaptureSummary write(WriteSession session, int digits) throws InterruptedException {
        var definition = new TableDefinition(
                "t",
                KEY,
                new TreeMap<>(Map.of("id", "S", "number", "N")),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                TableDefinition.STANDARD,
                false,
                new TreeMap<>());
        new TablePointWriter(session, calls)
                .about(
                        definition,
                        new Read(Consistency.PERIOD, Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, Optional.empty()),
                        digits);
        new PieceWriter(session, digits).write(pieces -> {
            for (var item : items.entrySet()) {
                pieces.add(item.getKey(), ItemCodec.encode(item.getValue()));
            }
        });
        return new CaptureSummary(Instant.EPOCH, 0, List.of());
    }

    private ItemLoader loader(RecoveryPointReader point) throws InterruptedException {
        try (var clients = Clients.open(
                new EndpointClients(EndpointPolicy.USUAL),
                Map.of("endpoint", "http://127.0.0.1:1", "accessKeyId", "AKIATEST", "secretAccessKey", "secret"))) {
            return new ItemLoader(clients, calls, PointTable.open(point), (_, _) -> {}, 0, new Findings());
        }
    }

    @Timeout(120) // It would wait for ever.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aPartitionThatTakesNothingHoldsUpNoneThatLiesElsewhere(int digits) throws Exception {
        addAll();
        int hotShare = Pieces.share(KEY.hashOf(AttributeValue.fromS(HOT)), 4);
        // The last piece of a share may hold items of the next.
        Predicate<ItemKey> elsewhere = key -> (Pieces.share(key.hash(), 4) - hotShare & 3) > 1;
        var others = new CountDownLatch(
                (int) items.keySet().stream().filter(elsewhere).count());
        var written = new ConcurrentHashMap<ItemKey, Integer>();

        try (var point = point(digits)) {
            loader(point).load(new KeyChoice.Everything(), batch -> {
                for (var item : batch) {
                    var key = KEY.of(item);
                    if (AttributeValue.fromS(HOT).equals(item.get("id"))) {
                        others.await();
                    }
                    written.merge(key, 1, Integer::sum);
                    if (elsewhere.test(key)) {
                        others.countDown();
                    }
                }
            });
        }

        assertThat(written.keySet()).isEqualTo(items.keySet());
        assertThat(written.values()).containsOnly(1);
    }

    @Test
    void aTableWithoutItemsIsLoaded() throws Exception {
        try (var point = point(0)) {
            assertThat(loader(point).load(new KeyChoice.Everything(), _ -> {})).isZero();
        }
    }

    @Test
    void aFailingWriterEndsAll() throws Exception {
        addAll();
        try (var point = point(0)) {
            var loader = loader(point);
            assertThatThrownBy(() -> loader.load(new KeyChoice.Everything(), _ -> {
                        throw new IllegalStateException("full");
                    }))
                    .hasMessage("full");
        }
    }
}
