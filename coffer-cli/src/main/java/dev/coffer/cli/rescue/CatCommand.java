package dev.coffer.cli.rescue;

import dev.coffer.core.store.ByteRange;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Writes the content of an item to standard output. */
@Command(name = "cat", description = "Write the content of a file to standard output.", mixinStandardHelpOptions = true)
final class CatCommand implements Callable<Integer> {
    @Mixin
    private OpenedVault vault;

    @Parameters(index = "0", paramLabel = "POINT", description = "Its id, the end of its ARN, or 'latest'.")
    private String point;

    @Parameters(index = "1", paramLabel = "PATH", description = "The file in it.")
    private String path;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (var _ = vault) {
            var repository = vault.open();
            try (var reader = repository.open(OpenedVault.id(repository, point))) {
                var item = OpenedVault.item(reader, path);
                try (var in = reader.open(item, new ByteRange(0, item.size()));
                        var out = new FileOutputStream(FileDescriptor.out)) {
                    in.transferTo(out);
                }
            }
        }
        return 0;
    }
}
