package dev.coffer.cli.admin;

import picocli.CommandLine.Command;

/** The group of commands about who may do what on a running server. */
@Command(
        name = "admin",
        description = "Manage accounts, users, access keys, roles and policies of a running server.",
        subcommands = {
            AdminCommand.Accounts.class,
            UserCommands.class,
            KeyCommands.class,
            RoleCommands.class,
            PolicyCommands.class,
            SimulateCommand.class
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class AdminCommand extends Group {
    /** {@code coffer admin accounts}. */
    @Command(name = "accounts", description = "List the accounts.", mixinStandardHelpOptions = true)
    static final class Accounts extends AdminRequest {
        @Override
        Asked asked() {
            return Asked.of("GET", "accounts");
        }
    }
}
