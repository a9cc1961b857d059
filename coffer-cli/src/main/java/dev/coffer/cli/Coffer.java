package dev.coffer.cli;

import dev.coffer.cli.admin.AdminCommand;
import dev.coffer.cli.admin.AdminException;
import dev.coffer.cli.clock.ClockCommand;
import dev.coffer.cli.continuous.ContinuousCommand;
import dev.coffer.cli.demo.DemoCommand;
import dev.coffer.cli.plan.PlanCommand;
import dev.coffer.cli.rescue.RescueCommand;
import dev.coffer.cli.rescue.RescueException;
import dev.coffer.cli.serve.ServeCommand;
import dev.coffer.cli.vault.VaultCommand;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.store.StoreException;
import dev.coffer.server.config.ConfigException;
import dev.coffer.server.log.Logging;
import dev.coffer.server.node.NodeException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The command {@code coffer}. Results go to standard output, everything else to standard error; exit codes are those of docs/operating/cli.md. */
@Command(
        name = "coffer",
        description = "Coffer: a self-hosted backup service that speaks the AWS Backup API.",
        subcommands = {
            ServeCommand.class,
            DemoCommand.class,
            VaultCommand.class,
            PlanCommand.class,
            ContinuousCommand.class,
            ClockCommand.class,
            AdminCommand.class,
            RescueCommand.class,
            CommandLine.HelpCommand.class
        },
        versionProvider = Coffer.VersionText.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class Coffer implements Runnable {
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    public static void main(String[] arguments) {
        // Servers start their log themselves.
        Logging.off();
        System.exit(run(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                arguments));
    }

    /** Runs a command and returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return new CommandLine(new Coffer())
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler((failure, commandLine, _) -> {
                    switch (failure) {
                        case ConfigException wrong -> {
                            commandLine.getErr().println("error: " + wrong.getMessage());
                            return USAGE;
                        }
                        case NodeException unusable -> {
                            commandLine.getErr().println("error: " + unusable.getMessage());
                            return unusable.exitCode();
                        }
                        case RescueException told -> {
                            commandLine.getErr().println("error: " + told.getMessage());
                            return told.exitCode();
                        }
                        case AdminException told -> commandLine.getErr().println("error: " + told.getMessage());
                        case RepositoryException damage ->
                            commandLine.getErr().println("error: " + damage.getMessage());
                        case StoreException fault -> commandLine.getErr().println("error: " + fault.getMessage());
                        default -> {
                            commandLine.getErr().println("error: " + failure);
                            failure.printStackTrace(commandLine.getErr());
                        }
                    }
                    return FAILED;
                })
                .execute(arguments);
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** The text of {@code --version}. */
    static final class VersionText implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"coffer " + Version.text() + " (Java " + Runtime.version() + ")"};
        }
    }
}
