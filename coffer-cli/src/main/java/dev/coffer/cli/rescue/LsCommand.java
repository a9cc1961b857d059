package dev.coffer.cli.rescue;

import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists items of a recovery point. */
@Command(name = "ls", description = "List what is in a recovery point.", mixinStandardHelpOptions = true)
final class LsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private OpenedVault vault;

    @Parameters(index = "0", paramLabel = "POINT", description = "Its id, the end of its ARN, or 'latest'.")
    private String point;

    @Parameters(index = "1", paramLabel = "PATH", defaultValue = "/", description = "A folder in it. Default: /")
    private String path;

    @Option(
            names = {"-r", "--recursive"},
            description = "All levels, not the folder alone.")
    private boolean recursive;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var out = spec.commandLine().getOut();
        try (var _ = vault) {
            var repository = vault.open();
            try (var reader = repository.open(OpenedVault.id(repository, point))) {
                var folder = OpenedVault.item(reader, path);
                if (folder.kind() != ItemKind.DIRECTORY) {
                    print(out, folder);
                }
                if (recursive) {
                    reader.items(folder.path(), item -> {
                        if (!item.path().equals(folder.path())) {
                            print(out, item);
                        }
                        return true;
                    });
                } else {
                    reader.children(folder.path(), item -> {
                        print(out, item);
                        return true;
                    });
                }
            }
        }
        return 0;
    }

    private static void print(PrintWriter out, Item item) {
        var kind = switch (item.kind()) {
            case FILE -> '-';
            case DIRECTORY -> 'd';
            case SYMLINK -> 'l';
            case HARD_LINK -> 'h';
            case FIFO -> 'p';
            case CHARACTER_DEVICE -> 'c';
            case BLOCK_DEVICE -> 'b';
            case SOCKET -> 's';
        };
        out.println("%c %14d  %s".formatted(kind, item.size(), item.path()));
    }
}
