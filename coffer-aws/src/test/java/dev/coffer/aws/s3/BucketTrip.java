package dev.coffer.aws.s3;

import static dev.coffer.testkit.connector.ConnectorContract.SCOPE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.aws.endpoint.EndpointClients;
import dev.coffer.core.connector.EndpointPolicy;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.Restored;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import dev.coffer.testkit.connector.ConnectorContract;
import dev.coffer.testkit.connector.ObservedSession;
import dev.coffer.testkit.repository.MemoryRepositories;
import dev.coffer.testkit.s3.CephRgw;
import dev.coffer.testkit.time.TestClock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** A bucket of a Ceph RGW, a vault in memory, and the connector between them. */
final class BucketTrip implements AutoCloseable {
    final Buckets buckets;
    final TestClock clock = new TestClock(Instant.now());
    final String bucket = "trip-" + UUID.randomUUID();
    private final EndpointClients clients = new EndpointClients(EndpointPolicy.USUAL);
    private final S3Connector connector = new S3Connector(clients, clock, Thread::sleep, new Random(1));
    final Repository repository;
    private int jobs;

    BucketTrip(CephRgw rgw) {
        buckets = new Buckets(rgw);
        var repositories = new MemoryRepositories();
        var name = new VaultName("vault");
        var id = new VaultId(new UUID(1, 1));
        repositories.create(SCOPE, name, id);
        repository = repositories.open(SCOPE, name, id);
    }

    /** Captures the bucket, with more settings of its source if wanted. */
    ObservedSession capture(String id, Optional<String> parent, String... settings) throws InterruptedException {
        return ConnectorContract.capture(
                connector, repository, buckets.source(bucket).with(map(settings)), id, parent.map(SessionId::new));
    }

    Restored restore(String id, String... metadata) throws InterruptedException {
        var all = folded(metadata);
        assertThat(connector.objectionTo(all)).isEmpty();
        try (var point = repository.open(new SessionId(id))) {
            return connector.restore(
                    new RestoreRequest(
                            "%08X-0000-0000-0000-000000000000".formatted(++jobs),
                            Instant.now(),
                            SCOPE,
                            all,
                            Map.of(),
                            buckets.targets()),
                    point,
                    (_, _) -> {});
        }
    }

    /** Calls as a job makes them; the caller closes them. */
    Calls calls(String of) {
        return new S3Access(clients, Calls.Patience.USUAL, Thread::sleep, new Random(1))
                .open(buckets.endpoint().settings(), of);
    }

    Optional<Map<String, String>> safetyPoint(String... metadata) {
        return connector.safetyPoint(Buckets.arn(bucket), folded(metadata));
    }

    /** Metadata as the engine hands it on: with its keys in lower case. */
    static Map<String, String> folded(String... pairs) {
        var folded = new HashMap<String, String>();
        map(pairs).forEach((key, value) -> folded.put(key.toLowerCase(Locale.ROOT), value));
        return folded;
    }

    private static Map<String, String> map(String... pairs) {
        var map = new HashMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    @Override
    public void close() {
        clients.close();
        buckets.close();
    }
}
