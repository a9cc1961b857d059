package dev.coffer.cli.rescue;

import dev.coffer.core.repository.Differences;
import dev.coffer.core.repository.Item;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows how two recovery points differ. */
@Command(
        name = "diff",
        description = "Show how two recovery points differ: + added, - removed, ~ changed.",
        mixinStandardHelpOptions = true)
final class DiffCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private OpenedVault vault;

    @Parameters(index = "0", paramLabel = "EARLIER", description = "A recovery point.")
    private String earlier;

    @Parameters(index = "1", paramLabel = "LATER", description = "Another one of the same vault.")
    private String later;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var out = spec.commandLine().getOut();
        try (var _ = vault) {
            var repository = vault.open();
            repository.compare(
                    OpenedVault.id(repository, earlier), OpenedVault.id(repository, later), new Differences() {
                        @Override
                        public void added(Item item) {
                            out.println("+ " + item.path());
                        }

                        @Override
                        public void removed(Item item) {
                            out.println("- " + item.path());
                        }

                        @Override
                        public void changed(Item before, Item after) {
                            out.println("~ " + after.path());
                        }
                    });
        }
        return 0;
    }
}
