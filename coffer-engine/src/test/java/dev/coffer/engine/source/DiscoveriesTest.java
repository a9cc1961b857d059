package dev.coffer.engine.source;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.connector.Discovery;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.resource.Endpoint;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.engine.EngineBench;
import dev.coffer.testkit.time.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiscoveriesTest {
    private static final Endpoint DOOR = door("http://one.example");

    private final TestClock clock = new TestClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final FakeDiscovery fake = new FakeDiscovery();
    private final List<String> looks = new CopyOnWriteArrayList<>();
    private final EngineBench bench;

    DiscoveriesTest(@TempDir Path folder) {
        bench = new EngineBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private static Endpoint door(String url) {
        return new Endpoint(
                ResourceType.S3, ADMIN.scope(), Map.of("endpoint", url, "accessKeyId", "A", "secretAccessKey", "B"));
    }

    private static Source bucket(Endpoint endpoint, String name, Map<String, String> tags) {
        var settings = new java.util.TreeMap<>(endpoint.settings());
        settings.put("bucket", name);
        return new Source(ResourceType.S3, endpoint.scope(), Arn.ofBucket(name), name, settings, tags);
    }

    /** Tells what the test put into it. */
    private static final class FakeDiscovery implements Discovery {
        private final List<Source> there = new CopyOnWriteArrayList<>();
        private volatile boolean broken;
        private volatile CountDownLatch gate = new CountDownLatch(0);

        @Override
        public ResourceType serves() {
            return ResourceType.S3;
        }

        @Override
        public void discover(Endpoint endpoint, Predicate<Source> visit) throws InterruptedException {
            gate.await();
            if (broken) {
                throw new SourceException.Impossible("ListBuckets was refused.");
            }
            for (var source : there) {
                if (java.util.Objects.equals(
                                source.settings().get("endpoint"),
                                endpoint.settings().get("endpoint"))
                        && !visit.test(source)) {
                    return;
                }
            }
        }
    }

    private Discoveries discoveries(Duration patience, Endpoint... endpoints) {
        return new Discoveries(
                List.of(endpoints),
                List.of(fake),
                clock,
                new Discoveries.Freshness(
                        Duration.ofMinutes(1),
                        Duration.ofHours(1),
                        Duration.ofSeconds(5),
                        patience,
                        Duration.ofMinutes(5)),
                (type, succeeded, resources, _) ->
                        looks.add(type.wireName() + " " + (succeeded ? "told " : "failed with ") + resources));
    }

    private Inventory inventory(Discoveries discoveries, Source... configured) {
        return new Inventory(List.of(configured), discoveries, bench.catalog, List.of(), Map.of());
    }

    @Test
    void whatIsBehindAnEndpointIsListedAndFoundInItsScopeAlone() {
        fake.there.add(bucket(DOOR, "b", Map.of("backup", "daily")));
        try (var discoveries = discoveries(Duration.ofMinutes(1), DOOR)) {
            var inventory = inventory(discoveries);
            inventory.refresh(ADMIN.scope());

            assertThat(inventory.resources(ADMIN.scope()))
                    .containsExactly(bucket(DOOR, "b", Map.of("backup", "daily")));
            assertThat(inventory.find(ADMIN.scope(), Arn.ofBucket("b"))).isPresent();
            assertThat(inventory.find(STRANGER.scope(), Arn.ofBucket("b"))).isEmpty();
            assertThat(inventory.resources(STRANGER.scope())).isEmpty();
            assertThat(inventory.outages(ADMIN.scope())).isEmpty();
            assertThat(looks).containsExactly("S3 told 1");
        }
    }

    @Test
    void aRefreshLooksAgainOnlyWhenTheLastLookIsOld() {
        try (var discoveries = discoveries(Duration.ofMinutes(1), DOOR)) {
            discoveries.refresh(ADMIN.scope());
            fake.there.add(bucket(DOOR, "new", Map.of()));
            clock.advance(Duration.ofSeconds(59));
            discoveries.refresh(ADMIN.scope());
            assertThat(discoveries.resources(ADMIN.scope())).isEmpty();

            clock.advance(Duration.ofSeconds(2));
            discoveries.refresh(ADMIN.scope());
            assertThat(discoveries.resources(ADMIN.scope())).hasSize(1);
        }
    }

    @Test
    void anUnknownResourceIsLookedForAndAStormOfThemIsNot() {
        try (var discoveries = discoveries(Duration.ofMinutes(1), DOOR)) {
            var inventory = inventory(discoveries);
            inventory.refresh(ADMIN.scope());
            fake.there.add(bucket(DOOR, "new", Map.of()));
            inventory.refreshFor(ADMIN.scope(), Arn.ofBucket("new"));
            assertThat(looks).hasSize(1);

            clock.advance(Duration.ofSeconds(6));
            inventory.refreshFor(ADMIN.scope(), Arn.ofBucket("new"));
            assertThat(inventory.find(ADMIN.scope(), Arn.ofBucket("new"))).isPresent();
            assertThat(inventory
                            .targets(ADMIN.scope(), ResourceType.S3, Arn.ofBucket("gone"))
                            .existing("new"))
                    .isPresent();
            assertThat(looks).hasSize(2);
        }
    }

    @Test
    void aFailedLookKeepsWhatWasKnownWithinABoundAndIsAnOutage() {
        fake.there.add(bucket(DOOR, "b", Map.of()));
        try (var discoveries = discoveries(Duration.ofMinutes(1), DOOR)) {
            discoveries.refresh(ADMIN.scope());
            fake.broken = true;
            clock.advance(Duration.ofMinutes(30));
            discoveries.refresh(ADMIN.scope());

            assertThat(discoveries.resources(ADMIN.scope())).hasSize(1);
            assertThat(discoveries.outages(ADMIN.scope())).singleElement().satisfies(outage -> {
                assertThat(outage.knownFrom()).contains(Instant.parse("2026-01-01T00:00:00Z"));
                assertThat(outage.message()).contains("http://one.example", "ListBuckets was refused.");
            });
            assertThat(discoveries.failing()).isEqualTo(1);

            clock.advance(Duration.ofMinutes(31));
            assertThat(discoveries.resources(ADMIN.scope())).isEmpty();
            assertThat(discoveries.outages(ADMIN.scope()))
                    .singleElement()
                    .satisfies(outage -> assertThat(outage.knownFrom()).isEmpty());

            fake.broken = false;
            discoveries.refresh(ADMIN.scope());
            assertThat(discoveries.resources(ADMIN.scope())).hasSize(1);
            assertThat(discoveries.outages(ADMIN.scope())).isEmpty();
        }
    }

    @Test
    void anEndpointThatDoesNotAnswerKeepsNobodyWaitingForLong() {
        fake.gate = new CountDownLatch(1);
        try (var discoveries = discoveries(Duration.ofMillis(20), DOOR)) {
            discoveries.refresh(ADMIN.scope());

            assertThat(discoveries.outages(ADMIN.scope())).hasSize(1);
            assertThat(looks).isEmpty();
        }
        assertThat(looks).containsExactly("S3 failed with 0");
    }

    @Test
    void aTypeThatNobodyServesIsAnOutageToo() {
        var table = new Endpoint(ResourceType.DYNAMODB, ADMIN.scope(), Map.of("endpoint", "http://two.example"));
        try (var discoveries = discoveries(Duration.ofMinutes(1), table)) {
            discoveries.refresh(ADMIN.scope());

            assertThat(discoveries.outages(ADMIN.scope()))
                    .singleElement()
                    .satisfies(outage -> assertThat(outage.message()).contains("DynamoDB are not in this version"));
        }
    }

    @Test
    void whatARestoreMadeBehindAnEndpointIsKnownAtOnceAndNotStored() {
        try (var discoveries = discoveries(Duration.ofMinutes(1), DOOR)) {
            var inventory = inventory(discoveries);
            inventory.refresh(ADMIN.scope());
            bench.write(tx -> inventory.made(tx, bucket(DOOR, "restored", Map.of())));

            assertThat(inventory.find(ADMIN.scope(), Arn.ofBucket("restored"))).isPresent();
            var stored = bench.catalog.read(view -> view.resources().restoredSources());
            assertThat(stored).isEmpty();
        }
    }

    @Test
    void newResourcesAreMadeWhereTheOriginalWasFoundElseBehindTheFirst() {
        var other = door("http://two.example");
        fake.there.add(bucket(other, "b", Map.of()));
        try (var discoveries = discoveries(Duration.ofMinutes(1), DOOR, other)) {
            var inventory = inventory(discoveries);
            inventory.refresh(ADMIN.scope());

            assertThat(inventory
                            .targets(ADMIN.scope(), ResourceType.S3, Arn.ofBucket("b"))
                            .endpoint())
                    .isEqualTo(other);
            assertThat(inventory
                            .targets(ADMIN.scope(), ResourceType.S3, Arn.ofBucket("gone"))
                            .endpoint())
                    .isEqualTo(DOOR);
        }
    }

    @Test
    void tenThousandResourcesAreListedByArn() {
        var names = new ArrayList<String>();
        for (int i = 0; i < 10_000; i++) {
            names.add("bucket-%05d".formatted(i));
            fake.there.add(0, bucket(DOOR, names.getLast(), Map.of("n", "" + i)));
        }
        try (var discoveries = discoveries(Duration.ofMinutes(1), DOOR)) {
            var inventory = inventory(discoveries);
            inventory.refresh(ADMIN.scope());

            assertThat(inventory.resources(ADMIN.scope()))
                    .extracting(Source::name)
                    .containsExactlyElementsOf(names);
        }
    }
}
