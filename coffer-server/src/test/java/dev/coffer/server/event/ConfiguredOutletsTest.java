package dev.coffer.server.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.access.Secret;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.event.AddressPolicy;
import dev.coffer.core.event.DeliveryException;
import dev.coffer.core.event.EventJson;
import dev.coffer.core.event.EventRule;
import dev.coffer.core.event.EventTarget;
import dev.coffer.core.event.TargetSpec;
import dev.coffer.server.config.EventsConfig;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfiguredOutletsTest {
    private static final int WRITERS = 8;
    private static final int LINES = 50;

    @TempDir
    private Path folder;

    private final ConfiguredOutlets outlets = new ConfiguredOutlets(
            EventsConfig.NONE,
            host -> {
                throw new AssertionError("no name is asked for");
            },
            (SSLSocketFactory) SSLSocketFactory.getDefault(),
            _ -> folder,
            InstantSource.system());

    private static EventRule rule(TargetSpec spec) {
        return new EventRule(
                new Scope(new AccountId("111122223333"), new Region("eu-west-1")),
                "rule",
                "{}",
                true,
                EventRule.Origin.API,
                List.of(new EventTarget("t", spec, Optional.empty())),
                Instant.EPOCH);
    }

    /** Each target has a thread of its own, and several may name one file. */
    @Test
    void targetsThatShareAFileLoseNoLine() throws Exception {
        var spec = new TargetSpec.LogFile("events.jsonl", 1L << 30, 5);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writers = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(() -> {
                    try (var outlet = outlets.events(spec, Optional.empty(), rule(spec))) {
                        for (int line = 0; line < LINES; line++) {
                            outlet.send(WebhookTest.EVENT);
                        }
                    }
                    return true;
                });
            }
            for (var writer : threads.invokeAll(writers)) {
                writer.get();
            }
        }
        assertThat(Files.readAllLines(folder.resolve("events.jsonl")))
                .hasSize(WRITERS * LINES)
                .containsOnly(EventJson.of(WebhookTest.EVENT));
    }

    /** Machines in AWS have names of AWS's, and inside of a network those stand for private addresses. */
    @Test
    void anEndpointUnderANameOfAwsIsJudgedByItsAddress() {
        var machine = "ec2-10-0-0-5.compute-1.amazonaws.com";
        var asked = new ArrayList<String>();
        var listed = new EventsConfig(
                AddressPolicy.of(List.of("*.amazonaws.com")), Duration.ofHours(1), List.of(), List.of());
        var inside = new ConfiguredOutlets(
                listed,
                host -> {
                    asked.add(host);
                    return new InetAddress[] {InetAddress.ofLiteral("10.0.0.5")};
                },
                (SSLSocketFactory) SSLSocketFactory.getDefault(),
                _ -> folder,
                InstantSource.system());
        var place = new TargetSpec.AwsPlace("eu-west-1", Optional.of(URI.create("https://" + machine)), "AKIA");
        var topic = new TargetSpec.Topic(place, Arn.parse("topic", "arn:aws:sns:eu-west-1:111122223333:t"));
        assertThat(inside.objectionTo(topic, EventRule.Origin.API)).isEmpty();
        try (var outlet = inside.events(topic, Optional.of(new Secret("x")), rule(topic))) {
            assertThatThrownBy(() -> outlet.send(WebhookTest.EVENT))
                    .isInstanceOf(DeliveryException.class)
                    .hasMessageStartingWith("address not allowed by policy");
        }
        assertThat(asked).containsExactly(machine);
    }
}
