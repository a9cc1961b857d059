package dev.coffer.host.efs;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.connector.ResourceConnector;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.resource.Endpoint;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.host.posix.LinuxPosix;
import dev.coffer.testkit.connector.ConnectorContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

final class EfsConnectorContractTest implements ConnectorContract {
    private final Repository repository = EfsFixture.vault();

    @TempDir
    private Path folder;

    @Override
    public ResourceConnector connector() {
        // Far ahead of the files' times, so that they count as settled.
        return new EfsConnector(new LinuxPosix(), () -> Instant.now().plusSeconds(3600), 3);
    }

    @Override
    public Repository repository() {
        return repository;
    }

    @Override
    public Source source() throws Exception {
        var root = Files.createDirectories(folder.resolve("source"));
        new Tree(root)
                .file("a", "first")
                .folder("b")
                .file("b/c", "second")
                .symlink("b/d", Tree.bytes("/etc/passwd"))
                .link("b/c", "e");
        return source(root);
    }

    private static Source source(Path root) {
        return new Source(
                ResourceType.EFS,
                SCOPE,
                Arn.ofFileSystem(SCOPE, "fs-0a1b2c3d"),
                "files",
                Map.of("path", root.toString()),
                Map.of());
    }

    @Override
    public Source missingSource() {
        return source(folder.resolve("missing"));
    }

    @Override
    public void changeOneItem() throws Exception {
        Files.writeString(folder.resolve("source/a"), "other");
    }

    @Override
    public Map<String, String> metadataForNewResource() {
        return Map.of("newfilesystem", "true", "file-system-id", "fs-0a1b2c3d");
    }

    @Override
    public RestoreRequest.Targets targets() {
        return new RestoreRequest.Targets() {
            @Override
            public Optional<Source> existing(String resourceId) {
                return Optional.empty();
            }

            @Override
            public String restoreParent() {
                return folder.toString();
            }

            @Override
            public Endpoint endpoint() {
                throw new SourceException.Impossible("A file system is not behind an endpoint.");
            }
        };
    }

    @Override
    public Object contentsOf(Source source) throws Exception {
        return new Tree(Path.of(source.settings().get("path"))).listing();
    }
}
