package dev.coffer.cli.vault;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The group of commands about vaults of a running server. */
@Command(
        name = "vault",
        description = "Maintain the vaults of a running server.",
        subcommands = {MaintainCommand.Verify.class, MaintainCommand.Sweep.class, MaintainCommand.Rewrap.class},
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class VaultCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
