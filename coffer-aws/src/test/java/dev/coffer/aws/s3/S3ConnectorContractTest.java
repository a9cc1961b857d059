package dev.coffer.aws.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.aws.endpoint.EndpointClients;
import dev.coffer.core.connector.EndpointPolicy;
import dev.coffer.core.connector.ResourceConnector;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.Restored;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.resource.Source;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import dev.coffer.testkit.connector.ConnectorContract;
import dev.coffer.testkit.repository.MemoryRepositories;
import dev.coffer.testkit.s3.CephRgw;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(CephRgw.Extension.class)
final class S3ConnectorContractTest implements ConnectorContract {
    private final Buckets buckets;
    private final EndpointClients clients = new EndpointClients(EndpointPolicy.USUAL);
    private final S3Connector connector = new S3Connector(
            clients, InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")), Thread::sleep, new Random(1));
    private final MemoryRepositories repositories = new MemoryRepositories();
    private final Repository repository;
    private final String bucket = "contract-" + UUID.randomUUID();

    S3ConnectorContractTest(CephRgw rgw) {
        buckets = new Buckets(rgw);
        var name = new VaultName("vault");
        var id = new VaultId(new UUID(1, 1));
        repositories.create(SCOPE, name, id);
        repository = repositories.open(SCOPE, name, id);
    }

    @AfterEach
    void close() {
        clients.close();
        buckets.close();
    }

    @Override
    public ResourceConnector connector() {
        return connector;
    }

    @Override
    public Repository repository() {
        return repository;
    }

    @Override
    public Source source() {
        buckets.make(bucket, true);
        buckets.put(bucket, "a", "alpha");
        buckets.put(bucket, "folder/b", "beta");
        return buckets.source(bucket);
    }

    @Override
    public Source missingSource() {
        return buckets.source("nowhere-" + UUID.randomUUID());
    }

    @Override
    public void changeOneItem() {
        buckets.put(bucket, "a", "alpha, changed");
    }

    @Override
    public Map<String, String> metadataForNewResource() {
        return metadata("usual");
    }

    private Map<String, String> metadata(String end) {
        return Map.of("destinationbucketname", bucket + "-" + end, "newbucket", "true");
    }

    @Override
    public RestoreRequest.Targets targets() {
        return buckets.targets();
    }

    @Override
    public Object contentsOf(Source source) {
        return buckets.latest(source.name());
    }

    /** A bucket has the name that the user gives it, so two restores make two if they name two. */
    @Override
    public void twoRestoresMakeTwoResources() throws Exception {
        capture(source(), "a", java.util.Optional.empty());

        assertThat(restored("one", "0A1B2C3D-0000-0000-0000-000000000005").resource())
                .isNotEqualTo(
                        restored("two", "0A1B2C3D-0000-0000-0000-000000000006").resource());
    }

    private Restored restored(String end, String jobId) throws InterruptedException {
        var request = new RestoreRequest(jobId, Instant.now(), SCOPE, metadata(end), Map.of(), targets());
        try (var point = repository().open(new SessionId("a"))) {
            return connector().restore(request, point, (_, _) -> {});
        }
    }
}
