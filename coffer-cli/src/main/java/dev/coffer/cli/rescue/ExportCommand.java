package dev.coffer.cli.rescue;

import dev.coffer.aws.dynamodb.TableExport;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.resource.ResourceType;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the items of a table to standard output. */
@Command(
        name = "export",
        description = "Write the items of a DynamoDB table to standard output, as DynamoDB JSON or CSV.",
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
    private static final int BUFFER_BYTES = 1 << 16;

    @Mixin
    private OpenedVault vault;

    @Parameters(index = "0", paramLabel = "POINT", description = "Its id, the end of its ARN, or 'latest'.")
    private String point;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "JSON",
            description = "JSON (a line for each item) or CSV.")
    private TableExport.Format format;

    @Option(
            names = "--keys",
            paramLabel = "JSON",
            description = "Only items with these keys, for example [{\"id\":{\"S\":\"a\"}}].")
    private Optional<String> keys = Optional.empty();

    @Option(
            names = "--key-condition",
            paramLabel = "JSON",
            description = "Only items that fulfil this, in the form of KeyConditions of Query.")
    private Optional<String> condition = Optional.empty();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (keys.isPresent() && condition.isPresent()) {
            throw new RescueException(RescueException.FAILED, "give --keys or --key-condition, and not both");
        }
        try (var _ = vault;
                var out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES)) {
            var repository = vault.open();
            var manifest = OpenedVault.point(repository, point);
            if (!manifest.point().resourceType().equals(ResourceType.DYNAMODB.wireName())) {
                throw new RescueException(
                        RescueException.FAILED,
                        "the recovery point is of type " + manifest.point().resourceType()
                                + ", and only tables are exported. `coffer rescue restore` restores files.");
            }
            try (var reader = repository.open(manifest.id())) {
                new TableExport(format, keys, condition).write(reader, out);
            }
        } catch (SourceException impossible) {
            throw new RescueException(RescueException.FAILED, String.valueOf(impossible.getMessage()));
        } catch (RepositoryException.Corrupt damage) {
            throw new RescueException(RescueException.DAMAGED, String.valueOf(damage.getMessage()));
        }
        return 0;
    }
}
