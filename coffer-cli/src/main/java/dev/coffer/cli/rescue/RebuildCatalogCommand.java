package dev.coffer.cli.rescue;

import dev.coffer.cli.Version;
import dev.coffer.server.CatalogRebuild;
import dev.coffer.server.log.Logging;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes a lost catalog anew from the vaults. */
@Command(
        name = "rebuild-catalog",
        description = "Make the catalog of a data folder anew from its vaults, so that a server lists them again. What"
                + " the catalog has already stays. No server runs on the folder meanwhile.",
        mixinStandardHelpOptions = true)
final class RebuildCatalogCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            required = true,
            description = "The data folder, with vaults/ and keys/coffer.key in it.")
    private Path data;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration, which names the keys. Default: DIR/coffer.yaml, if it is there.")
    private @Nullable Path config;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logging.start("rebuild", Version.text(), Optional.empty());
        var out = spec.commandLine().getOut();
        var outcome = CatalogRebuild.run(
                data, Optional.ofNullable(config), InstantSource.system(), new SecureRandom(), out::println);
        out.println(outcome.vaults() + " vaults (" + outcome.vaultsAdded() + " added), " + outcome.points()
                + " recovery points (" + outcome.pointsAdded() + " added)");
        outcome.trouble().forEach(line -> out.println("not taken in: " + line));
        return outcome.trouble().isEmpty() ? 0 : RescueException.DAMAGED;
    }
}
