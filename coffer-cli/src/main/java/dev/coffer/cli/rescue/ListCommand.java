package dev.coffer.cli.rescue;

import dev.coffer.core.repository.RepositoryException;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists the recovery points of a vault. */
@Command(name = "list", description = "List the recovery points of a vault.", mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private OpenedVault vault;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var out = spec.commandLine().getOut();
        Optional<RepositoryException> damage = Optional.empty();
        try (var _ = vault) {
            var repository = vault.open();
            var cold = Set.copyOf(repository.cold());
            try {
                repository.points(manifest -> {
                    var point = manifest.point();
                    out.println(manifest.id());
                    out.println("  created    " + point.createdAt());
                    out.println("  resource   " + point.resourceType() + " " + point.resourceName() + " ("
                            + point.resourceArn() + ")");
                    out.println("  point      " + point.recoveryPointArn());
                    out.println("  holds      " + manifest.items() + " items, " + manifest.logicalBytes() + " bytes"
                            + (manifest.summary().skippedItems() == 0
                                    ? ""
                                    : "; " + manifest.summary().skippedItems() + " items were left out"));
                    if (cold.contains(manifest.id())) {
                        out.println("  storage    cold");
                    }
                });
            } catch (RepositoryException.Corrupt some) {
                damage = Optional.of(some);
            }
        }
        if (damage.isPresent()) {
            throw new RescueException(
                    RescueException.DAMAGED,
                    "not all recovery points could be shown: " + damage.get().getMessage()
                            + ". `coffer rescue verify` says what is damaged.");
        }
        return 0;
    }
}
