package dev.coffer.aws.s3;

import static dev.coffer.testkit.connector.ConnectorContract.SCOPE;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.aws.endpoint.EndpointClients;
import dev.coffer.core.connector.EndpointPolicy;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.resource.Endpoint;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import dev.coffer.testkit.connector.ConnectorContract;
import dev.coffer.testkit.repository.MemoryRepositories;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Restores whose objects the endpoint does not encrypt with the key that was named. */
final class KeyDeniedTest {
    private static final String NAMED = "KMS key is either disabled or pending deletion or access to KMS key is denied";

    private static final Map<String, String> TARGET =
            Map.of("destinationbucketname", "target", "coffer:conflict", "overwrite");
    private static final Map<String, String> WITH_KEY = Map.of(
            "destinationbucketname",
            "target",
            "coffer:conflict",
            "overwrite",
            "encryptiontype",
            "SSE-KMS",
            "kmskey",
            "arn:aws:kms:eu-west-1:1:key/2");

    private final FakeS3 s3 = new FakeS3();
    private final EndpointClients clients = new EndpointClients(EndpointPolicy.USUAL);
    private final S3Connector connector =
            new S3Connector(clients, InstantSource.fixed(Instant.EPOCH), _ -> {}, new Random(1));
    private final Endpoint endpoint = new Endpoint(ResourceType.S3, SCOPE, s3.settings());
    private final Repository repository;

    KeyDeniedTest() {
        var repositories = new MemoryRepositories();
        var name = new VaultName("vault");
        var id = new VaultId(new UUID(1, 1));
        repositories.create(SCOPE, name, id);
        repository = repositories.open(SCOPE, name, id);
    }

    @BeforeEach
    void capture() throws InterruptedException {
        s3.contentByKey.put("k", "content".getBytes(StandardCharsets.UTF_8));
        ConnectorContract.capture(
                connector, repository, S3Discovery.source(endpoint, "b", Map.of()), "one", Optional.empty());
        s3.contentByKey.clear();
    }

    @AfterEach
    void close() {
        clients.close();
        s3.close();
    }

    private void answerPuts(int status, String code, String message) {
        s3.hook = (_, _, exchange) -> {
            if (!exchange.getRequestMethod().equals("PUT")) {
                return false;
            }
            FakeS3.send(exchange, status, "<Error><Code>" + code + "</Code><Message>" + message + "</Message></Error>");
            return true;
        };
    }

    private void restore(Map<String, String> metadata) throws InterruptedException {
        var targets = new RestoreRequest.Targets() {
            @Override
            public Optional<Source> existing(String resourceId) {
                return Optional.of(S3Discovery.source(endpoint, resourceId, Map.of()));
            }

            @Override
            public String restoreParent() {
                throw new IllegalStateException("buckets have no parent");
            }

            @Override
            public Endpoint endpoint() {
                return endpoint;
            }
        };
        try (var point = repository.open(new SessionId("one"))) {
            connector.restore(
                    new RestoreRequest("JOB", Instant.EPOCH, SCOPE, metadata, Map.of(), targets), point, (_, _) -> {});
        }
    }

    @Test
    void aKeyThatIsDisabledEndsTheJobByItsName() {
        answerPuts(400, "KMS.DisabledException", "arn:aws:kms:eu-west-1:1:key/2 is disabled.");
        assertThatThrownBy(() -> restore(WITH_KEY))
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageStartingWith(NAMED)
                .hasMessageContaining("KMS.DisabledException");
    }

    @Test
    void aKeyThatMayNotBeUsedEndsTheJobByItsName() {
        answerPuts(403, "AccessDenied", "User x is not authorized to perform: kms:GenerateDataKey on this resource");
        assertThatThrownBy(() -> restore(WITH_KEY))
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageStartingWith(NAMED);
    }

    @Test
    void theKeysOfTheBackupAreTheirObjectsAffair() {
        answerPuts(400, "KMS.NotFoundException", "no such key");
        assertThatThrownBy(() -> restore(TARGET))
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageStartingWith("No objects were restored from")
                .hasMessageContaining(NAMED);
    }

    @Test
    void aBucketWithSuchANameIsNoKey() {
        answerPuts(403, "AccessDenied", "not authorized to perform: s3:PutObject on arn:aws:s3:::kms-keys/k");
        assertThatThrownBy(() -> restore(WITH_KEY))
                .hasMessageStartingWith("No objects were restored from")
                .hasMessageContaining("missing permission for s3:PutObject");
    }
}
