package dev.coffer.cli.plan;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The group of commands about what backup plans protect, and when they ran. */
@Command(
        name = "plan",
        description = "Ask a running server what its backup plans protect, and why, and when they ran.",
        subcommands = {WhyCommand.class, UnprotectedCommand.class, RunsCommand.class},
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class PlanCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
