package dev.coffer.host.efs;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.connector.ResourceConnector;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.Restored;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.CaptureSummary.Skipped;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.resource.Endpoint;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import dev.coffer.host.posix.LinuxPosix;
import dev.coffer.host.posix.Posix;
import dev.coffer.testkit.connector.ConnectorContract;
import dev.coffer.testkit.connector.ObservedSession;
import dev.coffer.testkit.repository.MemoryRepositories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A file system in a folder, a vault, and a place for restored file systems. */
final class EfsFixture {
    static final Scope SCOPE = new Scope(new AccountId("123456789012"), new Region("eu-central-1"));
    static final String FILE_SYSTEM = "fs-0a1b2c3d";
    static final String JOB = "0A1B2C3D-1111-2222-3333-444455556666";
    static final String RECOVERY_DIRECTORY = "aws-backup-restore_2026-01-02T03-04-05Z_0A1B2C3D";
    static final Map<String, String> NEW = Map.of("newfilesystem", "true");
    static final Map<String, String> EXISTING = Map.of("newfilesystem", "false", "file-system-id", FILE_SYSTEM);

    /** Far enough ahead of the files' times that all count as settled. */
    static final InstantSource LATER = () -> Instant.now().plusSeconds(3600);

    final Repository vault = vault();
    final Tree tree;
    private final Path restored;

    EfsFixture(Path folder) throws IOException {
        tree = new Tree(Files.createDirectories(folder.resolve("source")));
        restored = Files.createDirectories(folder.resolve("restored"));
    }

    /** A vault in memory. */
    static Repository vault() {
        var vaults = new MemoryRepositories();
        var name = new VaultName("vault");
        var id = new VaultId(new UUID(1, 2));
        vaults.create(SCOPE, name, id);
        return vaults.open(SCOPE, name, id);
    }

    Path restoreParent() {
        return restored;
    }

    Source source() {
        return source(Map.of("path", tree.root().toString()));
    }

    Source source(Map<String, String> settings) {
        return new Source(
                ResourceType.EFS, SCOPE, Arn.ofFileSystem(SCOPE, FILE_SYSTEM), "files", settings, Map.of("team", "a"));
    }

    ObservedSession capture(String id) throws InterruptedException {
        return capture(new LinuxPosix(), id, Optional.empty());
    }

    ObservedSession captureAfter(String parent, String id) throws InterruptedException {
        return capture(new LinuxPosix(), id, Optional.of(parent));
    }

    ObservedSession capture(Posix posix, String id, Optional<String> parent) throws InterruptedException {
        return capture(new EfsConnector(posix, LATER, 2), source(), id, parent);
    }

    ObservedSession capture(ResourceConnector connector, Source source, String id, Optional<String> parent)
            throws InterruptedException {
        return ConnectorContract.capture(connector, vault, source, id, parent.map(SessionId::new));
    }

    /** What the capture has named. */
    List<String> skipped(String id) throws InterruptedException {
        try (var point = vault.open(new SessionId(id))) {
            return names(point.manifest().skipped());
        }
    }

    static List<String> names(List<Skipped> skipped) {
        return skipped.stream()
                .map(item -> item.path() + ": " + item.reason())
                .sorted()
                .toList();
    }

    Optional<Item> item(String id, String path) throws InterruptedException {
        try (var point = vault.open(new SessionId(id))) {
            return point.find(ItemPath.of(path));
        }
    }

    Restored restore(String id, Map<String, String> metadata) throws InterruptedException {
        return restore(new LinuxPosix(), id, metadata);
    }

    Restored restore(Posix posix, String id, Map<String, String> metadata) throws InterruptedException {
        return restore(posix, vault.open(new SessionId(id)), metadata);
    }

    Restored restore(Posix posix, RecoveryPointReader point, Map<String, String> metadata) throws InterruptedException {
        var request = new RestoreRequest(
                JOB,
                Instant.parse("2026-01-02T03:04:05Z"),
                SCOPE,
                metadata,
                Map.of("team", "a"),
                new RestoreRequest.Targets() {
                    @Override
                    public Optional<Source> existing(String resourceId) {
                        return Optional.of(source()).filter(_ -> resourceId.equals(FILE_SYSTEM));
                    }

                    @Override
                    public String restoreParent() {
                        return restored.toString();
                    }

                    @Override
                    public Endpoint endpoint() {
                        throw new SourceException.Impossible("A file system is not behind an endpoint.");
                    }
                });
        return new EfsConnector(posix, LATER, 2).restore(request, point, (_, _) -> {});
    }

    /** The tree of a new file system. */
    static Tree treeOf(Restored result) {
        return new Tree(Path.of(result.created().orElseThrow().settings().get("path")));
    }
}
