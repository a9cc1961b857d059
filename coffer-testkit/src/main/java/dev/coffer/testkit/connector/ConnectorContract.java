package dev.coffer.testkit.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.connector.ResourceConnector;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.Restored;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.resource.Source;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What {@link ResourceConnector} promises, whatever the resource. A connector's test implements this for a small resource that is made for each test. */
public interface ConnectorContract {
    /** The account and region of the tests. */
    Scope SCOPE = new Scope(new AccountId("123456789012"), new Region("eu-central-1"));

    ResourceConnector connector();

    /** An empty repository; the same for all calls of one test. */
    Repository repository();

    /** A resource with at least two items that have content, unchanged for long enough that the connector trusts what it sees. */
    Source source() throws Exception;

    /** A source whose resource is not there. */
    Source missingSource();

    /** Changes the content of exactly one item of the resource. */
    void changeOneItem() throws Exception;

    /** Restore metadata, keys in lower case, that makes a new resource. */
    Map<String, String> metadataForNewResource();

    /** The same for one job, where the metadata names what is made. */
    default Map<String, String> metadataForNewResource(String jobId) {
        return metadataForNewResource();
    }

    RestoreRequest.Targets targets();

    /** A value that is equal for two resources whose contents are equal. */
    Object contentsOf(Source source) throws Exception;

    @Test
    default void whatIsRestoredEqualsWhatWasCaptured() throws Exception {
        var source = source();
        capture(source, "a", Optional.empty());

        var restored = restore("a", "0A1B2C3D-0000-0000-0000-000000000001");

        assertThat(restored.notRestored()).isEmpty();
        assertThat(restored.notRestoredItems()).isZero();
        assertThat(contentsOf(restored.created().orElseThrow())).isEqualTo(contentsOf(source));
    }

    @Test
    default void aSecondCaptureReadsOnlyWhatChanged() throws Exception {
        var source = source();
        capture(source, "a", Optional.empty());
        changeOneItem();

        var second = capture(source, "b", Optional.of(new SessionId("a")));

        assertThat(second.read()).hasSize(1);
        assertThat(second.kept()).isNotEmpty();
        var restored = restore("b", "0A1B2C3D-0000-0000-0000-000000000002");
        assertThat(contentsOf(restored.created().orElseThrow())).isEqualTo(contentsOf(source));
    }

    @Test
    default void aCaptureOfAResourceThatIsNotThereFails() {
        assertThatThrownBy(() -> capture(missingSource(), "a", Optional.empty()))
                .isInstanceOf(SourceException.NotFound.class);
        assertThatThrownBy(() -> connector().describe(missingSource())).isInstanceOf(SourceException.NotFound.class);
    }

    @Test
    default void interruptionStopsACapture() throws Exception {
        var source = source();
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> capture(source, "a", Optional.empty())).isInstanceOf(InterruptedException.class);
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    default void interruptionStopsARestore() throws Exception {
        capture(source(), "a", Optional.empty());
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> restore("a", "0A1B2C3D-0000-0000-0000-000000000003"))
                    .isInstanceOf(InterruptedException.class);
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    default void unknownMetadataIsRefusedByName() {
        var metadata = new HashMap<>(metadataForNewResource());
        metadata.put("nosuchkey", "x");

        assertThat(connector().objectionTo(metadata)).hasValueSatisfying(problem -> {
            assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
            assertThat(problem.message()).contains("nosuchkey");
        });
        assertThat(connector().objectionTo(metadataForNewResource())).isEmpty();
    }

    @Test
    default void theMetadataThatDescribesAResourceUsesKnownKeys() throws Exception {
        var metadata = new HashMap<>(metadataForNewResource());
        connector()
                .describe(source())
                .restoreMetadata()
                .forEach((key, value) -> metadata.putIfAbsent(key.toLowerCase(Locale.ROOT), value));

        assertThat(connector().objectionTo(metadata)).isEmpty();
    }

    @Test
    default void aRepeatedRestoreEndsWithTheSameResource() throws Exception {
        var source = source();
        capture(source, "a", Optional.empty());
        var first = restore("a", "0A1B2C3D-0000-0000-0000-000000000004");

        var second = restore("a", "0A1B2C3D-0000-0000-0000-000000000004");

        assertThat(second).isEqualTo(first);
        assertThat(contentsOf(second.created().orElseThrow())).isEqualTo(contentsOf(source));
    }

    @Test
    default void twoRestoresMakeTwoResources() throws Exception {
        capture(source(), "a", Optional.empty());

        assertThat(restore("a", "0A1B2C3D-0000-0000-0000-000000000005").resource())
                .isNotEqualTo(
                        restore("a", "0A1B2C3D-0000-0000-0000-000000000006").resource());
    }

    /** Captures into a point with the id; what the connector did. */
    default ObservedSession capture(Source source, String id, Optional<SessionId> parent) throws InterruptedException {
        return capture(connector(), repository(), source, id, parent);
    }

    /** Captures into a point of the repository. */
    static ObservedSession capture(
            ResourceConnector connector, Repository repository, Source source, String id, Optional<SessionId> parent)
            throws InterruptedException {
        var observed = new AtomicReference<ObservedSession>();
        Manifest manifest = repository.write(
                new SessionId(id),
                description(source),
                parent,
                session -> {
                    observed.set(new ObservedSession(session));
                    return connector.capture(source, observed.get(), (_, _) -> {});
                },
                () -> {});
        assertThat(manifest.id()).isEqualTo(new SessionId(id));
        return observed.get();
    }

    private static PointDescription description(Source source) {
        return new PointDescription(
                "arn:aws:backup:eu-central-1:123456789012:recovery-point:x",
                source.arn().toString(),
                source.type().wireName(),
                source.name(),
                Instant.EPOCH,
                Map.of(),
                source.tags());
    }

    /** Restores the point with the id as a new resource. */
    default Restored restore(String id, String jobId) throws InterruptedException {
        var request = new RestoreRequest(
                jobId,
                Instant.parse("2026-01-02T03:04:05Z"),
                SCOPE,
                metadataForNewResource(jobId),
                Map.of(),
                targets());
        try (var point = repository().open(new SessionId(id))) {
            return connector().restore(request, point, (_, _) -> {});
        }
    }
}
