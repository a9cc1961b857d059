package dev.coffer.cli.admin;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coffer admin users}. */
@Command(
        name = "users",
        description = "Users of the account.",
        subcommands = {UserCommands.Create.class, UserCommands.List.class, UserCommands.Delete.class},
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class UserCommands extends Group {
    @Command(name = "create", description = "Make a user, who may do nothing yet.", mixinStandardHelpOptions = true)
    static final class Create extends AdminRequest {
        @Parameters(index = "0", paramLabel = "NAME", description = "The name of the user.")
        private String name;

        @Option(names = "--boundary", paramLabel = "ARN", description = "A policy that caps what the user may do.")
        private @Nullable String boundary;

        @Override
        Asked asked() {
            var members = members();
            members.put("UserName", name);
            members.put("PermissionsBoundary", boundary);
            return Asked.with("POST", "users", members);
        }
    }

    @Command(name = "list", description = "List the users.", mixinStandardHelpOptions = true)
    static final class List extends AdminRequest {
        @Override
        Asked asked() {
            return Asked.of("GET", "users");
        }
    }

    @Command(
            name = "delete",
            description = "Delete a user with its keys and its own policies.",
            mixinStandardHelpOptions = true)
    static final class Delete extends AdminRequest {
        @Parameters(index = "0", paramLabel = "NAME", description = "The name of the user.")
        private String name;

        @Override
        Asked asked() {
            return Asked.of("DELETE", "users/" + segment(name));
        }
    }
}
