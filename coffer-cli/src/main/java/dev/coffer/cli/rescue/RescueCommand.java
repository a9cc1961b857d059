package dev.coffer.cli.rescue;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The group of rescue commands. */
@Command(
        name = "rescue",
        description = "Read and restore vaults when the server is gone: a vault folder and a key are enough.",
        subcommands = {
            ScanCommand.class,
            ListCommand.class,
            LsCommand.class,
            CatCommand.class,
            ExportCommand.class,
            DiffCommand.class,
            VerifyCommand.class,
            RestoreCommand.class,
            RebuildCatalogCommand.class,
            EscrowCommand.class
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class RescueCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
