package dev.coffer.engine.job;

import static dev.coffer.engine.EngineBench.ADMIN;

import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.resource.Endpoint;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.testkit.connector.ChangeFeedContract;
import dev.coffer.testkit.connector.FollowedResource;
import dev.coffer.testkit.time.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The bucket that the tests of the engine follow is followed as others are. */
final class LogFeedContractTest implements ChangeFeedContract {
    @Override
    public Changing changing() {
        return new LoggedBucket();
    }

    private static final class LoggedBucket implements Changing {
        private final TestClock clock = new TestClock(Instant.parse("2026-01-02T03:04:05Z"));
        private final LogConnector connector = new LogConnector(clock);
        private final FollowedResource followed = new FollowedResource(
                connector, new Source(ResourceType.S3, ADMIN.scope(), FollowWorld.BUCKET, "data", Map.of(), Map.of()));
        private int restores;

        @Override
        public FollowedResource followed() {
            return followed;
        }

        @Override
        public void put(String name, String text) {
            connector.change(name, Optional.of(text));
        }

        @Override
        public void remove(String name) {
            connector.change(name, Optional.empty());
        }

        @Override
        public Map<String, String> content() {
            return connector.asOf(clock.instant());
        }

        @Override
        public Instant moment() {
            clock.advance(Duration.ofSeconds(2));
            var moment = clock.instant();
            clock.advance(Duration.ofSeconds(2));
            return moment;
        }

        @Override
        public Map<String, String> restored(Instant moment) throws InterruptedException {
            var target = "copy-" + ++restores;
            var _ = followed.restore(
                    moment,
                    new RestoreRequest(
                            "job-" + restores,
                            clock.instant(),
                            ADMIN.scope(),
                            Map.of("target", target),
                            Map.of(),
                            NO_TARGETS));
            return Optional.ofNullable(connector.restoredByTarget.get(target)).orElseThrow();
        }
    }

    private static final RestoreRequest.Targets NO_TARGETS = new RestoreRequest.Targets() {
        @Override
        public Optional<Source> existing(String resourceId) {
            return Optional.empty();
        }

        @Override
        public String restoreParent() {
            throw new IllegalStateException("buckets have no parent");
        }

        @Override
        public Endpoint endpoint() {
            throw new IllegalStateException("it has no endpoint");
        }
    };
}
