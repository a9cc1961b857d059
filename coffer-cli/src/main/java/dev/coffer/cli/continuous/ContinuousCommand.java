package dev.coffer.cli.continuous;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The group of commands about continuous backups. */
@Command(
        name = "continuous",
        description = "Ask a running server to which seconds its continuous backups can be restored.",
        subcommands = {ContinuousListCommand.class, ShowCommand.class},
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class ContinuousCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
