package dev.coffer.cli.rescue;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.Restored;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.resource.Endpoint;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.host.efs.EfsConnector;
import dev.coffer.host.posix.LinuxPosix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Restores a recovery point of files into a folder. */
@Command(
        name = "restore",
        description = "Restore a recovery point, or some of it, into a folder.",
        mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
    private static final int HANDS = 8;
    private static final int WITH_ISSUES = 3;
    private static final String ID = "fs-00000000";

    @Spec
    private CommandSpec spec;

    @Mixin
    private OpenedVault vault;

    @Parameters(index = "0", paramLabel = "POINT", description = "Its id, the end of its ARN, or 'latest'.")
    private String point;

    @Option(names = "--to", paramLabel = "DIR", required = true, description = "Where to; made if it is not there.")
    private Path to;

    @Option(names = "--item", paramLabel = "PATH", description = "Only this, and what is below it. Can be repeated.")
    private List<String> items = new ArrayList<>();

    @Option(
            names = "--into-existing",
            description = "Also if the folder is not empty; files that are there and differ are kept.")
    private boolean intoExisting;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var target = to.toAbsolutePath().normalize();
        Files.createDirectories(target);
        if (!intoExisting && !isEmpty(target)) {
            throw new RescueException(
                    RescueException.FAILED,
                    target
                            + " is not empty, and nothing was written. Give an empty folder, or --into-existing to add to"
                            + " what is there.");
        }
        Restored restored;
        try (var _ = vault) {
            var repository = vault.open();
            var manifest = OpenedVault.point(repository, point);
            if (!manifest.point().resourceType().equals(ResourceType.EFS.wireName())) {
                throw new RescueException(
                        RescueException.FAILED,
                        "the recovery point is of type " + manifest.point().resourceType()
                                + ", and this version restores files alone. `coffer rescue export` writes the items of a table, and `coffer rescue cat` the content of any item.");
            }
            try (var reader = repository.open(manifest.id())) {
                restored = new EfsConnector(new LinuxPosix(), InstantSource.system(), HANDS)
                        .restore(request(manifest.id().value(), target), reader, (_, _) -> {});
            }
        } catch (SourceException impossible) {
            throw new RescueException(RescueException.FAILED, String.valueOf(impossible.getMessage()));
        } catch (RepositoryException.Corrupt damage) {
            throw new RescueException(RescueException.DAMAGED, String.valueOf(damage.getMessage()));
        }
        var out = spec.commandLine().getOut();
        out.println("restored " + restored.bytes() + " bytes into " + target);
        restored.notRestored().forEach(item -> out.println("not restored: " + item.path() + ": " + item.reason()));
        if (restored.notRestoredItems() > 0) {
            out.println(restored.notRestoredItems() + " items could not be restored as they were");
            return WITH_ISSUES;
        }
        return 0;
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (var names = Files.newDirectoryStream(folder)) {
            return !names.iterator().hasNext();
        }
    }

    private RestoreRequest request(String id, Path target) {
        var scope = new Scope(new AccountId("111122223333"), new Region("eu-west-1"));
        var source = new Source(
                ResourceType.EFS,
                scope,
                Arn.ofFileSystem(scope, ID),
                "rescue",
                Map.of("path", target.toString()),
                Map.of());
        var metadata = new TreeMap<>(Map.of(
                "newfilesystem", "false", "file-system-id", ID, "coffer:inplace", "true", "coffer:conflict", "skip"));
        if (!items.isEmpty()) {
            metadata.put(
                    "itemstorestore",
                    items.stream()
                            .map(item -> "\"/"
                                    + OpenedVault.path(item)
                                            .toString()
                                            .replaceAll("^/", "")
                                            .replace("\\", "\\\\")
                                            .replace("\"", "\\\"")
                                    + "\"")
                            .collect(Collectors.joining(",", "[", "]")));
        }
        return new RestoreRequest(
                "rescue-" + id,
                InstantSource.system().instant(),
                scope,
                metadata,
                Map.of(),
                new RestoreRequest.Targets() {
                    @Override
                    public Optional<Source> existing(String resourceId) {
                        return Optional.of(source);
                    }

                    @Override
                    public String restoreParent() {
                        return target.toString();
                    }

                    @Override
                    public Endpoint endpoint() {
                        throw new SourceException.Impossible("A file system is not behind an endpoint.");
                    }
                });
    }
}
