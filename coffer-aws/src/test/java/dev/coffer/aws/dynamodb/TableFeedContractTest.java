package dev.coffer.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.testkit.connector.ChangeFeedContract;
import dev.coffer.testkit.connector.FollowedResource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Tables, followed by their streams. */
final class TableFeedContractTest implements ChangeFeedContract {
    @TempDir
    private Path folder;

    private Optional<Bench> open = Optional.empty();

    @AfterEach
    void close() {
        open.ifPresent(Bench::close);
    }

    @Override
    public Changing changing() throws Exception {
        var bench = new Bench(folder);
        open = Optional.of(bench);
        bench.clock.set(bench.clock.instant().truncatedTo(ChronoUnit.SECONDS));
        bench.tables.cutTimesTo(ChronoUnit.SECONDS);
        bench.tables.create("""
            {"TableName":"t","BillingMode":"PAY_PER_REQUEST",
             "AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],
             "KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],
             "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"}}\
            """);
        return new FollowedTable(bench);
    }

    private static final class FollowedTable implements Changing {
        private final Bench bench;
        private final FollowedResource followed;
        private int restores;

        FollowedTable(Bench bench) {
            this.bench = bench;
            this.followed = new FollowedResource(bench.connector, bench.source("t"));
        }

        @Override
        public FollowedResource followed() {
            return followed;
        }

        @Override
        public void put(String name, String text) {
            bench.tables.put("t", "{\"p\":{\"S\":\"%s\"},\"v\":{\"S\":\"%s\"}}".formatted(name, text));
        }

        @Override
        public void remove(String name) {
            bench.tables.delete("t", "{\"p\":{\"S\":\"%s\"}}".formatted(name));
        }

        @Override
        public Map<String, String> content() {
            return bench.tables.items("t");
        }

        @Override
        public Instant moment() {
            bench.clock.advance(Duration.ofSeconds(3));
            var moment = bench.clock.instant().truncatedTo(ChronoUnit.SECONDS);
            bench.clock.advance(Duration.ofSeconds(3));
            return moment;
        }

        @Override
        public Map<String, String> restored(Instant moment) throws InterruptedException {
            var name = "copy" + ++restores;
            var restored = followed.restore(
                    moment,
                    new RestoreRequest(
                            "job-" + restores,
                            bench.clock.instant(),
                            Bench.SCOPE,
                            Map.of("targettablename", name),
                            Map.of(),
                            bench.targets()));
            assertThat(restored.notRestored()).isEmpty();
            return bench.tables.items(name);
        }
    }
}
